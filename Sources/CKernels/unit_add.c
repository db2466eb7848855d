// Units as they are added: hashes, lengths, and what is counted of words.
#include "unit_parts.h"

uint64_t ck_unit_hash(const uint8_t *bytes, size_t length) {
  unit_text alone = {bytes, length};
  uint64_t first;
  return unit_hash_word(&alone, 0, length, &first);
}

uint64_t unit_known_keys[UNIT_KNOWN_SLOTS];
uint8_t unit_known_kinds[UNIT_KNOWN_SLOTS];

typedef struct {
  char key[9];
  uint8_t kind;
} known_word;

static const known_word known_words[] = {
  {"the     ", 1}, {"be      ", 2}, {"to      ", 3}, {"of      ", 4}, {"and     ", 5}, {"that    ", 6},
  {"have    ", 7}, {"with    ", 8}, {"for     ", 9}, {"are     ", 9}, {"this    ", 9}, {"not     ", 9},
  {"from    ", 9}, {"you     ", 9}, {"by      ", 9}, {"it      ", 9},
};

__attribute__((constructor)) static void fill_known_words(void) {
  for (size_t index = 0; index < sizeof known_words / sizeof *known_words; index++) {
    uint64_t key;
    memcpy(&key, known_words[index].key, 8);
    unit_known_keys[unit_known_slot(key)] = key;
    unit_known_kinds[unit_known_slot(key)] = known_words[index].kind;
  }
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
  uint64_t first, hash = unit_hash_word(text, from, bytes, &first);
  if (traits.length == bytes && !(traits.any & ~UNIT_ALPHA & ~UNIT_STOPPED))
    return unit_add_letters(bytes, hash, first, units);
  int is_mark = traits.all & UNIT_MARK ? 1 : 0;
  uint32_t flags = (is_mark ? CK_UNIT_MARK : 0) | (traits.all & UNIT_PUNCTUATION ? CK_UNIT_PUNCTUATION : 0);
  unit_push(units, hash, (uint32_t)traits.length | flags | (traits.any & UNIT_ALPHA ? CK_UNIT_LETTERS : 0));
}

int unit_look_for_parts(const unit_text *text, size_t from, size_t to, const ck_units *units) {
  uint64_t first;
  return unit_find_parts(units->parts, unit_hash_word(text, from, to - from, &first)) != 0;
}

int unit_add_parts(const unit_text *text, size_t from, size_t to, ck_units *units) {
  if (!unit_may_have_parts(units->parts, text->bytes[from], to - from)) return 0;
  uint64_t first;
  const uint8_t *lengths = unit_find_parts(units->parts, unit_hash_word(text, from, to - from, &first));
  if (!lengths) return 0;
  for (size_t part = 0; part < 3 && lengths[part]; from += lengths[part++])
    unit_add(text, from, from + lengths[part], units);
  return 1;
}
