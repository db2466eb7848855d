#include "candidates_internal.h"
#if defined(__x86_64__)
#include <immintrin.h>
#define AVX512 __attribute__((target("avx512f,avx512bw,avx2,bmi")))

AVX512 static inline uint64_t is(__m512i block, int byte) {
  return _mm512_cmpeq_epi8_mask(block, _mm512_set1_epi8((char)byte));
}
AVX512 static inline uint64_t within(__m512i block, int first, int span) {
  return _mm512_cmple_epu8_mask(_mm512_sub_epi8(block, _mm512_set1_epi8((char)first)), _mm512_set1_epi8((char)span));
}

AVX512 static inline void masks_of(const uint8_t *bytes, block_masks *masks) {
  __m512i block = _mm512_loadu_si512((const void *)bytes);
  __m512i folded = _mm512_or_si512(block, _mm512_set1_epi8(0x20));
  masks->digit = within(block, '0', 9);
  masks->hex = masks->digit | within(folded, 'a', 5);
  masks->letter = within(folded, 'a', 25);
  masks->capital = within(block, 'A', 25);
  masks->beyond = _mm512_movepi8_mask(block);
  masks->colon = is(block, ':');
  masks->dot = is(block, '.');
  masks->hyphen = is(block, '-');
  masks->space = is(block, ' ');
  masks->plus = is(block, '+');
  masks->at = is(block, '@');
  masks->c2 = is(block, 0xC2);
  masks->b7 = is(block, 0xB7);
}

AVX512 static inline sieved_places sieve(const uint8_t *bytes, const ck_literals *literals) {
  const __m512i nibble = _mm512_set1_epi8(15);
  __m512i both = _mm512_set1_epi8(-1);
  for (int place = 0; place < 4; place++) {
    __m512i low = _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)literals->low[place]));
    __m512i high = _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)literals->high[place]));
    __m512i block = _mm512_loadu_si512((const void *)(bytes + place));
    __m512i first = _mm512_shuffle_epi8(low, _mm512_and_si512(block, nibble));
    __m512i second = _mm512_shuffle_epi8(high, _mm512_and_si512(_mm512_srli_epi16(block, 4), nibble));
    both = _mm512_and_si512(both, _mm512_and_si512(first, second));
  }
  sieved_places places = {_mm512_test_epi8_mask(both, _mm512_set1_epi8(15)),
                          _mm512_test_epi8_mask(both, _mm512_set1_epi8((char)0xF0))};
  return places;
}

CANDIDATE_LOOP(ck_candidates_avx512, AVX512, masks_of, sieve)
#endif
