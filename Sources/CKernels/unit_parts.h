#ifndef UNIT_PARTS_H
#define UNIT_PARTS_H
#include "unit_text.h"

enum { UNIT_SIEVE = 64 * CK_PARTS_SIEVE - 1 };

/// Whether there are parts of words with this first byte and length.
UNIT_INLINE int unit_may_have_parts(const ck_word_parts *parts, uint8_t first, size_t length) {
  return length < 32 && (parts->lengths_by_first[first] | parts->odd_lengths_by_first[first]) >> length & 1;
}

UNIT_INLINE const uint8_t *unit_find_parts(const ck_word_parts *parts, uint64_t hash) {
  if (!(parts->sieve[(hash & UNIT_SIEVE) >> 6] >> (hash & 63) & 1)) return 0;
  for (size_t slot = (hash >> 12) & parts->mask; parts->keys[slot]; slot = (slot + 1) & parts->mask)
    if (parts->keys[slot] == hash) return parts->lengths[slot];
  return 0;
}

/// Adds the unit of bytes `from`..<`to`, whatever they are.
void unit_add(const unit_text *text, size_t from, size_t to, ck_units *units);
/// Adds the bytes as their parts when they are a contraction or an abbreviation: 1, otherwise 0.
int unit_add_parts(const unit_text *text, size_t from, size_t to, ck_units *units);
int unit_look_for_parts(const unit_text *text, size_t from, size_t to, const ck_units *units);
/// Adds a word without white space in it by the general rules.
void unit_split_word(const unit_text *text, size_t from, size_t to, ck_units *units);
/// The same, by what it was split into before.
void unit_split_known_word(const unit_text *text, size_t from, size_t to, ck_units *units);
/// The same for a word of at most 56 ASCII bytes that the planes reach.
void unit_split_known_ascii(const unit_text *text, size_t from, size_t to, ck_units *units);
/// Whether the bytes look like a host with a path, an address or a scheme in front of one.
int unit_is_address(const unit_text *text, size_t from, size_t to);

UNIT_INLINE int unit_has_parts(const unit_text *text, size_t from, size_t to, const ck_units *units) {
  return unit_may_have_parts(units->parts, text->bytes[from], to - from) && unit_look_for_parts(text, from, to, units);
}

UNIT_INLINE void unit_push(ck_units *units, uint64_t hash, uint32_t length_and_flags) {
  units->hashes[units->count] = hash;
  units->lengths[units->count++] = length_and_flags;
}

UNIT_INLINE uint64_t unit_ideograph_hash(uint32_t scalar) {
  return unit_mix(scalar ^ 0x9E3779B97F4A7C15u, 0xD6E8FEB86659FD93u);
}

/// An ideograph, kana or Hangul syllable.
UNIT_INLINE void unit_add_ideograph(uint32_t scalar, ck_units *units) {
  unit_push(units, unit_ideograph_hash(scalar), 1 | CK_UNIT_WIDE | CK_UNIT_LETTERS);
}

/// A mark of one ASCII byte.
UNIT_INLINE void unit_add_mark(uint8_t byte, ck_units *units) {
  uint32_t flags = CK_UNIT_MARK | 1;
  if (unit_ascii_classes[byte] & UNIT_PUNCTUATION) flags |= CK_UNIT_PUNCTUATION;
  if (byte == '.' || byte == '!' || byte == '?') flags |= CK_UNIT_ENDS;
  unit_push(units, unit_finish(byte, 0, 1), flags);
}

// Words that are looked for, by their first eight bytes in small letters, filled up with spaces: 1...8 Gopher's stop
// words, 9 other English function words that its neighbours do not share.
enum { UNIT_KNOWN_SLOTS = 256 };
extern uint64_t unit_known_keys[UNIT_KNOWN_SLOTS];
extern uint8_t unit_known_kinds[UNIT_KNOWN_SLOTS];

/// The factor was chosen so that no two of them share a slot.
UNIT_INLINE size_t unit_known_slot(uint64_t key) { return key * 0x1027C4D1C386BBC5u >> 56; }

/// Without a branch: which word comes next is as good as random.
UNIT_INLINE void unit_note_known_word(uint64_t first, ck_units *units) {
  uint64_t small = first | 0x2020202020202020u;
  size_t slot = unit_known_slot(small);
  uint32_t kind = unit_known_keys[slot] == small ? unit_known_kinds[slot] : 0;
  // In small letters already: filling up with spaces is all that was done to it.
  uint32_t is_small = !(~first & first >> 1 & 0x2020202020202020u);
  units->function_words += kind != 0;
  units->stop_words_any_case |= 1u << kind;
  units->stop_words |= is_small << kind;
}

/// Adds a word of ASCII letters, its hash and first eight bytes known.
UNIT_INLINE void unit_add_letters(size_t length, uint64_t hash, uint64_t first, ck_units *units) {
  unit_push(units, hash, (uint32_t)length | CK_UNIT_LETTERS);
  unit_note_known_word(first, units);
}
#endif
