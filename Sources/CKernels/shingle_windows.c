#include "ck_shingles.h"

/// Odd, so that multiplying loses nothing.
#define BASE 0xD1342543DE82EF95u
#define FIRST 0x9E6C63D0876A9A47u
#define SECOND 0xBF58476D1CE4E5B9u

/// Spreads the polynomial's strong high bits over the whole word.
static inline uint64_t finished(uint64_t hash) {
  hash = (hash ^ hash >> 32) * FIRST;
  return (hash ^ hash >> 29) * SECOND;
}

/// The polynomial of the `length` units that end at `end`; `*all` has its lowest bit set when all are words.
static inline uint64_t window(const uint64_t *end, unsigned length, uint64_t *all) {
  uint64_t hash = 0, bits = 1;
  for (unsigned back = length; back-- > 0;) {
    hash = hash * BASE + end[-(long)back];
    bits &= end[-(long)back];
  }
  *all = bits;
  return hash;
}

size_t ck_shingle_windows_reference(const uint64_t *units, size_t count, size_t before, unsigned word_length,
                                    unsigned ideograph_length, uint64_t *shingles) {
  size_t made = 0;
  for (size_t index = 0; index < count; index++) {
    uint64_t words, mixed;
    uint64_t word_hash = window(units + index, word_length, &words);
    uint64_t mixed_hash = window(units + index, ideograph_length, &mixed);
    if (words) {
      shingles[made++] = finished(word_hash);
    } else if (!mixed && before + index + 1 >= ideograph_length) {
      shingles[made++] = finished(mixed_hash);
    }
  }
  return made;
}

#if defined(__x86_64__)
#include <immintrin.h>
#define WIDE __attribute__((target("avx512f,avx512dq")))

WIDE static inline __m512i finished_wide(__m512i hash) {
  hash = _mm512_mullo_epi64(_mm512_xor_si512(hash, _mm512_srli_epi64(hash, 32)), _mm512_set1_epi64((long long)FIRST));
  return _mm512_mullo_epi64(_mm512_xor_si512(hash, _mm512_srli_epi64(hash, 29)), _mm512_set1_epi64((long long)SECOND));
}

/// Eight windows at once; the result's bits say which of them hold words only.
WIDE static inline __mmask8 window_wide(const uint64_t *end, unsigned length, __m512i *hash) {
  __m512i sum = _mm512_setzero_si512(), bits = _mm512_set1_epi64(1);
  for (unsigned back = length; back-- > 0;) {
    __m512i unit = _mm512_loadu_si512(end - back);
    sum = _mm512_add_epi64(_mm512_mullo_epi64(sum, _mm512_set1_epi64((long long)BASE)), unit);
    bits = _mm512_and_si512(bits, unit);
  }
  *hash = sum;
  return _mm512_test_epi64_mask(bits, bits);
}

WIDE static size_t windows_wide(const uint64_t *units, size_t count, unsigned word_length, unsigned ideograph_length,
                                uint64_t *shingles) {
  size_t made = 0, index = 0;
  for (; index + 8 <= count; index += 8) {
    __m512i hash, mixed;
    __mmask8 words = window_wide(units + index, word_length, &hash), wanted = 0xFF;
    if (word_length != ideograph_length) {
      // Only windows with an ideograph differ by the second length.
      __mmask8 plain = window_wide(units + index, ideograph_length, &mixed);
      hash = _mm512_mask_blend_epi64(words, mixed, hash);
      wanted = (__mmask8)(words | ~plain);
    }
    _mm512_mask_compressstoreu_epi64(shingles + made, wanted, finished_wide(hash));
    made += (size_t)__builtin_popcount(wanted);
  }
  return made + ck_shingle_windows_reference(units + index, count - index, 16, word_length, ideograph_length,
                                             shingles + made);
}
#endif

size_t ck_shingle_windows(const uint64_t *units, size_t count, size_t before, unsigned word_length,
                          unsigned ideograph_length, uint64_t *shingles) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512dq")) {
    // The first ones of a text reach before it.
    size_t few = before < 16 ? 16 - before : 0;
    if (few > count) few = count;
    size_t made = ck_shingle_windows_reference(units, few, before, word_length, ideograph_length, shingles);
    return made + windows_wide(units + few, count - few, word_length, ideograph_length, shingles + made);
  }
#endif
  return ck_shingle_windows_reference(units, count, before, word_length, ideograph_length, shingles);
}
