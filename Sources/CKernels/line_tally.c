#include "ck_line_tally.h"

#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

static void count(uint8_t byte, ck_line_tally *tally) {
  uint8_t letter = byte | 0x20;
  int is_han = byte >= 0xE4 && byte <= 0xE9;
  tally->letters += letter >= 'a' && letter <= 'z';
  tally->symbols += byte != 0 && strchr("{}()[];=<>&|_+*@^~%$\\", byte) != NULL;
  tally->han += is_han;
  tally->wide += byte >= 0xC2 && !is_han;
  tally->visible += byte > 0x20 && (byte < 0x80 || byte >= 0xC0);
  tally->backslashes += byte == '\\';
  tally->dollars += byte == '$';
}

static size_t rest_of_line(const uint8_t *text, size_t from, size_t limit, ck_line_tally *tally) {
  for (; from < limit && text[from] != '\n'; from++) count(text[from], tally);
  return from;
}

size_t ck_tally_line_reference(const uint8_t *text, size_t from, size_t limit, ck_line_tally *tally) {
  memset(tally, 0, sizeof *tally);
  return rest_of_line(text, from, limit, tally);
}

#if defined(__x86_64__)
#define AVX2 __attribute__((target("avx2,bmi,popcnt")))

AVX2 static inline uint32_t mask(__m256i set) { return (uint32_t)_mm256_movemask_epi8(set); }
AVX2 static inline uint32_t is(__m256i block, int byte) {
  return mask(_mm256_cmpeq_epi8(block, _mm256_set1_epi8((char)byte)));
}
// first <= byte <= last, unsigned.
AVX2 static inline uint32_t within(__m256i block, int first, int last) {
  __m256i offset = _mm256_sub_epi8(block, _mm256_set1_epi8((char)first));
  return mask(_mm256_cmpeq_epi8(_mm256_min_epu8(offset, _mm256_set1_epi8((char)(last - first))), offset));
}

/// The marks by their two nibbles: bit n for the high nibble 2, 3, 4, 5, 7.
AVX2 static inline uint32_t symbols(__m256i block) {
  const __m256i low = _mm256_broadcastsi128_si256(
      _mm_setr_epi8(1 << 2, 0, 0, 0, 1, 1, 1, 0, 1, 1, 1, 1 | 1 << 1 | 1 << 3 | 1 << 4, 1 << 1 | 1 << 3 | 1 << 4,
                    1 << 1 | 1 << 3 | 1 << 4, 1 << 1 | 1 << 3 | 1 << 4, 1 << 3));
  const __m256i high =
      _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 0, 1, 1 << 1, 1 << 2, 1 << 3, 0, 1 << 4, 0, 0, 0, 0, 0, 0, 0, 0));
  __m256i nibble = _mm256_and_si256(_mm256_srli_epi16(block, 4), _mm256_set1_epi8(0x0F));
  __m256i both = _mm256_and_si256(_mm256_shuffle_epi8(low, block), _mm256_shuffle_epi8(high, nibble));
  return ~mask(_mm256_cmpeq_epi8(both, _mm256_setzero_si256()));
}

AVX2 static size_t tally_avx2(const uint8_t *text, size_t from, size_t limit, ck_line_tally *tally) {
  memset(tally, 0, sizeof *tally);
  for (; from + 32 <= limit; from += 32) {
    __m256i block = _mm256_loadu_si256((const __m256i *)(text + from));
    uint32_t feeds = is(block, '\n'), line = feeds ? (feeds & -feeds) - 1 : ~0u;
    uint32_t lead = within(block, 0xC2, 0xFF), han = within(block, 0xE4, 0xE9);
    tally->letters += (uint32_t)__builtin_popcount(
        within(_mm256_or_si256(block, _mm256_set1_epi8(0x20)), 'a', 'z') & line);
    tally->symbols += (uint32_t)__builtin_popcount(symbols(block) & line);
    tally->han += (uint32_t)__builtin_popcount(han & line);
    tally->wide += (uint32_t)__builtin_popcount(lead & ~han & line);
    tally->visible += (uint32_t)__builtin_popcount((within(block, 0x21, 0x7F) | within(block, 0xC0, 0xFF)) & line);
    tally->backslashes += (uint32_t)__builtin_popcount(is(block, '\\') & line);
    tally->dollars += (uint32_t)__builtin_popcount(is(block, '$') & line);
    if (feeds) return from + (size_t)__builtin_ctz(feeds);
  }
  return rest_of_line(text, from, limit, tally);
}
#endif

size_t ck_tally_line(const uint8_t *text, size_t from, size_t limit, ck_line_tally *tally) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return tally_avx2(text, from, limit, tally);
#endif
  return ck_tally_line_reference(text, from, limit, tally);
}
