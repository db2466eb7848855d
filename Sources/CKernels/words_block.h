#ifndef WORDS_BLOCK_H
#define WORDS_BLOCK_H
#include "ck_words.h"
#include <stddef.h>
#include <stdint.h>

// Where words begin in a block of 64 bytes, by bit algebra over the classes of its ASCII characters.

/// A bit for each of 64 bytes.
typedef struct {
  uint64_t upper, lower, number, blank, space, line_end, beyond, control, apostrophe, slash;
} block_classes;

/// What of a pattern shows in ASCII.
typedef struct {
  /// Numbers that stand together at most: 1, 3, or 0 for all.
  int numbers;
  /// GPT-2: a blank goes before letters, numbers and symbols; nothing else does, and line ends are white space.
  int is_gpt2;
  /// Contractions stand alone (1), end a word (2), or are none (0).
  int contractions;
  /// Words end where upper case follows lower case.
  int is_cased;
  /// Slashes go with the line ends behind symbols.
  int takes_slash;
  /// Numbers end a piece: white space before them is not shared out.
  int numbers_apart;
  /// Controls belong to no class.
  int stops_at_controls;
} ascii_rules;

static inline ascii_rules ascii_rules_of(int rules) {
  switch (rules) {
    case CK_WORDS_CL100K: return (ascii_rules){.numbers = 3, .contractions = 1};
    case CK_WORDS_QWEN2: case CK_WORDS_QWEN35: return (ascii_rules){.numbers = 1, .contractions = 1};
    case CK_WORDS_O200K: return (ascii_rules){.numbers = 3, .contractions = 2, .is_cased = 1, .takes_slash = 1};
    case CK_WORDS_TEKKEN: return (ascii_rules){.numbers = 1, .is_cased = 1, .takes_slash = 1};
    case CK_WORDS_DEEPSEEK3: return (ascii_rules){.numbers = 3, .numbers_apart = 1, .stops_at_controls = 1};
    case CK_WORDS_STARCODER:
      return (ascii_rules){.numbers = 1, .is_gpt2 = 1, .contractions = 1, .numbers_apart = 1};
    default: return (ascii_rules){.is_gpt2 = 1, .contractions = 1};
  }
}

/// First bits of the runs of a mask, and last ones.
static inline uint64_t firsts(uint64_t mask) { return mask & ~(mask << 1); }
static inline uint64_t lasts(uint64_t mask) { return mask & ~(mask >> 1); }

/// Contractions at the places `at`: bits of those with one letter behind the apostrophe, and with two.
typedef struct {
  uint64_t one, two;
} contraction_bits;

/// Beginnings of numbers: all, each third of a run, or the first of a run.
static inline uint64_t number_starts(uint64_t number, int together) {
  if (together == 1) return number;
  uint64_t starts = firsts(number);
  if (together == 0) return starts;
  uint64_t inner = number & number << 1 & number << 2;
  for (uint64_t next = starts << 3 & inner; next; next = next << 3 & inner) starts |= next;
  return starts;
}

/// Beginnings of white space: of a run, behind its last line end, and its last character, which what follows may take.
/// `shared`: the run's last character may be taken by what stands behind it.
static inline uint64_t space_starts(uint64_t space, uint64_t line_end, uint64_t number, ascii_rules rules) {
  uint64_t rest = space;
  if (!rules.is_gpt2) {
    rest &= ~line_end;
    // Blanks before a line end belong to it.
    for (uint64_t before = rest & line_end >> 1; before; before = rest & before >> 1) rest &= ~before;
  }
  uint64_t last = lasts(rest);
  if (rules.numbers_apart) last &= ~(number >> 1);
  return firsts(space) | firsts(rest) | last;
}

/// Beginnings of words in the first `count` bytes, of which bit 0 is one. Bytes from `count` on are not known; of the
/// last two and of a run of white space at the end only the first is sure: `*sure` is the last place that is.
static inline uint64_t block_starts(block_classes c, size_t count, ascii_rules rules, contraction_bits contractions,
                                    size_t *sure) {
  uint64_t known = count < 64 ? ((uint64_t)1 << count) - 1 : UINT64_MAX;
  uint64_t letter = (c.upper | c.lower) & known, number = c.number & known, space = c.space & known;
  uint64_t line_end = c.line_end & known, blank = c.blank & known;
  uint64_t symbol = known & ~(letter | number | space);
  if (!rules.is_gpt2) {
    // Line ends (and slashes) right behind symbols go with them.
    uint64_t tails = rules.takes_slash ? line_end | (c.slash & known) : line_end;
    uint64_t first = symbol << 1 & line_end;
    uint64_t taken = tails & ~(tails + first);
    if (first & ~taken) {
      *sure = 0;
      return 1;
    }
    space &= ~taken;
    line_end &= ~taken;
    symbol &= ~taken;
    blank &= ~taken;
  }
  uint64_t starts = space_starts(space, line_end, number, rules) | number_starts(number, rules.numbers);
  uint64_t symbols = firsts(symbol) & ~(blank << 1), letters = firsts(letter);
  if (rules.is_gpt2) {
    letters &= ~(blank << 1);
    if (rules.numbers != 1) starts &= ~(number & blank << 1);
    starts |= symbols;
  } else {
    starts |= symbols;
    letters &= ~((starts & (symbol | (space & ~line_end))) << 1);
  }
  if (rules.is_cased) letters |= c.upper & c.lower << 1 & known;
  starts |= letters;
  if (rules.contractions && c.apostrophe) {
    uint64_t at = c.apostrophe & known;
    // Ending a word, it stands behind a letter; alone, it begins one.
    at &= rules.contractions == 2 ? letter << 1 : starts;
    uint64_t one = at & contractions.one, two = at & contractions.two;
    if (rules.contractions == 2) {
      // A second one behind the first begins a word: left to the plain machine.
      if ((one << 2 | two << 3) & c.apostrophe) {
        *sure = 0;
        return 1;
      }
      starts &= ~(one | two);
    }
    starts &= ~(one << 1 | two << 1 | two << 2);
    starts |= (one << 2 | two << 3) & letter;
  }
  // Where the white space at the end begins.
  uint64_t others = known & ~c.space;
  size_t after = others ? 64 - (size_t)__builtin_clzll(others) : 0, margin = count > 3 ? count - 3 : 0;
  *sure = after < margin ? after : margin;
  return starts | 1;
}
#endif
