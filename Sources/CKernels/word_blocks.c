#include "ck_cpu.h"
#include "word_spans.h"
#if defined(__x86_64__)
#include <immintrin.h>

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx2")))
#define AVX2 __attribute__((target("avx2")))

/// first <= byte <= last, unsigned.
AVX512 static inline uint64_t within512(__m512i block, int first, int last) {
  return _mm512_cmple_epu8_mask(_mm512_sub_epi8(block, _mm512_set1_epi8((char)first)),
                                _mm512_set1_epi8((char)(last - first)));
}
AVX512 static inline uint64_t is512(__m512i block, int byte) {
  return _mm512_cmpeq_epi8_mask(block, _mm512_set1_epi8((char)byte));
}

AVX512 static block_classes read_avx512(const uint8_t *bytes) {
  __m512i block = _mm512_loadu_si512(bytes);
  block_classes c;
  c.upper = within512(block, 'A', 'Z');
  c.lower = within512(block, 'a', 'z');
  c.number = within512(block, '0', '9');
  c.blank = is512(block, ' ');
  c.space = c.blank | within512(block, '\t', '\r');
  c.line_end = is512(block, '\n') | is512(block, '\r');
  c.beyond = _mm512_movepi8_mask(block);
  c.control = (within512(block, 0, 0x1F) & ~c.space) | is512(block, 0x7F);
  c.apostrophe = is512(block, '\'');
  c.slash = is512(block, '/');
  return c;
}

typedef struct {
  __m256i low, high;
} block256;

AVX2 static inline uint64_t mask256(__m256i low, __m256i high) {
  return (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32 | (uint32_t)_mm256_movemask_epi8(low);
}
AVX2 static inline __m256i half_within(__m256i half, int first, int last) {
  __m256i offset = _mm256_sub_epi8(half, _mm256_set1_epi8((char)first));
  return _mm256_cmpeq_epi8(_mm256_min_epu8(offset, _mm256_set1_epi8((char)(last - first))), offset);
}
AVX2 static inline uint64_t within256(block256 b, int first, int last) {
  return mask256(half_within(b.low, first, last), half_within(b.high, first, last));
}
AVX2 static inline uint64_t is256(block256 b, int byte) {
  __m256i wanted = _mm256_set1_epi8((char)byte);
  return mask256(_mm256_cmpeq_epi8(b.low, wanted), _mm256_cmpeq_epi8(b.high, wanted));
}

AVX2 static block_classes read_avx2(const uint8_t *bytes) {
  block256 b = {_mm256_loadu_si256((const __m256i *)bytes), _mm256_loadu_si256((const __m256i *)(bytes + 32))};
  block_classes c;
  c.upper = within256(b, 'A', 'Z');
  c.lower = within256(b, 'a', 'z');
  c.number = within256(b, '0', '9');
  c.blank = is256(b, ' ');
  c.space = c.blank | within256(b, '\t', '\r');
  c.line_end = is256(b, '\n') | is256(b, '\r');
  c.beyond = mask256(b.low, b.high);
  c.control = (within256(b, 0, 0x1F) & ~c.space) | is256(b, 0x7F);
  c.apostrophe = is256(b, '\'');
  c.slash = is256(b, '/');
  return c;
}
#endif

block_reader ck_block_reader(int level) {
#if defined(__x86_64__)
  if (level >= CK_AVX512) return read_avx512;
  if (level >= CK_AVX2) return read_avx2;
#endif
  (void)level;
  return 0;
}
