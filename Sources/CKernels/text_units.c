// What is counted of the units of a text, many at a time.
#include "ck_cpu.h"
#include "text_meter.h"

#define TEXT_INLINE static inline __attribute__((always_inline))
#if defined(__x86_64__)
#define AVX2 __attribute__((target("avx2")))
#endif

/// Of the units that are not marks alone.
typedef struct {
  uint32_t marks, letters, wide, characters, longest;
} unit_sums;

TEXT_INLINE unit_sums sums_of(const uint32_t *lengths, size_t count) {
  uint32_t marks = 0, letters = 0, wide = 0, longest = 0, characters = 0;
  for (size_t unit = 0; unit < count; unit++) {
    uint32_t flags = lengths[unit], is_mark = flags >> 30 & 1, is_wide = flags >> 31;
    uint32_t length = flags & CK_UNIT_LENGTH & (is_mark - 1), narrow = length & (is_wide - 1);
    marks += is_mark;
    letters += flags >> 27 & 1;
    wide += is_wide;
    characters += length;
    longest = narrow > longest ? narrow : longest;
  }
  return (unit_sums){marks, letters, wide, characters, longest};
}

/// The first unit from `at` on whose hash begins with `bucket`.
TEXT_INLINE size_t next_of(const uint64_t *hashes, size_t at, size_t count, uint64_t bucket, int shift) {
  for (; at + 8 <= count; at += 8) {
    uint64_t any = 0;
    for (size_t unit = at; unit < at + 8; unit++) any |= hashes[unit] >> shift == bucket;
    if (any) break;
  }
  while (at < count && hashes[at] >> shift != bucket) at++;
  return at;
}

static unit_sums sums_plain(const uint32_t *lengths, size_t count) { return sums_of(lengths, count); }
static size_t next_plain(const uint64_t *hashes, size_t at, size_t count, uint64_t bucket, int shift) {
  return next_of(hashes, at, count, bucket, shift);
}

#if defined(__x86_64__)
AVX2 static unit_sums sums_avx2(const uint32_t *lengths, size_t count) { return sums_of(lengths, count); }
AVX2 static size_t next_avx2(const uint64_t *hashes, size_t at, size_t count, uint64_t bucket, int shift) {
  return next_of(hashes, at, count, bucket, shift);
}
#else
#define sums_avx2 sums_plain
#define next_avx2 next_plain
#endif

uint64_t text_count_words(const ck_units *units, int level, ck_text_measures *measures) {
  unit_sums sums = (level >= CK_AVX2 ? sums_avx2 : sums_plain)(units->lengths, units->count);
  measures->words += units->count - sums.marks;
  measures->word_characters += sums.characters;
  measures->letter_words += sums.letters;
  if (sums.longest > measures->longest_word) measures->longest_word = sums.longest;
  return sums.wide;
}

/// How often the most common of the `left` units is there whose hashes begin with `bucket`.
static uint64_t most_of_bucket(const ck_units *units, uint64_t bucket, int shift, int level, size_t left) {
  size_t (*next)(const uint64_t *, size_t, size_t, uint64_t, int) =
      level >= CK_AVX2 ? next_avx2 : next_plain;
  uint64_t hashes[8] = {0}, times[8] = {0}, most = 0;
  for (size_t unit = 0; left > 0; unit++) {
    unit = next(units->hashes, unit, units->count, bucket, shift);
    if (units->lengths[unit] & CK_UNIT_MARK) continue;
    int slot = 0;
    while (slot < 7 && times[slot] && hashes[slot] != units->hashes[unit]) slot++;
    hashes[slot] = units->hashes[unit];
    if (++times[slot] > most) most = times[slot];
    left--;
  }
  return most;
}

uint64_t text_most_common(const ck_units *units, int level) {
  uint32_t buckets[4096], most = 0, fullest = 0;
  int bits = 6;
  while (bits < 12 && (size_t)1 << bits < units->count) bits++;
  memset(buckets, 0, sizeof *buckets << bits);
  for (size_t unit = 0; unit < units->count; unit++)
    buckets[units->hashes[unit] >> (64 - bits)] += !(units->lengths[unit] & CK_UNIT_MARK);
  for (uint32_t bucket = 0; bucket < 1u << bits; bucket++) most = buckets[bucket] > most ? buckets[bucket] : most;
  while (buckets[fullest] != most) fullest++;
  return most_of_bucket(units, fullest, 64 - bits, level, most);
}
