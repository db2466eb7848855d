#include "ck_shingle_sets.h"
#include <string.h>

size_t ck_shingle_lines(size_t count) {
  // More in a line is fewer lines to sort, but more that do not fit; many of those are slow.
  size_t each = count < 16384 ? 4 : 3, lines = 8;
  while (lines * each < count) lines *= 2;
  return lines;
}

/// What two lists may have in common at most from here on.
static inline size_t at_most(size_t a_left, size_t b_left) { return a_left < b_left ? a_left : b_left; }

size_t ck_shingle_shared_reference(const uint64_t *a, size_t a_count, const uint64_t *b, size_t b_count,
                                   size_t wanted) {
  (void)wanted;
  size_t shared = 0, i = 0, j = 0;
  // Without branches: which side is behind is a coin toss and would be mispredicted half the time.
  while (i < a_count && j < b_count) {
    uint64_t x = a[i], y = b[j];
    shared += x == y;
    i += x <= y;
    j += y <= x;
  }
  return shared;
}

#if defined(__x86_64__)
#include <immintrin.h>
#define WIDE __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,bmi2,popcnt")))
#define PAIRED __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx512vp2intersect,popcnt")))

/// Hashes that found their line full; few, for hashes are spread evenly.
enum { MOST_SPILLED = 1024 };
typedef struct {
  uint64_t hashes[MOST_SPILLED];
  size_t count;
} spilled;

static int spill(spilled *over, uint64_t hash) {
  for (size_t i = 0; i < over->count; i++) {
    if (over->hashes[i] == hash) return 1;
  }
  if (over->count == MOST_SPILLED) return 0;
  over->hashes[over->count++] = hash;
  return 1;
}

/// One exchange of a sorting network: each lane with its partner, the lanes of `high` keep the greater.
#define EXCHANGE(v, partner, high)                                                             \
  do {                                                                                         \
    __m512i other = _mm512_permutexvar_epi64(partner, v);                                      \
    v = _mm512_mask_max_epu64(_mm512_min_epu64(v, other), high, v, other);                     \
  } while (0)

/// Eight numbers in order: Batcher's bitonic network.
WIDE static inline __m512i sorted(__m512i v) {
  const __m512i by1 = _mm512_setr_epi64(1, 0, 3, 2, 5, 4, 7, 6), by2 = _mm512_setr_epi64(2, 3, 0, 1, 6, 7, 4, 5);
  const __m512i turn4 = _mm512_setr_epi64(3, 2, 1, 0, 7, 6, 5, 4), turn8 = _mm512_setr_epi64(7, 6, 5, 4, 3, 2, 1, 0);
  EXCHANGE(v, by1, 0xAA);
  EXCHANGE(v, turn4, 0xCC);
  EXCHANGE(v, by1, 0xAA);
  EXCHANGE(v, turn8, 0xF0);
  EXCHANGE(v, by2, 0xCC);
  EXCHANGE(v, by1, 0xAA);
  return v;
}

/// The hashes of a line that did not fit into it, put where they belong among the sorted ones before `end`.
static size_t insert_spilled(const spilled *over, size_t line, unsigned shift, uint64_t *distinct, size_t end) {
  for (size_t i = 0; i < over->count; i++) {
    uint64_t hash = over->hashes[i];
    if (hash >> shift != line) continue;
    size_t hole = end++;
    for (; hole > 0 && distinct[hole - 1] > hash; hole--) distinct[hole] = distinct[hole - 1];
    distinct[hole] = hash;
  }
  return end;
}

