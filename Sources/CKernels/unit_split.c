// A line to units: white space, ideographs, then words, with short ways for what most words are.
#include "unit_word.h"
#if defined(__x86_64__)
#include <emmintrin.h>
#endif

/// Bytes from `at` on that are ASCII and no white space.
UNIT_INLINE size_t plain_bytes(const uint8_t *text, size_t at, size_t to) {
  size_t start = at;
#if defined(__x86_64__)
  // As signed bytes, those beyond ASCII are below the space too.
  for (; at + 16 <= to; at += 16) {
    __m128i block = _mm_loadu_si128((const __m128i *)(text + at));
    uint32_t mask = ~(uint32_t)_mm_movemask_epi8(_mm_cmpgt_epi8(block, _mm_set1_epi8(0x20))) & 0xFFFF;
    if (mask) return at + (size_t)__builtin_ctz(mask) - start;
  }
#endif
  while (at < to && (int8_t)text[at] > 0x20) at++;
  return at - start;
}

/// Where the word that begins at `at` ends: at white space or at what is a unit of its own.
static size_t word_end(const unit_text *text, size_t at, size_t to) {
  while (at < to) {
    at += plain_bytes(text->bytes, at, to);
    if (at == to || text->bytes[at] <= 0x20) return at;
    if (text->bytes[at] < 0x80) {
      at++;
      continue;
    }
    size_t length;
    if (unit_class_at(text, at, &length) & (UNIT_SPACE | UNIT_WIDE)) return at;
    at += length;
  }
  return at;
}

/// What begins at `at` is white space or wide: skips or adds it. 0: it begins a word.
static size_t step_over(const unit_text *text, size_t at, ck_units *units) {
  if (text->bytes[at] <= 0x20) return 1;
  if (text->bytes[at] < 0x80) return 0;
  size_t length;
  uint32_t scalar = unit_decode(text, at, &length);
  if (scalar >= 0x4E00 && scalar < 0xA000) return unit_add_ideograph(scalar, units), length;
  uint16_t class = unit_class_of(scalar);
  if (class & UNIT_SPACE) return length;
  if (!(class & UNIT_WIDE)) return 0;
  if (class & UNIT_ALPHA) unit_add_ideograph(scalar, units);
  else unit_push(units, scalar * 0x9E3779B97F4A7C15u, 1 | CK_UNIT_MARK);
  return length;
}

void ck_split_line_reference(const uint8_t *text, size_t count, size_t from, size_t to, ck_units *units) {
  unit_text whole = {text, count};
  while (from < to) {
    size_t step = step_over(&whole, from, units);
    if (!step) {
      size_t end = word_end(&whole, from, to);
      unit_split_word(&whole, from, end, units);
      step = end - from;
    }
    from += step;
  }
}

