#include "ck_minhash.h"

// Increment and multipliers of SplitMix64 (Steele, Lea, Flood 2014).
#define STEP 0x9E3779B97F4A7C15u
#define FIRST 0xBF58476D1CE4E5B9u
#define SECOND 0x94D049BB133111EBu

static inline uint64_t mixed(uint64_t shingle, uint64_t round) {
  if (round == 0) return shingle;
  uint64_t x = shingle + round * STEP;
  x = (x ^ (x >> 30)) * FIRST;
  x = (x ^ (x >> 27)) * SECOND;
  return x ^ (x >> 31);
}

static inline void lower(uint64_t x, uint64_t *minima, size_t buckets) {
  size_t bucket = (size_t)(((x >> 32) * (uint64_t)buckets) >> 32);
  if (x < minima[bucket]) minima[bucket] = x;
}

void ck_minhash_round_reference(const uint64_t *shingles, size_t count, uint64_t round, uint64_t *minima, size_t buckets) {
  for (size_t i = 0; i < count; i++) lower(mixed(shingles[i], round), minima, buckets);
}

uint64_t ck_minhash_least(const uint64_t *shingles, size_t count, uint64_t round) {
  uint64_t least = UINT64_MAX;
  for (size_t i = 0; i < count; i++) {
    uint64_t x = mixed(shingles[i], round);
    if (x < least) least = x;
  }
  return least;
}

#if defined(__x86_64__)
#include <immintrin.h>

// Minima settle after a few hundred shingles, so a whole vector rarely has anything to lower: one gather, one
// comparison, no store. Lanes that do lower go one by one, which also settles two lanes meeting in one bucket.
__attribute__((target("avx512f,avx512dq"))) static void round_avx512(
    const uint64_t *shingles, size_t count, uint64_t round, uint64_t *minima, size_t buckets) {
  const __m512i add = _mm512_set1_epi64((long long)(round * STEP)), wide = _mm512_set1_epi64((long long)buckets);
  const __m512i first = _mm512_set1_epi64((long long)FIRST), second = _mm512_set1_epi64((long long)SECOND);
  size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    __m512i x = _mm512_loadu_si512(shingles + i);
    if (round > 0) {
      x = _mm512_add_epi64(x, add);
      x = _mm512_mullo_epi64(_mm512_xor_si512(x, _mm512_srli_epi64(x, 30)), first);
      x = _mm512_mullo_epi64(_mm512_xor_si512(x, _mm512_srli_epi64(x, 27)), second);
      x = _mm512_xor_si512(x, _mm512_srli_epi64(x, 31));
    }
    __m512i bucket = _mm512_srli_epi64(_mm512_mul_epu32(_mm512_srli_epi64(x, 32), wide), 32);
    __m512i held = _mm512_i64gather_epi64(bucket, minima, 8);
    if (_mm512_cmplt_epu64_mask(x, held) == 0) continue;
    uint64_t lanes[8];
    _mm512_storeu_si512(lanes, x);
    for (int lane = 0; lane < 8; lane++) lower(lanes[lane], minima, buckets);
  }
  ck_minhash_round_reference(shingles + i, count - i, round, minima, buckets);
}

__attribute__((target("avx2"))) static __m256i times_avx2(__m256i a, uint64_t factor) {
  const __m256i low = _mm256_set1_epi64x((long long)(factor & 0xFFFFFFFFu)), high = _mm256_set1_epi64x((long long)(factor >> 32));
  __m256i cross = _mm256_add_epi64(_mm256_mul_epu32(_mm256_srli_epi64(a, 32), low), _mm256_mul_epu32(a, high));
  return _mm256_add_epi64(_mm256_mul_epu32(a, low), _mm256_slli_epi64(cross, 32));
}

__attribute__((target("avx2"))) static void round_avx2(
    const uint64_t *shingles, size_t count, uint64_t round, uint64_t *minima, size_t buckets) {
  const __m256i add = _mm256_set1_epi64x((long long)(round * STEP)), wide = _mm256_set1_epi64x((long long)buckets);
  const __m256i sign = _mm256_set1_epi64x((long long)(1ull << 63));
  size_t i = 0;
  for (; i + 4 <= count; i += 4) {
    __m256i x = _mm256_loadu_si256((const __m256i *)(shingles + i));
    if (round > 0) {
      x = _mm256_add_epi64(x, add);
      x = times_avx2(_mm256_xor_si256(x, _mm256_srli_epi64(x, 30)), FIRST);
      x = times_avx2(_mm256_xor_si256(x, _mm256_srli_epi64(x, 27)), SECOND);
      x = _mm256_xor_si256(x, _mm256_srli_epi64(x, 31));
    }
    __m256i bucket = _mm256_srli_epi64(_mm256_mul_epu32(_mm256_srli_epi64(x, 32), wide), 32);
    __m256i held = _mm256_i64gather_epi64((const long long *)minima, bucket, 8);
    __m256i less = _mm256_cmpgt_epi64(_mm256_xor_si256(held, sign), _mm256_xor_si256(x, sign));
    if (_mm256_testz_si256(less, less)) continue;
    uint64_t lanes[4];
    _mm256_storeu_si256((__m256i *)lanes, x);
    for (int lane = 0; lane < 4; lane++) lower(lanes[lane], minima, buckets);
  }
  ck_minhash_round_reference(shingles + i, count - i, round, minima, buckets);
}

void ck_minhash_round(const uint64_t *shingles, size_t count, uint64_t round, uint64_t *minima, size_t buckets) {
  if (__builtin_cpu_supports("avx512dq")) {
    round_avx512(shingles, count, round, minima, buckets);
  } else if (__builtin_cpu_supports("avx2")) {
    round_avx2(shingles, count, round, minima, buckets);
  } else {
    ck_minhash_round_reference(shingles, count, round, minima, buckets);
  }
}
#else
void ck_minhash_round(const uint64_t *shingles, size_t count, uint64_t round, uint64_t *minima, size_t buckets) {
  ck_minhash_round_reference(shingles, count, round, minima, buckets);
}
#endif
