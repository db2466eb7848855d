#ifndef CK_NGRAM_H
#define CK_NGRAM_H

#include <stddef.h>
#include <stdint.h>

/// Hashed n-grams of UTF-8: at the first byte of every character the 3 bytes and the 6 bytes from there on (one and two
/// Han characters, three and six letters). What lies beyond the end counts as zero bytes; nothing there is read.

/// Writes the rows, below 2^bits, of the n-grams of `text` in text order and returns how many: at most 2 * count.
size_t ck_ngram_rows(const uint8_t *text, size_t count, unsigned bits, uint32_t *rows);

/// Adds the table rows (`lanes` int8 each: 1, 8 or 16) of all n-grams of `text` to `sums[lanes]`, their number to
/// `*found`.
void ck_ngram_sum(const uint8_t *text, size_t count, const int8_t *table, unsigned bits, unsigned lanes, int64_t *sums,
                  size_t *found);
void ck_ngram_sum_at(int level, const uint8_t *text, size_t count, const int8_t *table, unsigned bits, unsigned lanes,
                     int64_t *sums, size_t *found);
void ck_ngram_sum_reference(const uint8_t *text, size_t count, const int8_t *table, unsigned bits, unsigned lanes,
                            int64_t *sums, size_t *found);

#endif
