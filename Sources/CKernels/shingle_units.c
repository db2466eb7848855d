#include "shingle_units.h"

ck_shingle_scan ck_shingle_begin(void) {
  // Digits of pi, so that nothing is hidden in them.
  return (ck_shingle_scan){0, 0, 0x243F6A8885A308D3u, 0x13198A2E03707344u};
}

uint32_t ck_shingle_ascii(uint8_t byte, int keeps_operators) {
  uint8_t lower = byte | 0x20;
  if ((uint8_t)(lower - 'a') < 26) return (uint32_t)lower << 2 | CLASS_LETTER;
  if ((uint8_t)(byte - '0') < 10) return (uint32_t)byte << 2 | CLASS_LETTER;
  // The underscore belongs to identifiers; the bit that folds letters makes 0x7F of it, which no text has.
  if (keeps_operators && byte == '_') return (uint32_t)0x7F << 2 | CLASS_LETTER;
  if (byte <= 0x20 || byte >= 0x7F || byte == '_') return CLASS_SEPARATOR;
  if (keeps_operators || strchr("+<=>^|~$%&*/#@\\`", byte)) return (uint32_t)byte << 2 | CLASS_SYMBOL;
  return CLASS_SEPARATOR;
}

/// A word's bytes in groups of sixteen: folded ASCII as it is, other letters as three bytes of their code point.
typedef struct {
  uint64_t hash, groups[2];
  size_t length;
} growing_word;

static void add_byte(growing_word *word, uint64_t byte) {
  size_t place = word->length & 15;
  word->groups[place >> 3] |= byte << 8 * (place & 7);
  word->length++;
  if (place < 15) return;
  word->hash = add_group(word->hash, word->groups[0], word->groups[1]);
  word->groups[0] = word->groups[1] = 0;
}

static uint64_t whole_word(const uint8_t *text, size_t count, size_t *at, const uint32_t *classes) {
  growing_word word = {0, {0, 0}, 0};
  size_t index = *at;
  while (index < count) {
    size_t length;
    uint32_t class = shingle_class(shingle_scalar(text, index, count, &length), classes);
    if ((class & 3) == CLASS_LETTER) {
      uint32_t letter = class >> 2;
      add_byte(&word, letter & 0xFF);
      if (letter >= 0x80) {
        add_byte(&word, letter >> 8 & 0xFF);
        add_byte(&word, letter >> 16);
      }
    } else if (class != CLASS_IGNORED) {
      break;
    }
    index += length;
  }
  *at = index;
  uint64_t hash = word.length & 15 ? add_group(word.hash, word.groups[0], word.groups[1]) : word.hash;
  return word_unit(hash, word.length);
}

shingle_step ck_shingle_step(const uint8_t *text, size_t count, size_t *at, const uint32_t *classes, uint64_t *unit) {
  size_t length;
  uint32_t class = shingle_class(shingle_scalar(text, *at, count, &length), classes);
  if ((class & 3) == CLASS_LETTER) {
    *unit = whole_word(text, count, at, classes);
    return STEP_UNIT;
  }
  *at += length;
  if (class == CLASS_SEPARATOR || (class & 3) == CLASS_IGNORED) return STEP_NOTHING;
  if ((class & 3) == CLASS_IDEOGRAPH) {
    *unit = ideograph_unit(class >> 2);
    return STEP_UNIT;
  }
  *unit = symbol_unit(class >> 2);
  return STEP_SYMBOL;
}

size_t ck_shingle_units_reference(const uint8_t *text, size_t count, ck_shingle_scan *scan, const uint32_t *classes,
                                  int keeps_operators, uint64_t *units, size_t capacity) {
  size_t made = 0;
  while (scan->at < count && made < capacity) {
    uint64_t unit;
    shingle_step step = ck_shingle_step(text, count, &scan->at, classes, &unit);
    if (step == STEP_NOTHING) continue;
    note_unit(scan, unit);
    units[made] = unit;
    made += step == STEP_UNIT || keeps_operators;
  }
  return made;
}
