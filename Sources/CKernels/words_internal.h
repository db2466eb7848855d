#ifndef WORDS_INTERNAL_H
#define WORDS_INTERNAL_H
#include "unicode_classes.h"
#include <stddef.h>
#include <stdint.h>

/// Which characters a piece of text that an earlier split made may hold; others end it as the end of the text does.
typedef enum { PIECE_ANY, PIECE_NO_NUMBERS, PIECE_NO_CJK, PIECE_CJK } piece_kind;

/// A character as the rules see it: class bits and length in bytes, 0 at the end.
typedef struct {
  uint32_t classes, length;
} seen_character;

typedef struct {
  const uint8_t *text;
  size_t end;
  piece_kind kind;
} piece;

static inline uint32_t tail_bits(uint8_t byte) { return byte & 0x3Fu; }
static inline int is_tail_byte(uint8_t byte) { return (byte & 0xC0) == 0x80; }

/// The ideographs and kana that DeepSeek's second split sets apart.
static inline int is_set_apart(uint32_t code) {
  return (code >= 0x4E00 && code <= 0x9FA5) || (code >= 0x3040 && code <= 0x30FF);
}

/// The code point at `at` and its length; a malformed byte gives UINT32_MAX and 1.
static inline uint32_t decoded(const uint8_t *text, size_t at, size_t end, uint32_t *length) {
  uint8_t lead = text[at];
  size_t left = end - at;
  *length = 1;
  if (lead < 0x80) return lead;
  if (lead >= 0xE0 && lead < 0xF0) {
    if (left < 3 || !is_tail_byte(text[at + 1]) || !is_tail_byte(text[at + 2])) return UINT32_MAX;
    uint32_t code = (lead & 0x0Fu) << 12 | tail_bits(text[at + 1]) << 6 | tail_bits(text[at + 2]);
    if (code < 0x800 || (code & 0xF800) == 0xD800) return UINT32_MAX;
    *length = 3;
    return code;
  }
  if (lead >= 0xC2 && lead < 0xE0) {
    if (left < 2 || !is_tail_byte(text[at + 1])) return UINT32_MAX;
    *length = 2;
    return (lead & 0x1Fu) << 6 | tail_bits(text[at + 1]);
  }
  if (lead < 0xF0 || lead >= 0xF5 || left < 4 || !is_tail_byte(text[at + 1]) || !is_tail_byte(text[at + 2]) ||
      !is_tail_byte(text[at + 3]))
    return UINT32_MAX;
  uint32_t code = (lead & 0x07u) << 18 | tail_bits(text[at + 1]) << 12 | tail_bits(text[at + 2]) << 6 |
                  tail_bits(text[at + 3]);
  if (code < 0x10000 || code > 0x10FFFF) return UINT32_MAX;
  *length = 4;
  return code;
}

/// The character at `at`, of length 0 where the piece ends.
static inline seen_character seen(piece p, size_t at) {
  seen_character none = {0, 0}, found;
  if (at >= p.end) return none;
  uint32_t code = decoded(p.text, at, p.end, &found.length);
  found.classes = code == UINT32_MAX ? CK_UNICODE_SYMBOL : ck_unicode_class(code);
  if (p.kind == PIECE_ANY) return found;
  if (p.kind != PIECE_CJK && found.classes & CK_UNICODE_NUMBER) return none;
  if (p.kind == PIECE_CJK && !is_set_apart(code)) return none;
  if (p.kind == PIECE_NO_CJK && is_set_apart(code)) return none;
  return found;
}

static inline int is_ascii_letter(uint8_t byte) { return (uint8_t)((byte | 0x20) - 0x61) < 26; }

/// The first place from `at` on where a character has none of the classes `set`.
static inline size_t end_of(piece p, size_t at, uint32_t set) {
  for (;;) {
    if (set & CK_UNICODE_LETTER && p.kind != PIECE_CJK)
      while (at < p.end && is_ascii_letter(p.text[at])) at++;
    seen_character c = seen(p, at);
    if (!(c.classes & set)) return at;
    at += c.length;
  }
}

/// The first place from `at` on where a character has one of the classes `set`, or the piece ends.
static inline size_t end_before(piece p, size_t at, uint32_t set) {
  for (;;) {
    seen_character c = seen(p, at);
    if (c.classes & set || c.length == 0) return at;
    at += c.length;
  }
}

static inline size_t numbers_end(piece p, size_t at, size_t most) {
  for (; most > 0; most--) {
    seen_character c = seen(p, at);
    if (!(c.classes & CK_UNICODE_NUMBER)) break;
    at += c.length;
  }
  return at;
}

/// Line ends, and slashes where the rule takes them.
static inline size_t line_ends_end(piece p, size_t at, int with_slash) {
  while (at < p.end && (p.text[at] == '\n' || p.text[at] == '\r' || (with_slash && p.text[at] == '/'))) at++;
  return at;
}

/// White space: up to its last line end where those stand alone (\s*[\r\n]+), else all but the last character
/// (\s+(?!\S)), which goes with what follows, unless the piece ends here or there is only one (\s+).
static inline size_t spaces_end(piece p, size_t start, int line_ends_alone) {
  size_t at = start, last = start, after_line_end = start;
  seen_character c = seen(p, at);
  while (c.classes & CK_UNICODE_SPACE) {
    last = at;
    at += c.length;
    if (p.text[last] == '\n' || p.text[last] == '\r') after_line_end = at;
    c = seen(p, at);
  }
  if (line_ends_alone && after_line_end > start) return after_line_end;
  return c.length == 0 || last == start ? at : last;
}

/// The end of 's 't 're 've 'm 'll 'd at `start`, or `start`. Folding case, U+017F counts as s.
static inline size_t contraction_end(piece p, size_t start, int folds_case) {
  size_t left = p.end - start;
  if (left < 2 || p.text[start] != '\'') return start;
  uint8_t fold = folds_case ? 0x20 : 0, first = p.text[start + 1], second = left > 2 ? p.text[start + 2] : 0;
  switch (first | fold) {
    case 's': case 't': case 'm': case 'd': return start + 2;
    case 'r': case 'v': return (second | fold) == 'e' ? start + 3 : start;
    case 'l': return (second | fold) == 'l' ? start + 3 : start;
    default: return folds_case && first == 0xC5 && second == 0xBF ? start + 3 : start;
  }
}
#endif
