#include "ck_canonical_form.h"
#if defined(__x86_64__)
#include <immintrin.h>
#endif

int ck_nfc_decompose(uint32_t code_point, uint32_t *first, uint32_t *second) {
  size_t low = 0, high = ck_nfc_decomposition_count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (ck_nfc_decompositions[middle][0] < code_point) low = middle + 1;
    else high = middle;
  }
  if (low == ck_nfc_decomposition_count || ck_nfc_decompositions[low][0] != code_point) return 0;
  *first = ck_nfc_decompositions[low][1];
  *second = ck_nfc_decompositions[low][2];
  return 1;
}

uint32_t ck_nfc_compose(uint32_t first, uint32_t second) {
  size_t low = 0, high = ck_nfc_composition_count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    const uint32_t *pair = ck_nfc_decompositions[ck_nfc_compositions[middle]];
    if (pair[1] < first || (pair[1] == first && pair[2] < second)) low = middle + 1;
    else high = middle;
  }
  if (low == ck_nfc_composition_count) return 0;
  const uint32_t *pair = ck_nfc_decompositions[ck_nfc_compositions[low]];
  return pair[1] == first && pair[2] == second ? pair[0] : 0;
}

int ck_nfc_is_newer(uint32_t code_point) {
  size_t low = 0, high = ck_nfc_newer_count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (ck_nfc_newer[middle][1] < code_point) low = middle + 1;
    else high = middle;
  }
  return low < ck_nfc_newer_count && ck_nfc_newer[low][0] <= code_point;
}

static uint32_t scalar(const uint8_t *b) {
  if (b[0] < 0xE0) return (b[0] & 0x1Fu) << 6 | (b[1] & 0x3Fu);
  if (b[0] < 0xF0) return (b[0] & 0x0Fu) << 12 | (b[1] & 0x3Fu) << 6 | (b[2] & 0x3Fu);
  return (b[0] & 0x07u) << 18 | (b[1] & 0x3Fu) << 12 | (b[2] & 0x3Fu) << 6 | (b[3] & 0x3Fu);
}

// Characters with a property begin at U+0300, lead byte CC; lead bytes E4 to E9 are ideographs without one.
static int has_property(const uint8_t *bytes, size_t index, size_t count) {
  uint8_t byte = bytes[index];
  if (byte < 0xCC || (byte >= 0xE4 && byte <= 0xE9)) return 0;
  size_t length = byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
  return index + length <= count && ck_nfc_property(scalar(bytes + index)) != 0;
}

size_t ck_next_composing_reference(const uint8_t *bytes, size_t from, size_t count) {
  while (from < count && !has_property(bytes, from, count)) from++;
  return from;
}

#if defined(__x86_64__)
#define AVX2 __attribute__((target("avx2")))

AVX2 static inline __m256i is(__m256i block, int byte) {
  return _mm256_cmpeq_epi8(block, _mm256_set1_epi8((char)byte));
}
AVX2 static inline __m256i either(__m256i a, __m256i b) { return _mm256_or_si256(a, b); }
AVX2 static inline __m256i both(__m256i a, __m256i b) { return _mm256_and_si256(a, b); }
// first <= byte <= last, unsigned.
AVX2 static inline __m256i within(__m256i block, int first, int last) {
  __m256i offset = _mm256_sub_epi8(block, _mm256_set1_epi8((char)first));
  return _mm256_cmpeq_epi8(_mm256_min_epu8(offset, _mm256_set1_epi8((char)(last - first))), offset);
}
AVX2 static inline __m256i load(const uint8_t *bytes) { return _mm256_loadu_si256((const __m256i *)bytes); }

// Where a character may begin that has a property: by its first two or three bytes where those are common ones
// (quotes, Chinese punctuation, kana, Hangul, full-width forms, emoji), else by its lead byte.
AVX2 static inline uint32_t candidates(const uint8_t *bytes) {
  __m256i lead = load(bytes), second = load(bytes + 1), third = load(bytes + 2);
  __m256i two = either(within(lead, 0xCC, 0xCD), within(lead, 0xD6, 0xE1));
  two = either(two, both(is(lead, 0xD2), within(second, 0x83, 0x87)));
  two = either(two, both(is(lead, 0xCE), is(second, 0x87)));
  __m256i general = both(is(second, 0x80), within(third, 0x80, 0x81));
  general = both(is(lead, 0xE2), either(general, within(second, 0x83, 0xBF)));
  __m256i kana = both(is(second, 0x80), within(third, 0xAA, 0xAF));
  kana = both(is(lead, 0xE3), either(kana, both(is(second, 0x82), within(third, 0x99, 0x9A))));
  __m256i korean = both(is(lead, 0xEA), within(second, 0x80, 0xAF));
  __m256i forms = both(is(lead, 0xEF), either(within(second, 0xA4, 0xAD), is(second, 0xB8)));
  __m256i high = both(is(lead, 0xF0), either(within(second, 0x90, 0x9E), within(second, 0xAF, 0xAF)));
  __m256i all = either(either(two, general), either(either(kana, korean), either(forms, high)));
  return (uint32_t)_mm256_movemask_epi8(all);
}

AVX2 static size_t composing_avx2(const uint8_t *bytes, size_t from, size_t count) {
  for (; from + 34 <= count; from += 32) {
    // Below U+0300 nothing has a property: a block of such bytes is told by its greatest.
    __m256i block = load(bytes + from);
    __m256i low = _mm256_cmpeq_epi8(_mm256_max_epu8(block, _mm256_set1_epi8((char)0xCB)), _mm256_set1_epi8((char)0xCB));
    if ((uint32_t)_mm256_movemask_epi8(low) == 0xFFFFFFFFu) continue;
    for (uint32_t mask = candidates(bytes + from); mask; mask &= mask - 1) {
      size_t index = from + (size_t)__builtin_ctz(mask);
      if (has_property(bytes, index, count)) return index;
    }
  }
  return ck_next_composing_reference(bytes, from, count);
}
#endif

size_t ck_next_composing(const uint8_t *bytes, size_t from, size_t count) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return composing_avx2(bytes, from, count);
#endif
  return ck_next_composing_reference(bytes, from, count);
}
