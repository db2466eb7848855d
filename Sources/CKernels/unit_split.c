// A line to units: white space, ideographs, then each word by its affixes, with short ways for what most words are.
#include "unit_affixes.h"
#if defined(__x86_64__)
#include <emmintrin.h>
#endif

static void push_suffix(ck_units *units, size_t *count, size_t length) {
  // The table is as long as the longest line; a suffix is a byte at least.
  units->suffixes[(*count)++] = (uint32_t)length;
}

/// Cuts prefixes (added at once) and suffixes (kept for later) off; what is left is `from`..<`to`.
static void cut_affixes(const unit_text *text, size_t *from, size_t *to, size_t *suffixes, ck_units *units) {
  while (*from < *to && !unit_has_parts(text, *from, *to, units)) {
    size_t prefix = unit_prefix(text, *from, *to);
    if (prefix && prefix < *to - *from && unit_has_parts(text, *from + prefix, *to, units)) {
      unit_add(text, *from, *from + prefix, units);
      *from += prefix;
      return;
    }
    size_t suffix = unit_suffix(text, *from + prefix, *to);
    if (suffix && suffix < *to - *from && unit_has_parts(text, *from, *to - suffix, units)) {
      push_suffix(units, suffixes, suffix);
      *to -= suffix;
      return;
    }
    if (!prefix && !suffix) return;
    if (prefix) {
      unit_add(text, *from, *from + prefix, units);
      *from += prefix;
    }
    if (suffix && suffix <= *to - *from) {
      push_suffix(units, suffixes, suffix);
      *to -= suffix;
    }
  }
}

static void add_middle(const unit_text *text, size_t from, size_t to, ck_units *units) {
  if (unit_add_parts(text, from, to, units)) return;
  size_t length, infix = unit_infix(text, from, from, to, &length);
  if (infix == to || unit_is_address(text, from, to)) return unit_add(text, from, to, units);
  size_t start = from;
  for (; infix < to; infix = unit_infix(text, from, infix + length, to, &length)) {
    // An infix in front of everything is none.
    if (infix == from) continue;
    if (infix != start) unit_add(text, start, infix, units);
    unit_add(text, infix, infix + length, units);
    start = infix + length;
  }
  if (start < to) unit_add(text, start, to, units);
}

/// Faces and the like of two characters, which stay whole though a rule cut them apart.
static int is_face(uint8_t first, uint8_t second) {
  const char *seconds;
  switch (first) {
  case ':': seconds = ")](}/|1PpOo0*3>XxD"; break;
  case '(': seconds = ":=;"; break;
  case ')': case ']': seconds = first == ')' ? ":" : "="; break;
  case '[': seconds = ":="; break;
  case '=': seconds = ")](/|3D"; break;
  case ';': seconds = ")D"; break;
  case '8': seconds = ")"; break;
  case '<': seconds = "3"; break;
  case '\'': seconds = "'"; break;
  default: return 0;
  }
  return strchr(seconds, second) != 0;
}

/// Two quotes are one unit, more are not.
static int is_longer_run(const unit_text *text, size_t at, size_t from) {
  if (text->bytes[at] != '\'') return 0;
  return (at > from && text->bytes[at - 1] == '\'') || (at + 2 < text->count && text->bytes[at + 2] == '\'');
}

/// Puts such pairs together again among the units from `first` on, which are the ASCII bytes from `at` on.
static void join_faces(const unit_text *text, size_t at, size_t first, ck_units *units) {
  size_t kept = first, from = at;
  for (size_t unit = first; unit < units->count; unit++, kept++) {
    uint32_t length = units->lengths[unit];
    units->hashes[kept] = units->hashes[unit];
    units->lengths[kept] = length;
    length &= CK_UNIT_LENGTH;
    int is_pair = length == 1 && unit + 1 < units->count && (units->lengths[unit + 1] & CK_UNIT_LENGTH) == 1 &&
                  is_face(text->bytes[at], text->bytes[at + 1]) && !is_longer_run(text, at, from);
    if (is_pair) {
      uint32_t marks = units->lengths[unit] & units->lengths[unit + 1] & (CK_UNIT_MARK | CK_UNIT_PUNCTUATION);
      units->hashes[kept] = ck_unit_hash(text->bytes + at, 2);
      units->lengths[kept] = 2 | marks;
      if (!(marks & CK_UNIT_MARK)) units->word_characters++;
      unit++;
      length = 2;
    }
    at += length;
  }
  units->count = kept;
}

/// Whether faces may be in the bytes: they are ASCII and hold one of : ; = < '
static int may_hold_faces(const unit_text *text, size_t from, size_t to) {
  uint16_t any = 0;
  for (size_t at = from; at < to; at++) {
    if (text->bytes[at] >= 0x80) return 0;
    any |= unit_ascii_classes[text->bytes[at]];
  }
  return any & UNIT_FACE ? 1 : 0;
}

