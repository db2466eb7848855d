#ifndef CK_WORDS_H
#define CK_WORDS_H
#include <stddef.h>
#include <stdint.h>

// Pre-tokenization: text cut into words as published regular expressions cut it (classes of Unicode 16.0).

/// The published rules; Tokens/SplitPattern has their regular expressions.
enum {
  CK_WORDS_GPT2 = 0,
  CK_WORDS_CL100K = 1,
  CK_WORDS_QWEN2 = 2,
  CK_WORDS_O200K = 3,
  CK_WORDS_TEKKEN = 4,
  CK_WORDS_DEEPSEEK3 = 5,
  CK_WORDS_QWEN35 = 6,
  CK_WORDS_STARCODER = 7,
  /// Of models over characters: one word, or one before each U+2581. Not for `ck_word_end`.
  CK_WORDS_WHOLE = 8,
  CK_WORDS_AT_MARKS = 9
};

/// The end of the word that begins at `start` (start < end). The text is UTF-8; a byte that begins no well-formed
/// character counts as a symbol of its own. Nothing is read at or behind `end`.
size_t ck_word_end(int rules, const uint8_t *text, size_t start, size_t end);

/// The length of the white space character (\s) at `at`, 0 if none stands there whole.
size_t ck_space_length(const uint8_t *text, size_t at, size_t end);

#endif
