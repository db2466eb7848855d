#include "ck_cpu.h"
#include "ck_match.h"
#if defined(__x86_64__)
#include <emmintrin.h>
#endif
#include <string.h>

static const uint64_t word_factor = 0x9E3779B97F4A7C15u, end_factor = 0xBF58476D1CE4E5B9u;
static const uint64_t ideograph_factor = 0x94D049BB133111EBu;
/// Odd, so that multiplying loses nothing.
static const uint64_t base = 0xD1342543DE82EF95u;

enum { CLASS_SEPARATOR = 0, CLASS_IGNORED = 1, CLASS_IDEOGRAPH = 2, CLASS_LETTER = 3 };

/// A word's bytes, in groups of eight: folded ASCII as it is, other letters as three bytes of their code point.
typedef struct {
  uint64_t hash, group, length;
} word_hash;

static inline uint64_t mixed(uint64_t hash, uint64_t group) {
  hash = (hash ^ group) * word_factor;
  return hash ^ hash >> 32;
}

static inline uint64_t finished_word(uint64_t hash, uint64_t length) {
  hash = (hash ^ length) * end_factor;
  return (hash ^ hash >> 29) | 1;
}

static inline void add_byte(word_hash *word, uint64_t byte) {
  word->group |= byte << 8 * (word->length & 7);
  word->length++;
  if ((word->length & 7) == 0) {
    word->hash = mixed(word->hash, word->group);
    word->group = 0;
  }
}

static inline void add_letter(word_hash *word, uint32_t letter) {
  add_byte(word, letter & 0xFF);
  if (letter < 0x80) return;
  add_byte(word, letter >> 8 & 0xFF);
  add_byte(word, letter >> 16);
}

static inline uint64_t word_unit(word_hash word) {
  return finished_word(word.length & 7 ? mixed(word.hash, word.group) : word.hash, word.length);
}

static inline uint64_t ideograph_unit(uint32_t scalar) {
  uint64_t hash = (scalar + ideograph_factor) * end_factor;
  hash = (hash ^ hash >> 29) * ideograph_factor;
  return (hash ^ hash >> 32) & ~(uint64_t)1;
}

static inline int is_tail(uint8_t byte) { return (byte & 0xC0) == 0x80; }

/// The code point at `at`; a byte that begins none is a separator of its own.
static inline uint32_t scalar_at(const uint8_t *text, size_t at, size_t count, size_t *length) {
  uint8_t first = text[at];
  *length = 1;
  if (first < 0x80) return first;
  if (first >= 0xE0 && first < 0xF0 && at + 2 < count && is_tail(text[at + 1]) && is_tail(text[at + 2])) {
    *length = 3;
    return (uint32_t)(first & 0x0F) << 12 | (uint32_t)(text[at + 1] & 0x3F) << 6 | (text[at + 2] & 0x3F);
  }
  if (first >= 0xC0 && first < 0xE0 && at + 1 < count && is_tail(text[at + 1])) {
    *length = 2;
    return (uint32_t)(first & 0x1F) << 6 | (text[at + 1] & 0x3F);
  }
  if (first >= 0xF0 && first < 0xF8 && at + 3 < count && is_tail(text[at + 1]) && is_tail(text[at + 2]) &&
      is_tail(text[at + 3])) {
    *length = 4;
    return (uint32_t)(first & 0x07) << 18 | (uint32_t)(text[at + 1] & 0x3F) << 12 |
           (uint32_t)(text[at + 2] & 0x3F) << 6 | (text[at + 3] & 0x3F);
  }
  return 0xFFFD;
}

static inline uint32_t class_of(uint32_t scalar, const uint32_t *classes) {
  if (scalar < 0x10000) return classes[scalar];
  if (scalar - 0x20000 < 0x20000) return scalar << 2 | CLASS_IDEOGRAPH;
  if (scalar - 0xE0100 < 0xF0) return CLASS_IGNORED;
  if (scalar - 0x1F000 < 0xC00) return CLASS_SEPARATOR;
  return scalar << 2 | CLASS_LETTER;
}

