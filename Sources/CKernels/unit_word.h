#ifndef UNIT_WORD_H
#define UNIT_WORD_H
#include "unit_parts.h"
#include "unit_planes.h"

/// Adds a word of at most 56 ASCII bytes that the planes reach. 0: nothing was added, the slow rules are needed.
int unit_split_ascii(const unit_text *text, size_t at, size_t length, ck_units *units);

/// Adds the words that begin with ASCII and end within some 56 bytes from `at` on; white space around them is passed.
/// Returns how many bytes were dealt with; 0: a longer or mixed word begins here.
size_t unit_split_window(const unit_text *text, size_t at, size_t to, ck_units *units);

/// Whether the character that begins at `at` is no part of a word: U+3000...U+D7FF.
UNIT_INLINE int unit_parts_words(const unit_text *text, size_t at) {
  const uint8_t *p = text->bytes + at;
  return p[0] >= 0xE3 && p[0] <= 0xED && at + 3 <= text->count && ((p[1] ^ 0x80) | (p[2] ^ 0x80)) < 0x40 &&
         (p[0] < 0xED || p[1] < 0xA0);
}
#endif
