#include "candidates_internal.h"
#if defined(__x86_64__)
#include <immintrin.h>
#define AVX2 __attribute__((target("avx2,bmi")))

typedef struct {
  __m256i first, second;
} two_blocks;

AVX2 static inline uint64_t bits(__m256i first, __m256i second) {
  return (uint64_t)(uint32_t)_mm256_movemask_epi8(first) | (uint64_t)(uint32_t)_mm256_movemask_epi8(second) << 32;
}
AVX2 static inline uint64_t is(two_blocks block, int byte) {
  __m256i wanted = _mm256_set1_epi8((char)byte);
  return bits(_mm256_cmpeq_epi8(block.first, wanted), _mm256_cmpeq_epi8(block.second, wanted));
}
AVX2 static inline __m256i inside(__m256i block, int first, int span) {
  __m256i offset = _mm256_sub_epi8(block, _mm256_set1_epi8((char)first));
  return _mm256_cmpeq_epi8(_mm256_min_epu8(offset, _mm256_set1_epi8((char)span)), offset);
}
AVX2 static inline uint64_t within(two_blocks block, int first, int span) {
  return bits(inside(block.first, first, span), inside(block.second, first, span));
}
AVX2 static inline __m256i load(const uint8_t *bytes) { return _mm256_loadu_si256((const __m256i *)bytes); }

AVX2 static inline void masks_of(const uint8_t *bytes, block_masks *masks) {
  two_blocks block = {load(bytes), load(bytes + 32)};
  __m256i folding = _mm256_set1_epi8(0x20);
  two_blocks folded = {_mm256_or_si256(block.first, folding), _mm256_or_si256(block.second, folding)};
  masks->digit = within(block, '0', 9);
  masks->hex = masks->digit | within(folded, 'a', 5);
  masks->letter = within(folded, 'a', 25);
  masks->capital = within(block, 'A', 25);
  masks->beyond = bits(block.first, block.second);
  masks->colon = is(block, ':');
  masks->dot = is(block, '.');
  masks->hyphen = is(block, '-');
  masks->space = is(block, ' ');
  masks->plus = is(block, '+');
  masks->at = is(block, '@');
  masks->c2 = is(block, 0xC2);
  masks->b7 = is(block, 0xB7);
}

AVX2 static inline __m256i sieve_half(const uint8_t *bytes, const ck_literals *literals) {
  const __m256i nibble = _mm256_set1_epi8(15);
  __m256i both = _mm256_set1_epi8(-1);
  for (int place = 0; place < 4; place++) {
    __m256i low = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)literals->low[place]));
    __m256i high = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)literals->high[place]));
    __m256i block = load(bytes + place);
    __m256i first = _mm256_shuffle_epi8(low, _mm256_and_si256(block, nibble));
    __m256i second = _mm256_shuffle_epi8(high, _mm256_and_si256(_mm256_srli_epi16(block, 4), nibble));
    both = _mm256_and_si256(both, _mm256_and_si256(first, second));
  }
  return both;
}

AVX2 static inline sieved_places sieve(const uint8_t *bytes, const ck_literals *literals) {
  __m256i first = sieve_half(bytes, literals), second = sieve_half(bytes + 32, literals);
  const __m256i zero = _mm256_setzero_si256(), latin = _mm256_set1_epi8(15), other = _mm256_set1_epi8((char)0xF0);
  sieved_places places = {~bits(_mm256_cmpeq_epi8(_mm256_and_si256(first, latin), zero),
                                _mm256_cmpeq_epi8(_mm256_and_si256(second, latin), zero)),
                          ~bits(_mm256_cmpeq_epi8(_mm256_and_si256(first, other), zero),
                                _mm256_cmpeq_epi8(_mm256_and_si256(second, other), zero))};
  return places;
}

CANDIDATE_LOOP(ck_candidates_avx2, AVX2, masks_of, sieve)
#endif
