#include "ck_words.h"
#include "words_internal.h"

enum {
  LETTER = CK_UNICODE_LETTER,
  NUMBER = CK_UNICODE_NUMBER,
  MARK = CK_UNICODE_MARK,
  SPACE = CK_UNICODE_SPACE,
  SYMBOL = CK_UNICODE_PUNCTUATION | CK_UNICODE_SYMBOL
};

static int is_line_end(uint8_t byte) { return byte == '\n' || byte == '\r'; }

/// GPT-2: contraction (lower case) | space? letters | space? numbers | space? symbols | white space.
static inline size_t gpt2_end(piece p, size_t start) {
  size_t contraction = contraction_end(p, start, 0);
  if (contraction > start) return contraction;
  seen_character head = seen(p, start);
  size_t next = start + head.length;
  if (p.text[start] == ' ') {
    seen_character following = seen(p, next);
    if (following.length && !(following.classes & SPACE)) {
      head = following;
      next += following.length;
    }
  }
  if (head.classes & LETTER) return end_of(p, next, LETTER);
  if (head.classes & NUMBER) return end_of(p, next, NUMBER);
  if (head.classes & SPACE) return spaces_end(p, start, 0);
  return end_before(p, next, LETTER | NUMBER | SPACE);
}

/// What cl100k, Qwen and o200k share behind their words: space? symbols line ends* | white space.
static inline size_t symbols_or_spaces_end(piece p, size_t start, uint32_t no_symbol, int with_slash) {
  seen_character head = seen(p, start);
  size_t next = start + head.length;
  if (p.text[start] == ' ') {
    seen_character following = seen(p, next);
    if (following.length && !(following.classes & no_symbol))
      return line_ends_end(p, end_before(p, next + following.length, no_symbol), with_slash);
  }
  if (head.classes & SPACE) return spaces_end(p, start, 1);
  return line_ends_end(p, end_before(p, next, no_symbol), with_slash);
}

/// cl100k and Qwen: contraction | prefix? letters | numbers | space? symbols line ends* | white space.
/// `letters` are the classes that make a word; `most` how many numbers stand together.
static inline size_t modern_end(piece p, size_t start, uint32_t letters, size_t most) {
  uint8_t first = p.text[start];
  if (is_ascii_letter(first)) return end_of(p, start + 1, letters);
  if (first == ' ' && start + 1 < p.end && is_ascii_letter(p.text[start + 1])) return end_of(p, start + 2, letters);
  seen_character head = seen(p, start);
  size_t next = start + head.length;
  if (head.classes & letters) return end_of(p, next, letters);
  if (head.classes & NUMBER) return numbers_end(p, next, most - 1);
  size_t contraction = contraction_end(p, start, 1);
  if (contraction > start) return contraction;
  if (!is_line_end(first)) {
    seen_character following = seen(p, next);
    if (following.classes & letters) return end_of(p, next + following.length, letters);
  }
  return symbols_or_spaces_end(p, start, LETTER | NUMBER | SPACE | letters, 0);
}

/// Title case counts as upper; letters without case and marks as both.
static inline int is_upper(uint32_t classes) { return (classes & CK_UNICODE_UPPER) != 0; }
static inline int is_lower(uint32_t classes) {
  return (classes & (CK_UNICODE_UPPER | CK_UNICODE_LOWER)) == CK_UNICODE_LOWER;
}
static inline int is_caseless(uint32_t classes) {
  return (classes & MARK) || ((classes & LETTER) && !(classes & (CK_UNICODE_UPPER | CK_UNICODE_LOWER)));
}

typedef struct {
  /// End of upper* lower+, and of upper+ alone; 0 where there is none.
  size_t lower, upper;
} cased_ends;

/// A word of o200k at `start`, without what may stand before it: letters fall from upper to lower once.
static inline cased_ends cased_word(piece p, size_t start) {
  cased_ends ends = {0, 0};
  size_t at = start;
  seen_character c = seen(p, at);
  for (; is_upper(c.classes) || is_caseless(c.classes); c = seen(p, at)) {
    at += c.length;
    // Where no lower case follows, upper* gives back down to the last letter without case, which serves as lower+.
    if (is_caseless(c.classes)) ends.lower = at;
  }
  if (at > start) ends.upper = at;
  if (!is_lower(c.classes)) return ends;
  do {
    at += c.length;
    c = seen(p, at);
  } while (is_lower(c.classes) || is_caseless(c.classes));
  ends.lower = at;
  return ends;
}

