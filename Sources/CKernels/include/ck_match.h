#ifndef CK_MATCH_H
#define CK_MATCH_H

#include <stddef.h>
#include <stdint.h>

/// Units of the matching form of a text: words, case and width folded, and single ideographs, each as a hash whose
/// lowest bit is 1 for a word and 0 for an ideograph. Punctuation, symbols and white space end a word and are not seen.

/// Byte offsets of a unit in its text.
typedef struct {
  uint32_t start, end;
} ck_match_span;

/// Writes the units of `text` from `*at` on and moves `*at` behind the last one; fewer than `capacity` means the end.
/// - classes: of the code points below 0x10000: 0 separates, 1 is not seen, ideographs are c << 2 | 2, letters
///   folded << 2 | 3.
/// - spans: where each unit stands, or NULL.
size_t ck_match_units(const uint8_t *text, size_t count, size_t *at, const uint32_t *classes, uint64_t *units,
                      ck_match_span *spans, size_t capacity);
/// The plain twin: code point by code point.
size_t ck_match_units_reference(const uint8_t *text, size_t count, size_t *at, const uint32_t *classes,
                                uint64_t *units, ck_match_span *spans, size_t capacity);

/// A blocked Bloom filter of anchors: the last `words` units where all of them are words, else the last `ideographs`.
typedef struct {
  /// 2^(64 - shift) words of 64 bits.
  const uint64_t *bits;
  unsigned shift;
  unsigned words, ideographs;
} ck_match_filter;

/// Hash of `count` units in a row.
uint64_t ck_match_hash(const uint64_t *units, size_t count);
/// The two bits of a word of the filter that a hash sets.
uint64_t ck_match_mask(uint64_t hash);

/// Places of `units` where an anchor ends that the filter may hold, ascending, at most `count` of them.
/// Before `units` lie as many earlier ones as an anchor is long; zeros before the beginning of the text.
/// - run: words in a row that end before the first unit; moves on with the units.
size_t ck_match_anchors(const uint64_t *units, size_t count, size_t *run, const ck_match_filter *filter,
                        uint32_t *places);
/// The plain twin: every window hashed by itself.
size_t ck_match_anchors_reference(const uint64_t *units, size_t count, size_t *run, const ck_match_filter *filter,
                                  uint32_t *places);
#endif
