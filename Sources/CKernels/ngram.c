#include "ck_ngram.h"

#include "vector.h"

enum {
  /// Characters a block: its rows fit 16-bit sums, 2 * 128 * 127 < 2^15.
  BLOCK = 128,
  WORD = 8,
};

typedef int8_t c8 __attribute__((ext_vector_type(8)));
typedef int16_t s8 __attribute__((ext_vector_type(8)));
typedef int8_t c16 __attribute__((ext_vector_type(16)));
typedef int16_t s16 __attribute__((ext_vector_type(16)));

CK_INLINE uint64_t word_at(const uint8_t *bytes) {
  uint64_t word;
  memcpy(&word, bytes, WORD);
  return word;
}

/// The rows of the characters that begin in [*from, to), at most BLOCK of them; all 8 bytes of each can be read.
CK_INLINE size_t rows_of(const uint8_t *text, size_t *from, size_t to, unsigned shift, uint32_t *rows) {
  size_t index = *from, found = 0;
  for (; index < to && found < 2 * BLOCK; index++) {
    uint64_t word = word_at(text + index);
    rows[found] = (uint32_t)(((word << 40) * 0x9E3779B97F4A7C15u) >> shift);
    uint64_t longer = (word << 16) * 0xD6E8FEB86659FD93u;
    rows[found + 1] = (uint32_t)((longer ^ longer >> 32) * 0xBF58476D1CE4E5B9u >> shift);
    found += (word & 0xC0) == 0x80 ? 0 : 2;
  }
  *from = index;
  return found;
}

/// The last bytes of a text with zeros behind them.
CK_INLINE size_t tail_of(const uint8_t *text, size_t count, uint8_t *padded) {
  size_t rest = count < WORD ? count : WORD - 1;
  memset(padded, 0, 2 * WORD);
  memcpy(padded, text + count - rest, rest);
  return rest;
}

size_t ck_ngram_rows(const uint8_t *text, size_t count, unsigned bits, uint32_t *rows) {
  uint32_t block[2 * BLOCK + 2];
  uint8_t padded[2 * WORD];
  size_t rest = count == 0 ? 0 : tail_of(text, count, padded), from = 0, found = 0;
  while (from < count - rest) {
    size_t some = rows_of(text, &from, count - rest, 64 - bits, block);
    memcpy(rows + found, block, some * sizeof *rows);
    found += some;
  }
  from = 0;
  size_t some = rows_of(padded, &from, rest, 64 - bits, block);
  memcpy(rows + found, block, some * sizeof *rows);
  return found + some;
}

CK_INLINE void add_rows(const uint32_t *rows, size_t found, const int8_t *table, unsigned lanes, int64_t *sums) {
  if (lanes == 16) {
    s16 total = 0;
    for (size_t i = 0; i < found; i++) {
      c16 row;
      memcpy(&row, table + 16 * (size_t)rows[i], 16);
      total += __builtin_convertvector(row, s16);
    }
    for (int lane = 0; lane < 16; lane++) sums[lane] += total[lane];
  } else if (lanes == 8) {
    s8 total = 0;
    for (size_t i = 0; i < found; i++) {
      c8 row;
      memcpy(&row, table + 8 * (size_t)rows[i], 8);
      total += __builtin_convertvector(row, s8);
    }
    for (int lane = 0; lane < 8; lane++) sums[lane] += total[lane];
  } else {
    int32_t total = 0;
    for (size_t i = 0; i < found; i++) total += table[rows[i]];
    sums[0] += total;
  }
}

CK_INLINE void ck_ngram_sum_body(const uint8_t *text, size_t count, const int8_t *table, unsigned bits, unsigned lanes,
                                 int64_t *sums, size_t *found) {
  uint32_t rows[2 * BLOCK + 2];
  uint8_t padded[2 * WORD];
  if (count == 0) return;
  size_t rest = tail_of(text, count, padded), from = 0;
  while (from < count - rest) {
    size_t some = rows_of(text, &from, count - rest, 64 - bits, rows);
    add_rows(rows, some, table, lanes, sums);
    *found += some;
  }
  from = 0;
  size_t some = rows_of(padded, &from, rest, 64 - bits, rows);
  add_rows(rows, some, table, lanes, sums);
  *found += some;
}

CK_KERNEL(ck_ngram_sum,
          (const uint8_t *text, size_t count, const int8_t *table, unsigned bits, unsigned lanes, int64_t *sums,
           size_t *found),
          (text, count, table, bits, lanes, sums, found))

void ck_ngram_sum_reference(const uint8_t *text, size_t count, const int8_t *table, unsigned bits, unsigned lanes,
                            int64_t *sums, size_t *found) {
  for (size_t i = 0; i < count; i++) {
    if ((text[i] & 0xC0) == 0x80) continue;
    uint64_t word = 0;
    for (size_t k = 0; k < WORD && i + k < count; k++) word |= (uint64_t)text[i + k] << 8 * k;
    uint64_t longer = (word << 16) * 0xD6E8FEB86659FD93u;
    uint64_t hashes[2] = {(word << 40) * 0x9E3779B97F4A7C15u, (longer ^ longer >> 32) * 0xBF58476D1CE4E5B9u};
    for (int n = 0; n < 2; n++)
      for (unsigned lane = 0; lane < lanes; lane++) sums[lane] += table[(hashes[n] >> (64 - bits)) * lanes + lane];
    *found += 2;
  }
}
