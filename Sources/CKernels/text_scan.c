#include "ck_text_scan.h"
#if defined(__x86_64__)
#include <immintrin.h>
#endif

size_t ck_next_json_stop_reference(const uint8_t *bytes, size_t from, size_t count) {
  while (from < count && bytes[from] >= 0x20 && bytes[from] != '"' && bytes[from] != '\\') from++;
  return from;
}

static int is_unclean(const uint8_t *bytes, size_t index, size_t count) {
  uint8_t byte = bytes[index];
  if (byte < 0x20) return byte != '\t';
  if (byte == 0x7F || byte == 0xC2) return 1;
  if (byte != 0xE1 && byte != 0xE2 && byte != 0xEF && byte != 0xF3) return 0;
  if (index + 1 >= count) return 1;
  uint8_t second = bytes[index + 1];
  switch (byte) {
  case 0xE2: return second == 0x80 || second == 0x81;
  case 0xEF: return second == 0xBB || second == 0xBF;
  default: return second == 0xA0;
  }
}

size_t ck_next_unclean_reference(const uint8_t *bytes, size_t from, size_t count) {
  while (from < count && !is_unclean(bytes, from, count)) from++;
  return from;
}

static int is_dirty(const uint8_t *bytes, size_t index, size_t count) {
  if (bytes[index] != '\n' || index == 0) return is_unclean(bytes, index, count);
  uint8_t before = bytes[index - 1];
  return before == ' ' || before == '\t' || before == '\n' || before == 0x80 || before == 0xA0;
}

size_t ck_next_dirty_reference(const uint8_t *bytes, size_t from, size_t count) {
  while (from < count && !is_dirty(bytes, from, count)) from++;
  return from;
}

static int is_mojibake(const uint8_t *bytes, size_t index, size_t count) {
  uint8_t byte = bytes[index];
  if (byte == 0xC2 || byte == 0xC3) return 1;
  if ((byte != 0xE5 && byte != 0xE7 && byte != 0xE9) || index + 1 >= count) return 0;
  uint8_t second = bytes[index + 1];
  if (byte == 0xE5) return second == 0xB1;
  if (byte == 0xE7) return second == 0x83;
  return second == 0x94 || second == 0x90 || second == 0x88 || second == 0x8A || second == 0x8D || second == 0x8F;
}

size_t ck_next_mojibake_reference(const uint8_t *bytes, size_t from, size_t count) {
  while (from < count && !is_mojibake(bytes, from, count)) from++;
  return from;
}

#if defined(__x86_64__)
#define AVX2 __attribute__((target("avx2")))

AVX2 static inline __m256i is(__m256i block, int byte) {
  return _mm256_cmpeq_epi8(block, _mm256_set1_epi8((char)byte));
}
AVX2 static inline __m256i either(__m256i a, __m256i b) { return _mm256_or_si256(a, b); }
AVX2 static inline __m256i both(__m256i a, __m256i b) { return _mm256_and_si256(a, b); }
AVX2 static inline __m256i below_space(__m256i block) {
  return _mm256_cmpeq_epi8(_mm256_min_epu8(block, _mm256_set1_epi8(0x1F)), block);
}
AVX2 static inline __m256i load(const uint8_t *bytes) { return _mm256_loadu_si256((const __m256i *)bytes); }

AVX2 static size_t json_stop_avx2(const uint8_t *bytes, size_t from, size_t count) {
  for (; from + 32 <= count; from += 32) {
    __m256i block = load(bytes + from);
    __m256i stop = either(below_space(block), either(is(block, '"'), is(block, '\\')));
    uint32_t mask = (uint32_t)_mm256_movemask_epi8(stop);
    if (mask) return from + (size_t)__builtin_ctz(mask);
  }
  return ck_next_json_stop_reference(bytes, from, count);
}

