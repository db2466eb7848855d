#ifndef CK_SHINGLES_H
#define CK_SHINGLES_H
#include <stddef.h>
#include <stdint.h>

/// How far a text has been cut into units.
typedef struct {
  /// The next byte.
  size_t at;
  /// Units and symbols met so far; 0 = nothing but separators.
  size_t seen;
  /// A 128-bit hash of all units and symbols met, in order: equal matching forms have equal keys.
  uint64_t high, low;
} ck_shingle_scan;

/// At the beginning of a text.
ck_shingle_scan ck_shingle_begin(void);

/// Cuts a text into units - words, single ideographs, operators - and hashes each; the lowest bit says what it is: 0
/// for an ideograph, else 1. Returns how many went into `units`: fewer than `capacity` means the text is at its end.
///
/// `classes` has 65,536 entries, what a code point is: its folded value << 2 | 3 letter, 2 ideograph, 1 ignored,
/// 0 symbol, and 0 altogether for a separator; those of ASCII must be the ones `ck_shingle_ascii` tells. Symbols
/// are units when `keeps_operators`, else they only change the key. At least 64 places of capacity make it fast.
size_t ck_shingle_units(const uint8_t *text, size_t count, ck_shingle_scan *scan, const uint32_t *classes,
                        int keeps_operators, uint64_t *units, size_t capacity);
/// The same, one code point at a time: the reference the fast path is tested against.
size_t ck_shingle_units_reference(const uint8_t *text, size_t count, ck_shingle_scan *scan, const uint32_t *classes,
                                  int keeps_operators, uint64_t *units, size_t capacity);
/// The class of an ASCII byte: letters and digits folded, which signs are symbols and which separate.
uint32_t ck_shingle_ascii(uint8_t byte, int keeps_operators);

/// Hashes of the shingles that end at each of `count` units: the last `word_length` units when all are words, else the
/// last `ideograph_length` when an ideograph is among them. The 16 units before `units[0]` must be readable, zero
/// where there are none; `before` is how many there are (16 and more are the same). Both lengths are 1 ... 16.
size_t ck_shingle_windows(const uint64_t *units, size_t count, size_t before, unsigned word_length,
                          unsigned ideograph_length, uint64_t *shingles);
size_t ck_shingle_windows_reference(const uint64_t *units, size_t count, size_t before, unsigned word_length,
                                    unsigned ideograph_length, uint64_t *shingles);
#endif
