#include "shingle_units.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define FAST __attribute__((target("avx2,bmi,bmi2")))

/// Which bytes of a class there are, by both halves of a byte: bit h - 2 of `low[l]` is set when 0xhl belongs to it.
typedef struct {
  uint8_t low[16];
} byte_set;

static const byte_set letters = {{0x2A, 0x3E, 0x3E, 0x3E, 0x3E, 0x3E, 0x3E, 0x3E, 0x3E, 0x3E, 0x3C, 0x14, 0x14, 0x14,
                                  0x14, 0x14}};
static const byte_set identifiers = {{0x2A, 0x3E, 0x3E, 0x3E, 0x3E, 0x3E, 0x3E, 0x3E, 0x3E, 0x3E, 0x3C, 0x14, 0x14,
                                      0x14, 0x14, 0x1C}};
static const byte_set prose_signs = {{0x14, 0, 0, 0x01, 0x01, 0x01, 0x01, 0, 0, 0, 0x01, 0x01, 0x2A, 0x02, 0x2A,
                                      0x01}};
static const byte_set all_signs = {{0x14, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x03, 0x2B, 0x2B, 0x2B,
                                    0x2B, 0x03}};

FAST static inline __m256i spread(const byte_set *set) {
  return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)set->low));
}

FAST static inline uint32_t members(__m256i block, __m256i upper, __m256i set) {
  __m256i both = _mm256_and_si256(_mm256_shuffle_epi8(set, block), upper);
  return ~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(both, _mm256_setzero_si256()));
}

/// The bit of a byte's upper half, 0 for those that begin no ASCII sign.
FAST static inline __m256i upper_half(__m256i block) {
  const __m256i bits = _mm256_setr_epi8(0, 0, 1, 2, 4, 8, 16, 32, 0, 0, 0, 0, 0, 0, 0, 0,  //
                                        0, 0, 1, 2, 4, 8, 16, 32, 0, 0, 0, 0, 0, 0, 0, 0);
  return _mm256_shuffle_epi8(bits, _mm256_and_si256(_mm256_srli_epi16(block, 4), _mm256_set1_epi8(0x0F)));
}

static inline uint64_t load64(const uint8_t *bytes) {
  uint64_t value;
  memcpy(&value, bytes, 8);
  return value;
}

/// Everything a block's loop needs; the counters live in registers.
typedef struct {
  const uint8_t *text;
  size_t count, capacity;
  const uint32_t *classes;
  uint64_t *units;
  size_t kept_signs;
  __m256i words, signs;
} scanner;

/// Units that begin at the set bits of `starts`, all ending before the block's 64 bytes do; `words` has the bits of
/// their letters.
FAST static inline size_t ascii_units(const scanner *s, const uint8_t *block, uint64_t words, uint64_t starts,
                                      ck_shingle_scan *scan, size_t made) {
  while (starts) {
    size_t index = (size_t)_tzcnt_u64(starts);
    starts &= starts - 1;
    uint64_t run = words >> index;
    size_t is_word = run & 1;
    size_t length = (size_t)_tzcnt_u64(~run) + (is_word ^ 1);
    uint64_t unit;
    if (__builtin_expect(length > 16, 0)) {
      size_t at = (size_t)(block - s->text) + index;
      ck_shingle_step(s->text, s->count, &at, s->classes, &unit);
    } else {
      // One bit folds letters and leaves digits; a sign stays as it is.
      uint64_t fold = 0x2020202020202020u & -(uint64_t)is_word;
      uint64_t low = _bzhi_u64(load64(block + index) | fold, (unsigned)length * 8);
      size_t rest = length > 8 ? length - 8 : 0;
      uint64_t high = _bzhi_u64(load64(block + index + 8) | fold, (unsigned)rest * 8);
      unit = word_unit(add_group(0, low, high), length);
    }
    note_unit(scan, unit);
    s->units[made] = unit;
    made += is_word | s->kept_signs;
  }
  return made;
}

