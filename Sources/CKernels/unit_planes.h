#ifndef UNIT_PLANES_H
#define UNIT_PLANES_H
#include "unit_text.h"

// A text as bit planes: one bit a byte for each set of ASCII bytes that splitting words asks about, so that questions
// about a whole word are one instruction.

enum unit_plane {
  PLANE_WHITE, PLANE_UPPER, PLANE_LOWER, PLANE_DIGIT, PLANE_PREFIX, PLANE_SUFFIX, PLANE_STOPPED, PLANE_MARK,
  PLANE_PUNCTUATION, PLANE_QUOTE, PLANE_COMMA, PLANE_DOT, PLANE_HYPHEN, PLANE_DOLLAR,
  /// Infixes between a letter or digit and a letter; infixes between digits.
  PLANE_JOINT, PLANE_SIGN,
  /// What faces begin and end with.
  PLANE_FACE, PLANE_FACE_END,
  /// Neither letter nor digit, apostrophe or full stop: contractions and abbreviations have none.
  PLANE_ODD,
  // Pairs that faces begin or end with, one set for the first byte and one for the second.
  PLANE_FACE_1, PLANE_FACE_2, PLANE_FACE_3, PLANE_FACE_4, PLANE_FACE_5,
  PLANE_FACE_END_1, PLANE_FACE_END_2, PLANE_FACE_END_3, PLANE_FACE_END_4, PLANE_FACE_END_5,
  /// A plus, an apostrophe or a dollar sign: words with them have rules of their own.
  PLANE_PECULIAR, PLANE_LESS,
  /// Ends a sentence.
  PLANE_ENDS,
  /// Cut off in front of a word whatever it is; behind a word, but for a full stop behind a capital.
  PLANE_LEAD, PLANE_TRAIL,
  PLANE_ALPHA,
  /// Not ASCII.
  PLANE_BEYOND,
  /// Made of the others: a place in a word that the general rules have to look at, and a place where an infix is.
  PLANE_SLOW, PLANE_INFIX,
  PLANE_COUNT
};

/// How far the planes reach from their base; a word of more than 56 bytes is not asked about.
enum { PLANE_WORDS = 32, PLANE_BYTES = 64 * PLANE_WORDS, PLANE_LONGEST = 56 };

typedef struct unit_planes {
  /// Offsets in the text of the first byte and behind the last one.
  size_t base, end;
  /// CK_PLAIN, CK_AVX2 or CK_AVX512.
  int level;
  /// One word more, because eight bytes are read at any byte.
  uint64_t bits[PLANE_COUNT][PLANE_WORDS + 1];
} unit_planes;

/// Fills the planes from `base` on; bytes behind the text are white.
void unit_fill_planes(const unit_text *text, size_t base, unit_planes *planes);

/// Bits of the bytes from `at` on, 57 at least; `unit_reach_planes` was called for it.
UNIT_INLINE uint64_t unit_bits(const unit_planes *planes, enum unit_plane plane, size_t at) {
  size_t bit = at - planes->base;
  uint64_t word;
  memcpy(&word, (const uint8_t *)planes->bits[plane] + (bit >> 3), 8);
  return word >> (bit & 7);
}

/// Lets the planes reach 64 bytes beyond `at`.
UNIT_INLINE void unit_reach_planes(const unit_text *text, size_t at, unit_planes *planes) {
  if (__builtin_expect(at < planes->base || at + 64 > planes->end, 0) &&
      (at < planes->base || planes->end < text->count || planes->end == 0))
    unit_fill_planes(text, at, planes);
}

UNIT_INLINE uint64_t unit_ones(size_t count) { return ((uint64_t)1 << count) - 1; }
#endif
