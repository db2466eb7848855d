#include "ck_utf8.h"
#if defined(__x86_64__)
#include <immintrin.h>

// Validation by three table look-ups a byte pair: J. Keiser, D. Lemire, "Validating UTF-8 In Less Than One Instruction
// Per Byte" (2021). Each bit is one way for two neighbouring bytes to be wrong; a fault has its bit in all three
// tables.
enum {
  TOO_SHORT = 1 << 0,       // a lead byte without its continuation
  TOO_LONG = 1 << 1,        // a continuation after ASCII
  OVERLONG_3 = 1 << 2,      // E0 80..9F
  TOO_LARGE = 1 << 3,       // F4 90.. and above
  SURROGATE = 1 << 4,       // ED A0..BF
  OVERLONG_2 = 1 << 5,      // C0, C1
  TOO_LARGE_1000 = 1 << 6,  // F5.. 80..8F; F0 80..8F shares the bit
  OVERLONG_4 = 1 << 6,
  TWO_CONTINUATIONS = 1 << 7,
  CARRY = TOO_SHORT | TOO_LONG | TWO_CONTINUATIONS,
  LARGE = CARRY | TOO_LARGE | TOO_LARGE_1000,
  CONTINUED = TOO_LONG | OVERLONG_2 | TWO_CONTINUATIONS,
};

#define AVX2 __attribute__((target("avx2")))
#define TABLE(...) _mm256_broadcastsi128_si256(_mm_setr_epi8(__VA_ARGS__))
#define B(bits) ((char)(bits))

AVX2 static inline __m256i high_nibble(__m256i block) {
  return _mm256_and_si256(_mm256_srli_epi16(block, 4), _mm256_set1_epi8(0x0F));
}

/// Non-zero where the byte, seen with the three before it, is a fault.
AVX2 static inline __m256i faults(__m256i block, __m256i before) {
  const __m256i first_high = TABLE(
      TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, B(TWO_CONTINUATIONS),
      B(TWO_CONTINUATIONS), B(TWO_CONTINUATIONS), B(TWO_CONTINUATIONS), TOO_SHORT | OVERLONG_2, TOO_SHORT,
      TOO_SHORT | OVERLONG_3 | SURROGATE, TOO_SHORT | TOO_LARGE | TOO_LARGE_1000 | OVERLONG_4);
  const __m256i first_low = TABLE(
      B(CARRY | OVERLONG_3 | OVERLONG_2 | OVERLONG_4), B(CARRY | OVERLONG_2), B(CARRY), B(CARRY), B(CARRY | TOO_LARGE),
      B(LARGE), B(LARGE), B(LARGE), B(LARGE), B(LARGE), B(LARGE), B(LARGE), B(LARGE), B(LARGE | SURROGATE), B(LARGE),
      B(LARGE));
  const __m256i second_high = TABLE(
      TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,
      B(CONTINUED | OVERLONG_3 | TOO_LARGE_1000 | OVERLONG_4), B(CONTINUED | OVERLONG_3 | TOO_LARGE),
      B(CONTINUED | SURROGATE | TOO_LARGE), B(CONTINUED | SURROGATE | TOO_LARGE), TOO_SHORT, TOO_SHORT, TOO_SHORT,
      TOO_SHORT);
  const __m256i joined = _mm256_permute2x128_si256(before, block, 0x21);
  const __m256i previous = _mm256_alignr_epi8(block, joined, 15);
  __m256i pairs = _mm256_and_si256(
      _mm256_shuffle_epi8(first_high, high_nibble(previous)),
      _mm256_shuffle_epi8(first_low, _mm256_and_si256(previous, _mm256_set1_epi8(0x0F))));
  pairs = _mm256_and_si256(pairs, _mm256_shuffle_epi8(second_high, high_nibble(block)));
  // Third and fourth bytes must be continuations after a continuation: exactly where the pair bit says there are two.
  const __m256i third = _mm256_subs_epu8(_mm256_alignr_epi8(block, joined, 14), _mm256_set1_epi8(0xE0 - 0x80));
  const __m256i fourth = _mm256_subs_epu8(_mm256_alignr_epi8(block, joined, 13), _mm256_set1_epi8(0xF0 - 0x80));
  const __m256i expected = _mm256_and_si256(_mm256_or_si256(third, fourth), _mm256_set1_epi8(B(0x80)));
  return _mm256_xor_si256(expected, pairs);
}

AVX2 static size_t prefix_avx2(const uint8_t *bytes, size_t count) {
  __m256i before = _mm256_setzero_si256();
  size_t index = 0;
  for (; index + 32 <= count; index += 32) {
    __m256i block = _mm256_loadu_si256((const __m256i *)(bytes + index));
    // Two blocks of ASCII: nothing was cut, nothing can be wrong.
    if (_mm256_movemask_epi8(_mm256_or_si256(block, before)) == 0) {
      before = block;
      continue;
    }
    // A block of ASCII still shows a sequence cut at the end of the one before it.
    __m256i wrong = faults(block, before);
    if (!_mm256_testz_si256(wrong, wrong)) break;
    before = block;
  }
  // The last sequence may reach over the end: stop before it.
  size_t stop = index;
  while (stop > 0 && index - stop < 3 && (bytes[stop - 1] & 0xC0) == 0x80) stop--;
  return stop > 0 && bytes[stop - 1] >= 0xC0 ? stop - 1 : stop;
}
#endif

size_t ck_utf8_prefix(const uint8_t *bytes, size_t count) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return prefix_avx2(bytes, count);
#else
  (void)bytes;
  (void)count;
#endif
  return 0;
}