void unit_split_word(const unit_text *text, size_t from, size_t to, ck_units *units) {
  size_t suffixes = 0, start = from, first = units->count;
  cut_affixes(text, &from, &to, &suffixes, units);
  if (from < to) add_middle(text, from, to, units);
  while (suffixes > 0) {
    size_t length = units->suffixes[--suffixes];
    unit_add(text, to, to + length, units);
    to += length;
  }
  if (units->count > first + 1 && may_hold_faces(text, start, to)) join_faces(text, start, first, units);
}

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

/// ASCII letters from `at` on.
UNIT_INLINE size_t letters(const uint8_t *text, size_t at, size_t to) {
#if defined(__x86_64__)
  size_t start = at;
  while (at + 16 <= to) {
    __m128i block = _mm_loadu_si128((const __m128i *)(text + at));
    __m128i small = _mm_sub_epi8(_mm_or_si128(block, _mm_set1_epi8(0x20)), _mm_set1_epi8('a'));
    __m128i inside = _mm_cmpeq_epi8(_mm_min_epu8(small, _mm_set1_epi8(25)), small);
    uint32_t mask = ~(uint32_t)_mm_movemask_epi8(inside) & 0xFFFF;
    if (mask) return at + (size_t)__builtin_ctz(mask) - start;
    at += 16;
  }
  for (; at < to && (uint8_t)((text[at] | 0x20) - 'a') <= 25; at++) {}
  return at - start;
#else
  size_t start = at;
  for (; at < to && (uint8_t)((text[at] | 0x20) - 'a') <= 25; at++) {}
  return at - start;
#endif
}

/// A word of letters alone, with at most one mark behind it; 0: the general rules are needed.
UNIT_INLINE size_t plain_word(const unit_text *text, size_t at, size_t to, ck_units *units) {
  size_t length = letters(text->bytes, at, to);
  if (length == 0 || length > 16 || at + 16 > text->count) return 0;
  uint8_t mark = at + length < to ? text->bytes[at + length] : ' ';
  uint64_t first, hash = unit_hash_short(text->bytes + at, length, &first);
  size_t taken = length;
  if (mark > 0x20) {
    if (at + length + 1 < to && text->bytes[at + length + 1] > 0x20) return 0;
    if (mark == '.') {
      if (length < 16 && unit_has_parts(text, at, at + length + 1, units)) return 0;
      uint8_t last = text->bytes[at + length - 1];
      if (last < 'a' && (length < 2 || text->bytes[at + length - 2] >= 'a')) return 0;
    } else if (mark == '\'' || mark >= 0x80 || !(unit_ascii_classes[mark] & UNIT_SUFFIX) || mark == '+') {
      return 0;
    }
    taken++;
  }
  // Both at once: either alone is true too often to be foreseen.
  const uint8_t *parts = 0;
  uint64_t may = units->parts->sieve[(hash & 4095) >> 6] >> (hash & 63);
  if (may & units->parts->lengths_by_first[text->bytes[at]] >> length & 1)
    parts = unit_find_parts(units->parts, hash);
  if (parts) {
    if (!unit_add_parts(text, at, at + length, units)) return 0;
  } else {
    unit_add_letters(length, hash, first, units);
  }
  if (taken > length) unit_add_mark(mark, units);
  return taken;
}

void ck_split_line(const uint8_t *text, size_t count, size_t from, size_t to, ck_units *units) {
  unit_text whole = {text, count};
  while (from < to) {
    uint8_t byte = text[from];
    if (byte <= 0x20) {
      from++;
      continue;
    }
    uint16_t class = byte < 0x80 ? unit_ascii_classes[byte] : 0;
    if (class & UNIT_MARK && (from + 1 == to || text[from + 1] <= 0x20)) {
      unit_add_mark(byte, units);
      from++;
      continue;
    }
    if (byte >= 0xE4 && byte <= 0xE9 && from + 3 <= to && ((text[from + 1] ^ 0x80) | (text[from + 2] ^ 0x80)) < 0x40) {
      uint32_t scalar = (byte & 0x0Fu) << 12 | (text[from + 1] & 0x3Fu) << 6 | (text[from + 2] & 0x3Fu);
      if (scalar >= 0x4E00) {
        unit_add_ideograph(scalar, units);
        from += 3;
        continue;
      }
    }
    size_t step = 0;
    if (byte >= 0x80) step = step_over(&whole, from, units);
    else if (class & UNIT_ALPHA) step = plain_word(&whole, from, to, units);
    if (!step) {
      size_t end = word_end(&whole, from, to);
      unit_split_known_word(&whole, from, end, units);
      step = end - from;
    }
    from += step;
  }
}
