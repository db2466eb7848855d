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

#define WORD(a, b, c, d) ((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16 | (uint32_t)(d) << 24)

/// 1...8: one of Gopher's stop words; 9: another English function word that its neighbours do not share.
static int function_word(uint32_t word) {
  switch (word) {
  case WORD('t', 'h', 'e', 0): return 1;
  case WORD('b', 'e', 0, 0): return 2;
  case WORD('t', 'o', 0, 0): return 3;
  case WORD('o', 'f', 0, 0): return 4;
  case WORD('a', 'n', 'd', 0): return 5;
  case WORD('t', 'h', 'a', 't'): return 6;
  case WORD('h', 'a', 'v', 'e'): return 7;
  case WORD('w', 'i', 't', 'h'): return 8;
  case WORD('f', 'o', 'r', 0): case WORD('a', 'r', 'e', 0): case WORD('t', 'h', 'i', 's'): case WORD('n', 'o', 't', 0):
  case WORD('f', 'r', 'o', 'm'): case WORD('y', 'o', 'u', 0): case WORD('b', 'y', 0, 0): case WORD('i', 't', 0, 0):
    return 9;
  default: return 0;
  }
}

static void note_short_word(uint32_t word, ck_units *units) {
  uint32_t small = word | 0x20202020u;
  if (!(word >> 8)) return;
  if (!(word >> 16)) small &= 0xFFFF;
  if (!(word >> 24)) small &= 0xFFFFFF;
  int place = function_word(small);
  if (!place) return;
  units->function_words++;
  if (place > 8) return;
  units->stop_words_any_case |= 1u << (place - 1);
  if (small == word) units->stop_words |= 1u << (place - 1);
}

/// Words that C4's phrases are made of: the line is looked at closely then.
static int is_suspect(uint64_t first, size_t length) {
  uint32_t four = (uint32_t)first | 0x20202020u;
  return four == WORD('l', 'o', 'r', 'e') || four == WORD('c', 'o', 'o', 'k') || four == WORD('p', 'o', 'l', 'i') ||
         four == WORD('t', 'e', 'r', 'm') || (length >= 10 && four == WORD('j', 'a', 'v', 'a'));
}

void unit_add_letters(size_t length, uint64_t hash, uint64_t first, ck_units *units) {
  unit_push(units, hash, (uint32_t)length);
  units->words++;
  units->letter_words++;
  units->word_characters += length;
  if (length > units->longest_word) units->longest_word = length;
  if (length <= 4) note_short_word((uint32_t)first, units);
  else if (is_suspect(first, length)) units->phrase_suspected = 1;
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
  if (bytes == 1 && unit_ascii_classes[*start] & UNIT_MARK) return unit_add_mark(*start, units);
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
  unit_push(units, hash, (uint32_t)traits.length | (is_mark ? CK_UNIT_MARK : 0));
  if (!is_mark) {
    units->words++;
    units->word_characters += traits.length;
    if (traits.length > units->longest_word) units->longest_word = traits.length;
    if (traits.any & UNIT_ALPHA) units->letter_words++;
    if (bytes >= 10) units->phrase_suspected = 1;
  }
  unit_note_sentence(units, 0, traits.all & UNIT_PUNCTUATION);
}

int unit_has_parts(const unit_text *text, size_t from, size_t to, const ck_units *units) {
  if (!unit_may_have_parts(units->parts, text->bytes[from], to - from)) return 0;
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