// The two below read one byte beyond the block, so that a pair split between blocks is seen.
AVX2 static inline __m256i special(__m256i block, __m256i next) {
  __m256i general = both(is(block, 0xE2), either(is(next, 0x80), is(next, 0x81)));
  __m256i forms = both(is(block, 0xEF), either(is(next, 0xBB), is(next, 0xBF)));
  __m256i others = both(either(is(block, 0xE1), is(block, 0xF3)), is(next, 0xA0));
  return either(either(is(block, 0x7F), is(block, 0xC2)), either(general, either(forms, others)));
}

AVX2 static size_t unclean_avx2(const uint8_t *bytes, size_t from, size_t count) {
  for (; from + 33 <= count; from += 32) {
    __m256i block = load(bytes + from), next = load(bytes + from + 1);
    __m256i control = _mm256_andnot_si256(is(block, '\t'), below_space(block));
    uint32_t mask = (uint32_t)_mm256_movemask_epi8(either(control, special(block, next)));
    if (mask) return from + (size_t)__builtin_ctz(mask);
  }
  return ck_next_unclean_reference(bytes, from, count);
}

AVX2 static size_t dirty_avx2(const uint8_t *bytes, size_t from, size_t count) {
  if (from == 0 && count > 0) {
    if (is_dirty(bytes, 0, count)) return 0;
    from = 1;
  }
  for (; from + 33 <= count; from += 32) {
    __m256i block = load(bytes + from), next = load(bytes + from + 1), before = load(bytes + from - 1);
    __m256i plain = either(is(block, '\t'), is(block, '\n'));
    __m256i blank = either(is(before, '\n'), either(is(before, ' '), is(before, '\t')));
    __m256i feed = both(is(block, '\n'), either(blank, either(is(before, 0x80), is(before, 0xA0))));
    __m256i control = either(feed, _mm256_andnot_si256(plain, below_space(block)));
    uint32_t mask = (uint32_t)_mm256_movemask_epi8(either(control, special(block, next)));
    if (mask) return from + (size_t)__builtin_ctz(mask);
  }
  return ck_next_dirty_reference(bytes, from, count);
}

AVX2 static size_t mojibake_avx2(const uint8_t *bytes, size_t from, size_t count) {
  for (; from + 33 <= count; from += 32) {
    __m256i block = load(bytes + from);
    __m256i latin = either(is(block, 0xC2), is(block, 0xC3));
    __m256i leads = either(is(block, 0xE9), either(is(block, 0xE5), is(block, 0xE7)));
    __m256i any = either(latin, leads);
    if (_mm256_testz_si256(any, any)) continue;
    __m256i next = load(bytes + from + 1);
    __m256i low = either(is(next, 0x88), either(is(next, 0x8A), is(next, 0x8D)));
    __m256i high = either(is(next, 0x8F), either(is(next, 0x90), is(next, 0x94)));
    __m256i gbk = both(is(block, 0xE9), either(low, high));
    __m256i filled = either(both(is(block, 0xE5), is(next, 0xB1)), both(is(block, 0xE7), is(next, 0x83)));
    uint32_t mask = (uint32_t)_mm256_movemask_epi8(either(latin, either(gbk, filled)));
    if (mask) return from + (size_t)__builtin_ctz(mask);
  }
  return ck_next_mojibake_reference(bytes, from, count);
}
#endif

size_t ck_next_json_stop(const uint8_t *bytes, size_t from, size_t count) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return json_stop_avx2(bytes, from, count);
#endif
  return ck_next_json_stop_reference(bytes, from, count);
}

size_t ck_next_unclean(const uint8_t *bytes, size_t from, size_t count) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return unclean_avx2(bytes, from, count);
#endif
  return ck_next_unclean_reference(bytes, from, count);
}

size_t ck_next_dirty(const uint8_t *bytes, size_t from, size_t count) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return dirty_avx2(bytes, from, count);
#endif
  return ck_next_dirty_reference(bytes, from, count);
}

size_t ck_next_mojibake(const uint8_t *bytes, size_t from, size_t count) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return mojibake_avx2(bytes, from, count);
#endif
  return ck_next_mojibake_reference(bytes, from, count);
}
