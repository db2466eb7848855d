// Where one of C4's phrases may be: by four letters of each, whatever their case.
#include "ck_cpu.h"
#include "text_meter.h"
#if defined(__x86_64__)
#include <immintrin.h>
#endif

/// Of javascript, lorem ipsum, privacy policy, terms of use; all others have cookie in them.
static const char fragments[][5] = {"avas", "m ip", "cy p", "ms o", "ooki"};
enum { FRAGMENTS = sizeof fragments / sizeof *fragments };

static size_t next_plain(const uint8_t *text, size_t at, size_t count) {
  for (; at + 4 <= count; at++)
    for (int index = 0; index < FRAGMENTS; index++) {
      int same = 0;
      while (same < 4 && (text[at + (size_t)same] | 0x20) == fragments[index][same]) same++;
      if (same == 4) return at;
    }
  return count;
}

#if defined(__x86_64__)
__attribute__((target("avx512f,avx512bw"))) static size_t next_avx512(const uint8_t *text, size_t at, size_t count) {
  const __m512i small = _mm512_set1_epi8(0x20);
  for (; at + 67 <= count; at += 64) {
    __mmask64 hits = 0;
    __m512i block[4];
    for (int byte = 0; byte < 4; byte++)
      block[byte] = _mm512_or_si512(_mm512_loadu_si512((const void *)(text + at + byte)), small);
    for (int index = 0; index < FRAGMENTS; index++) {
      __mmask64 hit = _mm512_cmpeq_epi8_mask(block[0], _mm512_set1_epi8(fragments[index][0]));
      for (int byte = 1; byte < 4; byte++)
        hit = _mm512_mask_cmpeq_epi8_mask(hit, block[byte], _mm512_set1_epi8(fragments[index][byte]));
      hits |= hit;
    }
    if (hits) return at + (size_t)__builtin_ctzll(hits);
  }
  return next_plain(text, at, count);
}

__attribute__((target("avx2"))) static size_t next_avx2(const uint8_t *text, size_t at, size_t count) {
  const __m256i small = _mm256_set1_epi8(0x20);
  for (; at + 35 <= count; at += 32) {
    __m256i hits = _mm256_setzero_si256(), block[4];
    for (int byte = 0; byte < 4; byte++)
      block[byte] = _mm256_or_si256(_mm256_loadu_si256((const __m256i *)(text + at + byte)), small);
    for (int index = 0; index < FRAGMENTS; index++) {
      __m256i hit = _mm256_cmpeq_epi8(block[0], _mm256_set1_epi8(fragments[index][0]));
      for (int byte = 1; byte < 4; byte++)
        hit = _mm256_and_si256(hit, _mm256_cmpeq_epi8(block[byte], _mm256_set1_epi8(fragments[index][byte])));
      hits = _mm256_or_si256(hits, hit);
    }
    uint32_t mask = (uint32_t)_mm256_movemask_epi8(hits);
    if (mask) return at + (size_t)__builtin_ctz(mask);
  }
  return next_plain(text, at, count);
}
#endif

static size_t next_suspect(const unit_text *text, size_t at, int level) {
#if defined(__x86_64__)
  if (level >= CK_AVX512) return next_avx512(text->bytes, at, text->count);
  if (level == CK_AVX2) return next_avx2(text->bytes, at, text->count);
#endif
  (void)level;
  return next_plain(text->bytes, at, text->count);
}

int text_may_hold_phrase(ck_text_meter *meter, const unit_text *text, size_t from, size_t to) {
  if (meter->plain) return 1;
  if (!meter->suspect_known || meter->suspect < from) {
    meter->suspect = next_suspect(text, from, meter->level);
    meter->suspect_known = 1;
  }
  return meter->suspect < to;
}
