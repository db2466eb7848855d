#include "ck_ngram.h"

#include "vector.h"
#if defined(__x86_64__)
#include <immintrin.h>
#endif

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

CK_INLINE void sum_tail(const uint8_t *padded, size_t rest, const int8_t *table, unsigned bits, unsigned lanes,
                        int64_t *sums, size_t *found) {
  uint32_t rows[2 * BLOCK + 2];
  size_t from = 0, some = rows_of(padded, &from, rest, 64 - bits, rows);
  add_rows(rows, some, table, lanes, sums);
  *found += some;
}

CK_INLINE void sum_body(const uint8_t *text, size_t count, const int8_t *table, unsigned bits, unsigned lanes,
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
  sum_tail(padded, rest, table, bits, lanes, sums, found);
}

#if defined(__x86_64__)
/// The rows of the characters that begin at 8 places, in any order: sums do not mind. 16 bytes can be read.
CK_TARGET_AVX512 static inline size_t rows_of_eight(const uint8_t *text, unsigned shift, uint32_t *rows) {
  const __m512i places = _mm512_set_epi64(0x0E0D0C0B0A090807, 0x0D0C0B0A09080706, 0x0C0B0A0908070605,
                                          0x0B0A090807060504, 0x0A09080706050403, 0x0908070605040302,
                                          0x0807060504030201, 0x0706050403020100);
  __m512i words = _mm512_shuffle_epi8(_mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)text)), places);
  __m512i shorter =
      _mm512_mullo_epi64(_mm512_slli_epi64(words, 40), _mm512_set1_epi64((long long)0x9E3779B97F4A7C15u));
  __m512i longer =
      _mm512_mullo_epi64(_mm512_slli_epi64(words, 16), _mm512_set1_epi64((long long)0xD6E8FEB86659FD93u));
  longer = _mm512_mullo_epi64(_mm512_xor_si512(longer, _mm512_srli_epi64(longer, 32)),
                              _mm512_set1_epi64((long long)0xBF58476D1CE4E5B9u));
  __m512i inside = _mm512_and_si512(words, _mm512_set1_epi64(0xC0));
  __mmask8 starts = _mm512_cmpneq_epi64_mask(inside, _mm512_set1_epi64(0x80));
  size_t found = (size_t)__builtin_popcount(starts);
  __m256i first = _mm512_cvtepi64_epi32(_mm512_srli_epi64(shorter, shift));
  __m256i second = _mm512_cvtepi64_epi32(_mm512_srli_epi64(longer, shift));
  _mm256_storeu_si256((__m256i *)rows, _mm256_maskz_compress_epi32(starts, first));
  _mm256_storeu_si256((__m256i *)(rows + found), _mm256_maskz_compress_epi32(starts, second));
  return 2 * found;
}

CK_TARGET_AVX512 static void ck_ngram_sum_avx512(const uint8_t *text, size_t count, const int8_t *table, unsigned bits,
                                                 unsigned lanes, int64_t *sums, size_t *found) {
  // What is written behind the rows of a block is written over by the next one.
  uint32_t rows[2 * BLOCK + WORD];
  size_t from = 0;
  while (from + 2 * WORD + BLOCK <= count) {
    size_t some = 0;
    for (size_t end = from + BLOCK; from < end; from += WORD)
      some += rows_of_eight(text + from, 64 - bits, rows + some);
    add_rows(rows, some, table, lanes, sums);
    *found += some;
  }
  sum_body(text + from, count - from, table, bits, lanes, sums, found);
}

CK_TARGET_AVX2 static void ck_ngram_sum_avx2(const uint8_t *text, size_t count, const int8_t *table, unsigned bits,
                                             unsigned lanes, int64_t *sums, size_t *found) {
  sum_body(text, count, table, bits, lanes, sums, found);
}
#endif

void ck_ngram_sum_at(int level, const uint8_t *text, size_t count, const int8_t *table, unsigned bits, unsigned lanes,
                     int64_t *sums, size_t *found) {
#if defined(__x86_64__)
  if (level >= CK_AVX512) return ck_ngram_sum_avx512(text, count, table, bits, lanes, sums, found);
  if (level == CK_AVX2) return ck_ngram_sum_avx2(text, count, table, bits, lanes, sums, found);
#else
  (void)level;
#endif
  sum_body(text, count, table, bits, lanes, sums, found);
}

void ck_ngram_sum(const uint8_t *text, size_t count, const int8_t *table, unsigned bits, unsigned lanes, int64_t *sums,
                  size_t *found) {
  ck_ngram_sum_at(ck_cpu_level(), text, count, table, bits, lanes, sums, found);
}

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
