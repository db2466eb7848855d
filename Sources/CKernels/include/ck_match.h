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

/// A blocked Bloom filter of anchors.
typedef struct {
  /// 2^(64 - shift) words of 64 bits.
  const uint64_t *bits;
  unsigned shift;
} ck_match_filter;

/// An anchor is the last `words` units where all of them are words, else the last `ideographs`.
typedef struct {
  unsigned words, ideographs;
  /// Anchors in a row of which the least is asked for, 1 ... CK_MATCH_WINDOW.
  unsigned window;
  /// Asked for the least of every `window` anchors in a row: few, so that a large filter is seldom touched.
  ck_match_filter least;
  /// Asked for every anchor; without bits for none.
  ck_match_filter every;
} ck_match_search;

enum { CK_MATCH_WINDOW = 8 };

typedef struct {
  /// Index of its last unit; down to 1 - window.
  int32_t place;
  uint64_t hash;
} ck_match_anchor;

/// Hash of `count` units in a row.
uint64_t ck_match_hash(const uint64_t *units, size_t count);
/// The two bits of a word of the filter that a hash sets.
uint64_t ck_match_mask(uint64_t hash);
/// The anchor that ends before `end`.
uint64_t ck_match_anchor_hash(const uint64_t *end, const ck_match_search *search);
/// What the least of some anchors is chosen by: the smaller one.
int32_t ck_match_key(uint64_t hash);

/// Anchors that the filters may hold, of windows that end at `units[0] ... units[count - 1]`; `found` has room for
/// twice `count + window * (count / 512 + 1) + 1`. An anchor may come more than once. Before `units` lie as many
/// earlier ones as window and anchor together are long; zeros before the beginning of the text.
size_t ck_match_anchors(const uint64_t *units, size_t count, const ck_match_search *search, ck_match_anchor *found);
/// The plain twin: every window and every anchor by itself.
size_t ck_match_anchors_reference(const uint64_t *units, size_t count, const ck_match_search *search,
                                  ck_match_anchor *found);
#endif
