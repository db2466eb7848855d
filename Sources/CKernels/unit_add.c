// Units as they are added: hashes, lengths, and what is counted of words.
#include "unit_parts.h"

uint64_t ck_unit_hash(const uint8_t *bytes, size_t length) {
  uint64_t first;
  if (length <= 16) {
    uint8_t padded[16] = {0};
    memcpy(padded, bytes, length);
    return unit_hash_short(padded, length, &first);
  }
  uint64_t hash = length;
  size_t at = 0;
  for (; at + 16 <= length; at += 16) {
    uint64_t a, b;
    memcpy(&a, bytes + at, 8);
    memcpy(&b, bytes + at + 8, 8);
    hash = unit_mix(hash ^ a ^ 0x9E3779B97F4A7C15u, b ^ 0xD6E8FEB86659FD93u) + hash;
  }
  return at == length ? hash : hash * 31 + ck_unit_hash(bytes + at, length - at);
}

// Words that are looked for, by their first eight bytes in small letters, filled up with spaces: 1...8 Gopher's stop
// words, 9 other English function words that its neighbours do not share.
typedef struct {
  char key[9];
  uint8_t kind;
} known_word;

static const known_word known_words[] = {
  {"the     ", 1}, {"be      ", 2}, {"to      ", 3}, {"of      ", 4}, {"and     ", 5}, {"that    ", 6},
  {"have    ", 7}, {"with    ", 8}, {"for     ", 9}, {"are     ", 9}, {"this    ", 9}, {"not     ", 9},
  {"from    ", 9}, {"you     ", 9}, {"by      ", 9}, {"it      ", 9},
};

enum { KNOWN_SLOTS = 256 };
static uint64_t known_keys[KNOWN_SLOTS];
static uint8_t known_kinds[KNOWN_SLOTS];

static inline size_t known_slot(uint64_t key) { return key * 0x1027C4D1C386BBC5u >> 56; }

__attribute__((constructor)) static void fill_known_words(void) {
  for (size_t index = 0; index < sizeof known_words / sizeof *known_words; index++) {
    uint64_t key;
    memcpy(&key, known_words[index].key, 8);
    // The factor was chosen so that no two of them share a slot.
    known_keys[known_slot(key)] = key;
    known_kinds[known_slot(key)] = known_words[index].kind;
  }
}

/// Without a branch: which word comes next is as good as random.
static inline void note_known_word(uint64_t first, ck_units *units) {
  static const uint8_t bits[16] = {0, 1, 2, 4, 8, 16, 32, 64, 128};
  uint64_t small = first | 0x2020202020202020u;
  size_t slot = known_slot(small);
  uint8_t kind = known_keys[slot] == small ? known_kinds[slot] : 0;
  // In small letters already: filling up with spaces is all that was done to it.
  uint64_t filled = small & ~first & 0x2020202020202020u;
  uint64_t letters = first & 0x4040404040404040u;
  uint8_t is_small = !((letters >> 1) & filled);
  units->function_words += (uint8_t)(kind - 1) < 9;
  units->stop_words_any_case |= bits[kind];
  units->stop_words |= bits[kind] & -is_small;
}

void unit_add_letters(size_t length, uint64_t hash, uint64_t first, ck_units *units) {
  unit_push(units, hash, (uint32_t)length);
  units->words++;
  units->letter_words++;
  units->word_characters += length;
  if (length > units->longest_word) units->longest_word = length;
  note_known_word(first, units);
  unit_note_sentence(units, 0, 0);
}

/// The classes of a unit's characters: those that one has, those that all have.
typedef struct {
  uint16_t any, all;
  size_t length;
} unit_traits;

static unit_traits traits_of(const unit_text *text, size_t from, size_t to) {
  unit_traits traits = {0, 0xFFFF, 0};
  for (size_t at = from, step; at < to; at += step, traits.length++) {
    uint16_t class = unit_class_at(text, at, &step);
    traits.any |= class;
    traits.all &= class;
  }
  return traits;
}

void unit_add(const unit_text *text, size_t from, size_t to, ck_units *units) {
  size_t bytes = to - from;
  const uint8_t *start = text->bytes + from;
  if (bytes == 1 && *start < 0x80 && unit_ascii_classes[*start] & UNIT_MARK) return unit_add_mark(*start, units);
  unit_traits traits = traits_of(text, from, to);
  uint64_t first, hash;
  if (bytes <= 16 && from + 16 <= text->count) hash = unit_hash_short(start, bytes, &first);
  else hash = ck_unit_hash(start, bytes);
  if (traits.length == bytes && !(traits.any & ~UNIT_ALPHA & ~UNIT_STOPPED)) {
    first = 0;
    memcpy(&first, start, bytes < 8 ? bytes : 8);
    return unit_add_letters(bytes, hash, first, units);
  }
  int is_mark = traits.all & UNIT_MARK ? 1 : 0;
  uint32_t flags = (is_mark ? CK_UNIT_MARK : 0) | (traits.all & UNIT_PUNCTUATION ? CK_UNIT_PUNCTUATION : 0);
  unit_push_noted(units, hash, (uint32_t)traits.length | flags);
  if (is_mark) return;
  units->words++;
  units->word_characters += traits.length;
  if (traits.length > units->longest_word) units->longest_word = traits.length;
  if (traits.any & UNIT_ALPHA) units->letter_words++;
}

int unit_look_for_parts(const unit_text *text, size_t from, size_t to, const ck_units *units) {
  return unit_find_parts(units->parts, ck_unit_hash(text->bytes + from, to - from)) != 0;
}

int unit_add_parts(const unit_text *text, size_t from, size_t to, ck_units *units) {
  if (!unit_may_have_parts(units->parts, text->bytes[from], to - from)) return 0;
  const uint8_t *lengths = unit_find_parts(units->parts, ck_unit_hash(text->bytes + from, to - from));
  if (!lengths) return 0;
  for (size_t part = 0; part < 3 && lengths[part]; from += lengths[part++])
    unit_add(text, from, from + lengths[part], units);
  return 1;
}