/// The units of up to 64 bytes of ASCII at `scan->at`. Stops before a byte beyond ASCII and before a word that
/// reaches to the block's end or to such a byte; does nothing when that word is the first thing there.
FAST static inline size_t ascii_block(const scanner *s, ck_shingle_scan *scan, size_t made) {
  const uint8_t *block = s->text + scan->at;
  __m256i a = _mm256_loadu_si256((const __m256i *)block), b = _mm256_loadu_si256((const __m256i *)(block + 32));
  __m256i upper_a = upper_half(a), upper_b = upper_half(b);
  uint64_t words = members(a, upper_a, s->words) | (uint64_t)members(b, upper_b, s->words) << 32;
  uint64_t signs = members(a, upper_a, s->signs) | (uint64_t)members(b, upper_b, s->signs) << 32;
  uint64_t beyond = (uint32_t)_mm256_movemask_epi8(a) | (uint64_t)(uint32_t)_mm256_movemask_epi8(b) << 32;
  uint64_t valid = beyond ? _blsmsk_u64(beyond) >> 1 : ~(uint64_t)0;
  // Up to and with the last byte that is no letter.
  uint64_t ends = ~words & valid;
  size_t usable = words & valid & ~(valid >> 1) ? 64 - (size_t)_lzcnt_u64(ends) : 64 - (size_t)_lzcnt_u64(valid);
  if (usable == 0) return made;
  valid = _bzhi_u64(valid, (unsigned)usable);
  words &= valid;
  made = ascii_units(s, block, words, (words & ~(words << 1)) | (signs & valid), scan, made);
  scan->at += usable;
  return made;
}

/// Ideographs, and the separators among them, from `scan->at` on; stops at anything else.
FAST static inline size_t ideographs(const scanner *s, ck_shingle_scan *scan, size_t made) {
  size_t at = scan->at;
  while (at + 4 <= s->count && made < s->capacity) {
    uint32_t bytes;
    memcpy(&bytes, s->text + at, 4);
    if ((bytes & 0xC0C0F0) != 0x8080E0) {
      if ((bytes & 0xFF) >= 0x80 || s->classes[bytes & 0xFF] != CLASS_SEPARATOR) break;
      at++;
      continue;
    }
    uint32_t scalar = (bytes & 0x0F) << 12 | (bytes >> 2 & 0xFC0) | (bytes >> 16 & 0x3F);
    if (scalar - 0x4E00 >= 0x5200) {
      uint32_t class = s->classes[scalar];
      if ((class & 3) == CLASS_LETTER || ((class & 3) == CLASS_SYMBOL && class != CLASS_SEPARATOR)) break;
      at += 3;
      if ((class & 3) != CLASS_IDEOGRAPH) continue;
      scalar = class >> 2;
    } else {
      at += 3;
    }
    uint64_t unit = ideograph_unit(scalar);
    note_unit(scan, unit);
    s->units[made++] = unit;
  }
  scan->at = at;
  return made;
}

FAST static size_t units_fast(const uint8_t *text, size_t count, ck_shingle_scan *shared, const uint32_t *classes,
                              int keeps_operators, uint64_t *units, size_t capacity) {
  const scanner s = {text, count, capacity, classes, units, keeps_operators != 0,
                     spread(keeps_operators ? &identifiers : &letters),
                     spread(keeps_operators ? &all_signs : &prose_signs)};
  ck_shingle_scan scan = *shared;
  size_t made = 0;
  while (scan.at < count && made < capacity) {
    size_t start = scan.at;
    if (text[start] >= 0x80) {
      made = ideographs(&s, &scan, made);
    } else if (start + 80 <= count && made + 64 <= capacity) {
      made = ascii_block(&s, &scan, made);
    }
    if (scan.at != start || made == capacity) continue;
    uint64_t unit;
    shingle_step step = ck_shingle_step(text, count, &scan.at, classes, &unit);
    if (step == STEP_NOTHING) continue;
    note_unit(&scan, unit);
    units[made] = unit;
    made += step == STEP_UNIT || s.kept_signs;
  }
  *shared = scan;
  return made;
}
#endif

size_t ck_shingle_units(const uint8_t *text, size_t count, ck_shingle_scan *scan, const uint32_t *classes,
                        int keeps_operators, uint64_t *units, size_t capacity) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2")) {
    return units_fast(text, count, scan, classes, keeps_operators, units, capacity);
  }
#endif
  return ck_shingle_units_reference(text, count, scan, classes, keeps_operators, units, capacity);
}
