#ifndef CK_UNITS_H
#define CK_UNITS_H
#include <stddef.h>
#include <stdint.h>

/// What a unit's length carries above CK_UNIT_LENGTH.
enum {
  /// An ideograph, kana or Hangul syllable, a unit each.
  CK_UNIT_WIDE = 1u << 31,
  /// Nothing but marks.
  CK_UNIT_MARK = 1u << 30,
  /// Ends a sentence; neither ends one nor begins one.
  CK_UNIT_ENDS = 1u << 29,
  CK_UNIT_PUNCTUATION = 1u << 28,
  /// Holds a letter.
  CK_UNIT_LETTERS = 1u << 27,
  CK_UNIT_LENGTH = (1u << 27) - 1,
};

/// How many units may be written behind the last one.
enum { CK_UNITS_BEHIND = 8 };

/// The units of a text and what they add up to. Lengths are code points.
typedef struct {
  /// By unit: a hash of its bytes, its length with the flags above.
  uint64_t *hashes;
  uint32_t *lengths;
  size_t count, capacity;
  /// English function words in any case; bits of Gopher's eight stop words in small letters, and in any case.
  uint64_t function_words;
  uint32_t stop_words, stop_words_any_case;
  /// Words that are split or kept whole against the rules.
  const struct ck_word_parts *parts;
  /// Words that were split before, with their units; null: every word is split anew.
  struct unit_cache *cache;
  /// Bit planes of a part of the text; its `base` and `end` are 0 when a text begins.
  struct unit_planes *planes;
  /// Lengths of the suffixes of the word in hand.
  uint32_t *suffixes;
  size_t suffix_capacity;
} ck_units;

/// Splits bytes `from`..<`to` of the text, whole lines, into units and adds them.
///
/// Latin text is split as spaCy's English tokenizer does it, which datatrove counts words by: white space first, then
/// prefixes, suffixes and infixes of marks, contractions, addresses kept whole. There must be room for to - from units
/// and CK_UNITS_BEHIND.
void ck_split_line(const uint8_t *text, size_t count, size_t from, size_t to, ck_units *units);
/// The plain twin: every word goes through the general rules, byte by byte.
void ck_split_line_reference(const uint8_t *text, size_t count, size_t from, size_t to, ck_units *units);

enum { CK_PARTS_SIEVE = 512 };

/// Contractions and abbreviations by the hash of their bytes: an open table of a power of two slots.
typedef struct ck_word_parts {
  const uint64_t *keys;
  /// Lengths of up to three parts; one part: kept whole.
  const uint8_t (*lengths)[4];
  size_t mask;
  /// A bit for each of the low bits of a key that is there: CK_PARTS_SIEVE words of them.
  const uint64_t *sieve;
  /// By the first byte of a word: a bit for each length there is, below 32. Words with an ASCII byte that is neither
  /// letter nor digit, apostrophe or full stop are in the second one.
  const uint32_t *lengths_by_first, *odd_lengths_by_first;
} ck_word_parts;

/// The hash of a unit's bytes.
uint64_t ck_unit_hash(const uint8_t *bytes, size_t length);
#endif