/// The word at `*at`, which moves past it.
static uint64_t any_word(const uint8_t *text, size_t count, size_t *at, const uint32_t *classes) {
  word_hash word = {0, 0, 0};
  size_t index = *at;
  while (index < count) {
    size_t length;
    uint32_t class = class_of(scalar_at(text, index, count, &length), classes);
    if ((class & 3) == CLASS_LETTER) add_letter(&word, class >> 2);
    else if (class != CLASS_IGNORED) break;
    index += length;
  }
  *at = index;
  return word_unit(word);
}

size_t ck_match_units_reference(const uint8_t *text, size_t count, size_t *at, const uint32_t *classes,
                                uint64_t *units, ck_match_span *spans, size_t capacity) {
  size_t index = *at, made = 0;
  while (index < count && made < capacity) {
    size_t length, start = index;
    uint32_t class = class_of(scalar_at(text, index, count, &length), classes);
    if ((class & 3) < CLASS_IDEOGRAPH) {
      index += length;
      continue;
    }
    if ((class & 3) == CLASS_IDEOGRAPH) {
      units[made] = ideograph_unit(class >> 2);
      index += length;
    } else {
      units[made] = any_word(text, count, &index, classes);
    }
    if (spans) spans[made] = (ck_match_span){(uint32_t)start, (uint32_t)index};
    made++;
  }
  *at = index;
  return made;
}

#if defined(__x86_64__)
/// Bytes of `block` from `low` to `low + span`.
static inline __m128i within(__m128i block, char low, char span) {
  __m128i moved = _mm_sub_epi8(block, _mm_set1_epi8(low));
  return _mm_cmpeq_epi8(_mm_min_epu8(moved, _mm_set1_epi8(span)), moved);
}

/// The ASCII word of at most 15 bytes at `text`, 17 of which may be read: its length, or 0 when it is another one.
static inline size_t short_word(const uint8_t *text, uint64_t *unit) {
  __m128i block = _mm_loadu_si128((const __m128i *)text);
  __m128i lower = _mm_or_si128(block, _mm_set1_epi8(0x20));
  __m128i letters = within(lower, 'a', 25);
  __m128i either = _mm_or_si128(letters, within(block, '0', 9));
  unsigned rest = ~(unsigned)_mm_movemask_epi8(either) & 0x1FFFF;
  size_t length = (size_t)__builtin_ctz(rest);
  if (length > 15 || text[length] >= 0x80) return 0;
  __m128i folded = _mm_or_si128(block, _mm_and_si128(letters, _mm_set1_epi8(0x20)));
  uint64_t low = (uint64_t)_mm_cvtsi128_si64(folded);
  if (length < 8) {
    *unit = finished_word(mixed(0, low & (((uint64_t)1 << 8 * length) - 1)), length);
    return length;
  }
  uint64_t hash = mixed(0, low);
  if (length > 8) {
    uint64_t high = (uint64_t)_mm_cvtsi128_si64(_mm_unpackhi_epi64(folded, folded));
    hash = mixed(hash, high & (((uint64_t)1 << 8 * (length - 8)) - 1));
  }
  *unit = finished_word(hash, length);
  return length;
}
#else
static inline size_t short_word(const uint8_t *text, uint64_t *unit) { return 0; }
#endif

static inline int is_word_byte(uint8_t byte) {
  uint8_t lower = byte | 0x20;
  return (uint8_t)(lower - 'a') < 26 || (uint8_t)(byte - '0') < 10;
}

