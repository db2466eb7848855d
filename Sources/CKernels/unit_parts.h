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
/// Adds a word of ASCII letters, its hash and first eight bytes known.
void unit_add_letters(size_t length, uint64_t hash, uint64_t first, ck_units *units);
/// Adds the bytes as their parts when they are a contraction or an abbreviation: 1, otherwise 0.
int unit_add_parts(const unit_text *text, size_t from, size_t to, ck_units *units);
int unit_look_for_parts(const unit_text *text, size_t from, size_t to, const ck_units *units);
/// Adds a word without white space in it by the general rules.
void unit_split_word(const unit_text *text, size_t from, size_t to, ck_units *units);
/// The same, by what it was split into before.
void unit_split_known_word(const unit_text *text, size_t from, size_t to, ck_units *units);
/// Whether the bytes look like a host with a path, an address or a scheme in front of one.
int unit_is_address(const unit_text *text, size_t from, size_t to);

UNIT_INLINE int unit_has_parts(const unit_text *text, size_t from, size_t to, const ck_units *units) {
  return unit_may_have_parts(units->parts, text->bytes[from], to - from) && unit_look_for_parts(text, from, to, units);
}

/// Lets the line's count of sentences know of one more unit.
UNIT_INLINE void unit_note_sentence(ck_units *units, int ends, int is_punctuation) {
  if (ends) {
    units->sentence_ended = 1;
  } else if (units->sentence_ended && !is_punctuation) {
    units->sentences++;
    units->sentence_ended = 0;
  }
}

UNIT_INLINE void unit_push(ck_units *units, uint64_t hash, uint32_t length_and_flags) {
  units->hashes[units->count] = hash;
  units->lengths[units->count++] = length_and_flags;
}

UNIT_INLINE uint64_t unit_ideograph_hash(uint32_t scalar) {
  return unit_mix(scalar ^ 0x9E3779B97F4A7C15u, 0xD6E8FEB86659FD93u);
}

UNIT_INLINE void unit_count_ideographs(size_t count, ck_units *units) {
  units->words += count;
  units->letter_words += count;
  units->wide_units += count;
  units->word_characters += count;
}

/// An ideograph, kana or Hangul syllable.
UNIT_INLINE void unit_add_ideograph(uint32_t scalar, ck_units *units) {
  unit_push(units, unit_ideograph_hash(scalar), 1 | CK_UNIT_WIDE);
  unit_count_ideographs(1, units);
}

/// The hash of a word and its first eight bytes, filled up with zeros.
UNIT_INLINE uint64_t unit_hash_word(const unit_text *text, size_t at, size_t length, uint64_t *first) {
  if (length <= 16 && at + 16 <= text->count) return unit_hash_short(text->bytes + at, length, first);
  *first = 0;
  memcpy(first, text->bytes + at, length < 8 ? length : 8);
  return ck_unit_hash(text->bytes + at, length);
}

/// Adds a unit that is counted elsewhere.
UNIT_INLINE void unit_push_noted(ck_units *units, uint64_t hash, uint32_t length_and_flags) {
  unit_push(units, hash, length_and_flags);
  unit_note_sentence(units, (length_and_flags & CK_UNIT_ENDS) != 0, (length_and_flags & CK_UNIT_PUNCTUATION) != 0);
}

/// A mark of one ASCII byte.
UNIT_INLINE void unit_add_mark(uint8_t byte, ck_units *units) {
  uint32_t flags = CK_UNIT_MARK | 1;
  if (unit_ascii_classes[byte] & UNIT_PUNCTUATION) flags |= CK_UNIT_PUNCTUATION;
  if (byte == '.' || byte == '!' || byte == '?') flags |= CK_UNIT_ENDS;
  unit_push_noted(units, unit_finish(byte, 0, 1), flags);
}
#endif
