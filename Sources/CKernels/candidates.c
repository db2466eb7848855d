#include "ck_candidates.h"
#if defined(__x86_64__)
#include <immintrin.h>
#endif

static int is_candidate(const uint8_t *bytes, size_t index, size_t count) {
  uint8_t byte = bytes[index];
  if ((uint8_t)(byte - '0') <= 9 || byte == '@' || byte == '\n') return 1;
  return byte == 0xE8 && index + 1 < count && bytes[index + 1] == 0xBD;
}

size_t ck_next_candidate_reference(const uint8_t *bytes, size_t from, size_t count) {
  while (from < count && !is_candidate(bytes, from, count)) from++;
  return from;
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static size_t next_avx2(const uint8_t *bytes, size_t from, size_t count) {
  const __m256i zero = _mm256_set1_epi8('0'), nine = _mm256_set1_epi8(9), at = _mm256_set1_epi8('@');
  const __m256i line = _mm256_set1_epi8('\n'), lead = _mm256_set1_epi8((char)0xE8), tail = _mm256_set1_epi8((char)0xBD);
  // One byte beyond the block is read, so that a pair split between blocks is seen.
  while (from + 33 <= count) {
    __m256i block = _mm256_loadu_si256((const __m256i *)(bytes + from));
    __m256i next = _mm256_loadu_si256((const __m256i *)(bytes + from + 1));
    __m256i offset = _mm256_sub_epi8(block, zero);
    __m256i digit = _mm256_cmpeq_epi8(_mm256_min_epu8(offset, nine), offset);
    __m256i mark = _mm256_or_si256(_mm256_cmpeq_epi8(block, at), _mm256_cmpeq_epi8(block, line));
    __m256i pair = _mm256_and_si256(_mm256_cmpeq_epi8(block, lead), _mm256_cmpeq_epi8(next, tail));
    uint32_t mask = (uint32_t)_mm256_movemask_epi8(_mm256_or_si256(digit, _mm256_or_si256(mark, pair)));
    if (mask) return from + (size_t)__builtin_ctz(mask);
    from += 32;
  }
  return ck_next_candidate_reference(bytes, from, count);
}
#endif

size_t ck_next_candidate(const uint8_t *bytes, size_t from, size_t count) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return next_avx2(bytes, from, count);
#endif
  return ck_next_candidate_reference(bytes, from, count);
}