size_t ck_match_units(const uint8_t *text, size_t count, size_t *at, const uint32_t *classes, uint64_t *units,
                      ck_match_span *spans, size_t capacity) {
  size_t index = *at, made = 0;
  while (index < count && made < capacity) {
    size_t start = index;
    uint8_t first = text[index];
    if (first < 0x80) {
      if (!is_word_byte(first)) {
        index++;
        continue;
      }
      size_t length = index + 17 <= count ? short_word(text + index, units + made) : 0;
      if (length) index += length;
      else units[made] = any_word(text, count, &index, classes);
    } else {
      size_t length;
      uint32_t scalar = scalar_at(text, index, count, &length);
      uint32_t class = scalar - 0x4E00 < 0x5200 ? scalar << 2 | CLASS_IDEOGRAPH : class_of(scalar, classes);
      if ((class & 3) < CLASS_IDEOGRAPH) {
        index += length;
        continue;
      }
      if ((class & 3) == CLASS_IDEOGRAPH) {
        units[made] = ideograph_unit(class >> 2);
        index += length;
      } else {
        units[made] = any_word(text, count, &index, classes);
      }
    }
    if (spans) spans[made] = (ck_match_span){(uint32_t)start, (uint32_t)index};
    made++;
  }
  *at = index;
  return made;
}

/// Spreads the polynomial's strong high bits over the whole word.
static inline uint64_t finished(uint64_t hash) {
  hash = (hash ^ hash >> 32) * word_factor;
  return (hash ^ hash >> 29) * end_factor;
}

static inline uint64_t polynomial(const uint64_t *units, size_t count) {
  uint64_t hash = 0;
  for (size_t index = 0; index < count; index++) hash = hash * base + units[index];
  return hash;
}

uint64_t ck_match_hash(const uint64_t *units, size_t count) { return finished(polynomial(units, count)); }

uint64_t ck_match_mask(uint64_t hash) { return (uint64_t)1 << (hash & 63) | (uint64_t)1 << (hash >> 6 & 63); }

static inline int is_held(const ck_match_filter *filter, uint64_t hash) {
  uint64_t mask = ck_match_mask(hash);
  return (filter->bits[hash >> filter->shift] & mask) == mask;
}

/// What the least anchor of a window is chosen by.
int32_t ck_match_key(uint64_t hash) { return (int32_t)(hash >> 32); }

/// Words in a row that end before `units`, as far as it matters.
static size_t run_before(const uint64_t *units, size_t most) {
  size_t run = 0;
  while (run < most && (units[-1 - (ptrdiff_t)run] & 1)) run++;
  return run;
}

enum { BLOCK = 512, MOST = CK_MATCH_WINDOW };

/// Hashes of the anchors that end at `units[0] ... units[count - 1]`.
static void anchor_hashes(const uint64_t *units, size_t count, const ck_match_search *search, uint64_t *hashes) {
  const ptrdiff_t words = search->words, ideographs = search->ideographs;
  uint64_t drop_words = 1, drop_ideographs = 1;
  for (ptrdiff_t index = 0; index < words; index++) drop_words *= base;
  for (ptrdiff_t index = 0; index < ideographs; index++) drop_ideographs *= base;
  uint64_t word_hash = polynomial(units - words, (size_t)words);
  uint64_t ideograph_hash = polynomial(units - ideographs, (size_t)ideographs);
  ptrdiff_t run = (ptrdiff_t)run_before(units, (size_t)words);
  for (ptrdiff_t index = 0; index < (ptrdiff_t)count; index++) {
    uint64_t unit = units[index];
    word_hash = word_hash * base + unit - units[index - words] * drop_words;
    ideograph_hash = ideograph_hash * base + unit - units[index - ideographs] * drop_ideographs;
    run = unit & 1 ? run + 1 : 0;
    hashes[index] = finished(run >= words ? word_hash : ideograph_hash);
  }
}

/// Lists the places whose key is the least of some `window` keys in a row: an n-gram that spans as many anchors has at
/// least one of them, the same wherever it stands.
static inline __attribute__((always_inline)) size_t list_least(const int32_t *keys, size_t count, size_t window,
                                                               uint16_t *places) {
  int32_t least[BLOCK + 2 * MOST], most[BLOCK + 2 * MOST];
  const size_t windows = count - window + 1;
  memcpy(least, keys, windows * sizeof *least);
  for (size_t step = 1; step < window; step++)
    for (size_t index = 0; index < windows; index++)
      least[index] = least[index] < keys[index + step] ? least[index] : keys[index + step];
  // The windows that a place is in begin up to `window - 1` before it; outside there are none.
  for (size_t index = 0; index < count; index++) most[index] = INT32_MIN;
  for (size_t step = 0; step < window; step++)
    for (size_t index = 0; index < windows; index++)
      most[index + step] = most[index + step] > least[index] ? most[index + step] : least[index];
  size_t made = 0;
  for (size_t index = 0; index < count; index++) {
    places[made] = (uint16_t)index;
    made += most[index] == keys[index];
  }
  return made;
}