/// A hash's high bits are its line, so lines one after the other are in order; a line is one load and one comparison.
WIDE static size_t distinct_wide(const uint64_t *hashes, size_t count, uint64_t *lines, uint8_t *held,
                                 uint64_t *distinct) {
  size_t number = ck_shingle_lines(count);
  unsigned shift = (unsigned)__builtin_clzll(number) + 1;
  spilled over = {.count = 0};
  memset(held, 0, number);
  for (size_t i = 0; i < count; i++) {
    uint64_t hash = hashes[i];
    size_t line = hash >> shift;
    unsigned holds = held[line];
    __m512i there = _mm512_loadu_si512(lines + 8 * line);
    unsigned same = _mm512_cmpeq_epi64_mask(there, _mm512_set1_epi64((long long)hash)) & ((1u << holds) - 1);
    if (__builtin_expect(holds == 8, 0)) {
      if (!same && !spill(&over, hash)) return SIZE_MAX;
      continue;
    }
    // Written in any case: behind the last one nobody looks.
    lines[8 * line + holds] = hash;
    held[line] = (uint8_t)(holds + (same == 0));
  }
  size_t made = 0;
  for (size_t line = 0; line < number; line++) {
    unsigned holds = held[line];
    __m512i there = _mm512_mask_loadu_epi64(_mm512_set1_epi64(-1), (__mmask8)((1u << holds) - 1), lines + 8 * line);
    _mm512_storeu_si512(distinct + made, sorted(there));
    made += holds;
    if (__builtin_expect(holds == 8 && over.count > 0, 0)) {
      made = insert_spilled(&over, line, shift, distinct, made);
    }
  }
  return made;
}

/// Eight against eight, each with each; of the two the one that ends first goes on.
#define SHARED_BLOCKS(MATCHES)                                                              \
  size_t shared = 0, i = 0, j = 0;                                                          \
  while (i + 8 <= a_count && j + 8 <= b_count) {                                            \
    __m512i x = _mm512_loadu_si512(a + i), y = _mm512_loadu_si512(b + j);                   \
    shared += (size_t)__builtin_popcount(MATCHES(x, y));                                    \
    uint64_t last = a[i + 7], other = b[j + 7];                                             \
    i += last <= other ? 8 : 0;                                                             \
    j += other <= last ? 8 : 0;                                                             \
    if (shared + at_most(a_count - i, b_count - j) < wanted) return shared;                 \
  }                                                                                         \
  return shared + ck_shingle_shared_reference(a + i, a_count - i, b + j, b_count - j, 0)

PAIRED static inline unsigned matches_paired(__m512i x, __m512i y) {
  __mmask8 first, second;
  _mm512_2intersect_epi64(x, y, &first, &second);
  return first;
}

WIDE static inline unsigned matches_turned(__m512i x, __m512i y) {
  __mmask8 found = _mm512_cmpeq_epi64_mask(x, y);
  found |= _mm512_cmpeq_epi64_mask(x, _mm512_alignr_epi64(y, y, 1));
  found |= _mm512_cmpeq_epi64_mask(x, _mm512_alignr_epi64(y, y, 2));
  found |= _mm512_cmpeq_epi64_mask(x, _mm512_alignr_epi64(y, y, 3));
  found |= _mm512_cmpeq_epi64_mask(x, _mm512_alignr_epi64(y, y, 4));
  found |= _mm512_cmpeq_epi64_mask(x, _mm512_alignr_epi64(y, y, 5));
  found |= _mm512_cmpeq_epi64_mask(x, _mm512_alignr_epi64(y, y, 6));
  found |= _mm512_cmpeq_epi64_mask(x, _mm512_alignr_epi64(y, y, 7));
  return found;
}

PAIRED static size_t shared_paired(const uint64_t *a, size_t a_count, const uint64_t *b, size_t b_count,
                                   size_t wanted) {
  SHARED_BLOCKS(matches_paired);
}

WIDE static size_t shared_turned(const uint64_t *a, size_t a_count, const uint64_t *b, size_t b_count,
                                 size_t wanted) {
  SHARED_BLOCKS(matches_turned);
}

static int has_wide(void) {
  return __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("bmi2");
}
#endif

size_t ck_shingle_distinct(const uint64_t *hashes, size_t count, uint64_t *lines, uint8_t *held, uint64_t *distinct) {
#if defined(__x86_64__)
  if (has_wide()) return distinct_wide(hashes, count, lines, held, distinct);
#endif
  (void)hashes, (void)count, (void)lines, (void)held, (void)distinct;
  return SIZE_MAX;
}

size_t ck_shingle_shared(const uint64_t *a, size_t a_count, const uint64_t *b, size_t b_count, size_t wanted) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512vp2intersect")) return shared_paired(a, a_count, b, b_count, wanted);
  if (has_wide()) return shared_turned(a, a_count, b, b_count, wanted);
#endif
  return ck_shingle_shared_reference(a, a_count, b, b_count, wanted);
}
