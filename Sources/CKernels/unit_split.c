// Lines to units: ideographs one by one, words of ASCII many at a time, any other word by the general rules.
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
  else unit_push(units, scalar * 0x9E3779B97F4A7C15u, 1 | CK_UNIT_MARK | CK_UNIT_PUNCTUATION);
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

void ck_split_line(const uint8_t *text, size_t count, size_t from, size_t to, ck_units *units) {
  unit_text whole = {text, count};
  while (from < to) {
    size_t next;
    if (text[from] < 0x80) {
      unit_reach_planes(&whole, from, units->planes);
      next = from + unit_split_window(&whole, from, to, units);
    } else {
      next = add_wide(&whole, from, to, units);
    }
    if (next == from) {
      next = word_end(&whole, from, to);
      unit_split_known_word(&whole, from, next, units);
    }
    from = next;
  }
}