static size_t list_least_plain(const int32_t *keys, size_t count, size_t window, uint16_t *places) {
  return list_least(keys, count, window, places);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static size_t list_least_avx2(const int32_t *keys, size_t count, size_t window,
                                                              uint16_t *places) {
  return list_least(keys, count, window, places);
}
#else
#define list_least_avx2 list_least_plain
#endif

static size_t some_windows(const uint64_t *units, size_t count, const ck_match_search *search, int32_t first,
                           int has_avx2, ck_match_anchor *found) {
  uint64_t hashes[BLOCK + MOST];
  int32_t keys[BLOCK + MOST];
  uint16_t places[BLOCK + MOST + 1];
  anchor_hashes(units, count, search, hashes);
  for (size_t index = 0; index < count; index++) keys[index] = ck_match_key(hashes[index]);
  size_t listed = (has_avx2 ? list_least_avx2 : list_least_plain)(keys, count, search->window, places);
  size_t made = 0;
  // Written always, counted where it may be one: a branch on memory would wait for it.
  for (size_t index = 0; index < listed; index++) {
    uint64_t hash = hashes[places[index]];
    found[made] = (ck_match_anchor){first + places[index], hash};
    made += (size_t)is_held(&search->least, hash);
  }
  if (search->every.bits == NULL) return made;
  for (size_t index = 0; index < count; index++) {
    found[made] = (ck_match_anchor){first + (int32_t)index, hashes[index]};
    made += (size_t)is_held(&search->every, hashes[index]);
  }
  return made;
}

size_t ck_match_anchors(const uint64_t *units, size_t count, const ck_match_search *search, ck_match_anchor *found) {
  const size_t before = search->window - 1;
  const int has_avx2 = ck_cpu_level() >= CK_AVX2;
  size_t made = 0;
  for (size_t start = 0; start < count; start += BLOCK) {
    const size_t fresh = count - start < BLOCK ? count - start : BLOCK;
    made += some_windows(units + start - before, fresh + before, search, (int32_t)start - (int32_t)before, has_avx2,
                         found + made);
  }
  return made;
}

size_t ck_match_anchors_reference(const uint64_t *units, size_t count, const ck_match_search *search,
                                  ck_match_anchor *found) {
  const ptrdiff_t before = (ptrdiff_t)search->window - 1;
  size_t made = 0;
  for (size_t start = 0; start < count; start += BLOCK) {
    const ptrdiff_t first = (ptrdiff_t)start - before;
    const ptrdiff_t end = (ptrdiff_t)(count - start < BLOCK ? count : start + BLOCK);
    for (ptrdiff_t place = first; place < end; place++) {
      uint64_t hash = ck_match_anchor_hash(units + place + 1, search);
      int is_least = 0;
      for (ptrdiff_t from = place - before; from <= place; from++) {
        if (from < first || from + before >= end) continue;
        int holds = 1;
        for (ptrdiff_t other = from; other <= from + before; other++)
          holds &= ck_match_key(ck_match_anchor_hash(units + other + 1, search)) >= ck_match_key(hash);
        is_least |= holds;
      }
      if (is_least && is_held(&search->least, hash)) found[made++] = (ck_match_anchor){(int32_t)place, hash};
      if (search->every.bits && is_held(&search->every, hash))
        found[made++] = (ck_match_anchor){(int32_t)place, hash};
    }
  }
  return made;
}

uint64_t ck_match_anchor_hash(const uint64_t *end, const ck_match_search *search) {
  size_t length = run_before(end, search->words) >= search->words ? search->words : search->ideographs;
  return ck_match_hash(end - length, length);
}
