#ifndef SHINGLE_UNITS_H
#define SHINGLE_UNITS_H
// What the fast path and its twin must agree on: the hashes, and one code point after the other.
#include "ck_shingles.h"
#include <string.h>

#define WORD_FIRST 0x9E3779B97F4A7C15u
#define WORD_SECOND 0xC2B2AE3D27D4EB4Fu
#define UNIT_END 0xBF58476D1CE4E5B9u

enum { CLASS_SYMBOL = 0, CLASS_IGNORED = 1, CLASS_IDEOGRAPH = 2, CLASS_LETTER = 3, CLASS_SEPARATOR = 0 };

/// Sixteen bytes of a word more. Both products may run at once; turning one spreads its strong half over the weak one.
static inline uint64_t add_group(uint64_t hash, uint64_t low, uint64_t high) {
  uint64_t second = high * WORD_SECOND;
  return (hash ^ low) * WORD_FIRST ^ (second << 32 | second >> 32);
}

static inline uint64_t finished_unit(uint64_t hash) {
  hash = (hash ^ hash >> 32) * UNIT_END;
  return hash ^ hash >> 29;
}

static inline uint64_t word_unit(uint64_t hash, size_t length) { return finished_unit(hash + length) | 1; }

static inline uint64_t ideograph_unit(uint32_t scalar) {
  return finished_unit((uint64_t)scalar * WORD_FIRST) & ~(uint64_t)1;
}

static inline uint64_t symbol_unit(uint32_t scalar) { return word_unit(add_group(0, scalar, 0), 1); }

static inline void note_unit(ck_shingle_scan *scan, uint64_t unit) {
  uint64_t high = (scan->high ^ unit) * 0x9FB21C651E98DF25u;
  scan->high = high ^ high >> 32;
  scan->low = ((scan->low << 23 | scan->low >> 41) ^ unit * 0xD6E8FEB86659FD93u) * 0xA0761D6478BD642Fu;
  scan->seen++;
}

static inline int is_continuation(uint8_t byte) { return (byte & 0xC0) == 0x80; }

/// The code point at `at`; a byte that begins none is a separator of its own.
static inline uint32_t shingle_scalar(const uint8_t *text, size_t at, size_t count, size_t *length) {
  uint8_t first = text[at];
  *length = 1;
  if (first < 0x80) return first;
  size_t wanted = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || at + wanted > count) return 0xFFFD;
  uint32_t scalar = first & (0x7F >> wanted);
  for (size_t index = 1; index < wanted; index++) {
    if (!is_continuation(text[at + index])) return 0xFFFD;
    scalar = scalar << 6 | (text[at + index] & 0x3F);
  }
  *length = wanted;
  return scalar;
}

static inline uint32_t shingle_class(uint32_t scalar, const uint32_t *classes) {
  if (scalar < 0x10000) return classes[scalar];
  if (scalar - 0x20000 < 0x20000) return scalar << 2 | CLASS_IDEOGRAPH;
  if (scalar - 0xE0100 < 0xF0) return CLASS_IGNORED;
  if (scalar - 0x1F000 < 0xC00) return scalar << 2 | CLASS_SYMBOL;
  return scalar << 2 | CLASS_LETTER;
}

typedef enum { STEP_NOTHING, STEP_UNIT, STEP_SYMBOL } shingle_step;

/// Takes one code point that is no word's, or a whole word.
shingle_step ck_shingle_step(const uint8_t *text, size_t count, size_t *at, const uint32_t *classes, uint64_t *unit);
#endif