/// Ideographs, kana and their marks from `at` on; returns where something else begins.
static size_t add_wide(const unit_text *text, size_t at, size_t to, ck_units *units) {
  while (at < to) {
    const uint8_t *p = text->bytes + at;
    if (p[0] >= 0xE4 && p[0] <= 0xE9 && at + 3 <= to && ((p[1] ^ 0x80) | (p[2] ^ 0x80)) < 0x40) {
      uint32_t scalar = (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
      if (scalar >= 0x4E00) {
        unit_add_ideograph(scalar, units);
        at += 3;
        continue;
      }
    }
    size_t step = p[0] >= 0x80 ? step_over(text, at, units) : 0;
    if (!step) break;
    at += step;
  }
  return at;
}

/// Whether the character that begins at `at` is no part of a word: U+3000...U+D7FF.
UNIT_INLINE int parts_words(const unit_text *text, size_t at) {
  const uint8_t *p = text->bytes + at;
  return p[0] >= 0xE3 && p[0] <= 0xED && at + 3 <= text->count && ((p[1] ^ 0x80) | (p[2] ^ 0x80)) < 0x40 &&
         (p[0] < 0xED || p[1] < 0xA0);
}

/// A word of ASCII letters, which may be known to have parts.
UNIT_INLINE void add_letters(const unit_text *text, size_t at, size_t length, ck_units *units) {
  uint64_t first, hash = unit_hash_word(text, at, length, &first);
  // Both at once: either alone is true too often to be foreseen.
  uint64_t may = units->parts->sieve[(hash & UNIT_SIEVE) >> 6] >> (hash & 63);
  may &= units->parts->lengths_by_first[text->bytes[at]] >> (length & 31);
  if (may & 1 && unit_add_parts(text, at, at + length, units)) return;
  unit_add_letters(length, hash, first, units);
}

/// Whether the last byte of the word is a mark that is cut off whatever letters are before it.
UNIT_INLINE int ends_in_mark(const unit_text *text, size_t at, size_t length, const ck_units *units) {
  const unit_planes *planes = units->planes;
  size_t last = length - 1;
  if (unit_bits(planes, PLANE_DOT, at) >> last & 1)
    return unit_bits(planes, PLANE_LOWER, at) >> (last - 1) & 1 && !unit_has_parts(text, at, at + length, units);
  uint64_t suffix = unit_bits(planes, PLANE_SUFFIX, at) & unit_bits(planes, PLANE_ODD, at);
  return suffix >> last & 1 && text->bytes[at + last] != '+';
}

/// A word of ASCII from `at` on: letters, or with one mark behind them, or any.
UNIT_INLINE void add_ascii(const unit_text *text, size_t at, size_t length, ck_units *units) {
  const unit_planes *planes = units->planes;
  uint64_t letters = unit_bits(planes, PLANE_UPPER, at) | unit_bits(planes, PLANE_LOWER, at);
  uint64_t others = ~letters & unit_ones(length);
  if (!others) return add_letters(text, at, length, units);
  // A face with a mark at its end has one letter at most.
  if (others == (uint64_t)1 << (length - 1) && length > 2 && ends_in_mark(text, at, length, units)) {
    add_letters(text, at, length - 1, units);
    return unit_add_mark(text->bytes[at + length - 1], units);
  }
  if (length == 1 && unit_bits(planes, PLANE_MARK, at) & 1) return unit_add_mark(text->bytes[at], units);
  if (!unit_split_ascii(text, at, length, units)) unit_split_known_word(text, at, at + length, units);
}

void ck_split_line(const uint8_t *text, size_t count, size_t from, size_t to, ck_units *units) {
  unit_text whole = {text, count};
  unit_planes *planes = units->planes;
  while (from < to) {
    unit_reach_planes(&whole, from, planes);
    uint64_t black = ~unit_bits(planes, PLANE_WHITE, from) & unit_ones(PLANE_LONGEST);
    if (!black) {
      from += PLANE_LONGEST;
      continue;
    }
    from += (size_t)__builtin_ctzll(black);
    if (from >= to) return;
    unit_reach_planes(&whole, from, planes);
    uint64_t white = unit_bits(planes, PLANE_WHITE, from);
    uint64_t beyond = unit_bits(planes, PLANE_BEYOND, from);
    uint64_t stops = (white | beyond) & unit_ones(PLANE_LONGEST + 1);
    size_t length = stops ? (size_t)__builtin_ctzll(stops) : PLANE_LONGEST + 1;
    if (length > to - from) length = to - from;
    int is_short = length <= PLANE_LONGEST, is_ascii = is_short && !(beyond >> length & 1);
    if (is_ascii || (is_short && length && from + length < to && parts_words(&whole, from + length))) {
      add_ascii(&whole, from, length, units);
      from += length;
      continue;
    }
    size_t next = length ? from : add_wide(&whole, from, to, units);
    if (next == from) {
      next = word_end(&whole, from, to);
      unit_split_known_word(&whole, from, next, units);
    }
    from = next;
  }
}