/// The first alternative that matches: upper* lower+ behind a prefix, without one; upper+ behind a prefix, without one.
static inline size_t cased_end(piece p, size_t start) {
  seen_character head = seen(p, start);
  cased_ends bare = {0, 0}, behind = {0, 0};
  if (head.classes & (LETTER | MARK)) bare = cased_word(p, start);
  if (!(head.classes & (LETTER | NUMBER)) && !is_line_end(p.text[start])) behind = cased_word(p, start + head.length);
  if (behind.lower) return behind.lower;
  if (bare.lower) return bare.lower;
  return behind.upper ? behind.upper : bare.upper;
}

/// o200k and Tekken: prefix? cased letters contraction? | numbers | space? symbols (line end or slash)* | white space.
static inline size_t o200k_end(piece p, size_t start, int contractions, size_t most) {
  size_t word = cased_end(p, start);
  if (word) return contractions ? contraction_end(p, word, 1) : word;
  seen_character head = seen(p, start);
  if (head.classes & NUMBER) return numbers_end(p, start + head.length, most - 1);
  return symbols_or_spaces_end(p, start, LETTER | NUMBER | SPACE, 1);
}

static int is_ascii_punctuation(uint8_t byte) {
  return byte > 0x20 && byte < 0x7F && !is_ascii_letter(byte) && (uint8_t)(byte - '0') > 9;
}

/// What no alternative of DeepSeek's pattern matches (controls, unassigned code points), up to what one does.
static inline size_t unmatched_end(piece p, size_t at) {
  for (;;) {
    seen_character c = seen(p, at);
    if (c.length == 0 || c.classes) return at;
    if (seen(p, at + c.length).classes & (LETTER | MARK)) return at;
    at += c.length;
  }
}

/// DeepSeek-V3: numbers by three, then runs of ideographs and kana, then over each piece
/// punctuation letters (ASCII) | prefix? letters and marks | space? symbols line ends* | white space.
static inline size_t deepseek_end(piece p, size_t start) {
  uint32_t length, code = decoded(p.text, start, p.end, &length);
  seen_character head = seen(p, start);
  size_t next = start + head.length;
  if (head.classes & NUMBER) return numbers_end(p, next, 2);
  p.kind = is_set_apart(code) ? PIECE_CJK : PIECE_NO_CJK;
  seen_character following = seen(p, next);
  if (is_ascii_punctuation(p.text[start]) && next < p.end && is_ascii_letter(p.text[next])) {
    while (next < p.end && is_ascii_letter(p.text[next])) next++;
    return next;
  }
  if (head.classes & (LETTER | MARK)) return end_of(p, next, LETTER | MARK);
  if (!(head.classes & SYMBOL) && !is_line_end(p.text[start]) && following.classes & (LETTER | MARK))
    return end_of(p, next + following.length, LETTER | MARK);
  if (p.text[start] == ' ' && following.classes & SYMBOL)
    return line_ends_end(p, end_of(p, next + following.length, SYMBOL), 0);
  if (head.classes & SYMBOL) return line_ends_end(p, end_of(p, next, SYMBOL), 0);
  if (head.classes & SPACE) return spaces_end(p, start, 1);
  return unmatched_end(p, next);
}

/// StarCoder: every number by itself, then GPT-2 over each piece.
static inline size_t starcoder_end(piece p, size_t start) {
  seen_character head = seen(p, start);
  if (head.classes & NUMBER) return start + head.length;
  p.kind = PIECE_NO_NUMBERS;
  return gpt2_end(p, start);
}

size_t ck_word_end(int rules, const uint8_t *text, size_t start, size_t end) {
  piece p = {text, end, PIECE_ANY};
  switch (rules) {
    case CK_WORDS_CL100K: return modern_end(p, start, LETTER, 3);
    case CK_WORDS_QWEN2: return modern_end(p, start, LETTER, 1);
    case CK_WORDS_QWEN35: return modern_end(p, start, LETTER | MARK, 1);
    case CK_WORDS_O200K: return o200k_end(p, start, 1, 3);
    case CK_WORDS_TEKKEN: return o200k_end(p, start, 0, 1);
    case CK_WORDS_DEEPSEEK3: return deepseek_end(p, start);
    case CK_WORDS_STARCODER: return starcoder_end(p, start);
    default: return gpt2_end(p, start);
  }
}

size_t ck_space_length(const uint8_t *text, size_t at, size_t end) {
  seen_character c = seen((piece){text, end, PIECE_ANY}, at);
  return c.classes & SPACE ? c.length : 0;
}
