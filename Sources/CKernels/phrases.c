#include "ck_phrases.h"

#include <string.h>
#if defined(__x86_64__)
#include <emmintrin.h>
#endif

static int is_alphanumeric(uint8_t byte) {
  return (uint8_t)(byte - '0') <= 9 || (uint8_t)((byte | 0x20) - 'a') <= 25;
}

static inline int has(const uint64_t *bits, uint32_t hash) { return (int)(bits[hash >> 6] >> (hash & 63) & 1); }

static inline int passes(const uint8_t *text, size_t at, size_t count, const ck_phrase_sieve *sieve) {
  uint64_t bytes = 0;
  if (at + 8 <= count) memcpy(&bytes, text + at, 8);
  else memcpy(&bytes, text + at, count - at);
  if (text[at] < 0x80) return has(sieve->ascii, ck_phrase_hash3(bytes));
  return has(sieve->wide, ck_phrase_hash6(bytes)) ||
         (sieve->has_short && has(sieve->wide_short, ck_phrase_hash3(bytes)));
}

size_t ck_phrase_places_reference(const uint8_t *text, size_t from, size_t count, const ck_phrase_sieve *sieve,
                                  uint32_t *places, size_t capacity, size_t *next) {
  size_t found = 0;
  for (; from < count && found < capacity; from++) {
    int begins = text[from] >= 0xC2 ||
                 (is_alphanumeric(text[from]) && (from == 0 || !is_alphanumeric(text[from - 1])));
    if (begins && passes(text, from, count, sieve)) places[found++] = (uint32_t)from;
  }
  *next = from;
  return found;
}

#if defined(__x86_64__)
/// Bits of 64 bytes: letters and digits of ASCII, first bytes of other characters.
static inline void classify(const uint8_t *bytes, uint64_t *alphanumeric, uint64_t *leads) {
  *alphanumeric = *leads = 0;
  for (int part = 0; part < 4; part++) {
    __m128i block = _mm_loadu_si128((const __m128i *)(bytes + 16 * part));
    __m128i letter = _mm_sub_epi8(_mm_or_si128(block, _mm_set1_epi8(0x20)), _mm_set1_epi8('a'));
    __m128i digit = _mm_sub_epi8(block, _mm_set1_epi8('0'));
    letter = _mm_cmpeq_epi8(_mm_min_epu8(letter, _mm_set1_epi8(25)), letter);
    digit = _mm_cmpeq_epi8(_mm_min_epu8(digit, _mm_set1_epi8(9)), digit);
    __m128i lead = _mm_cmpeq_epi8(_mm_max_epu8(block, _mm_set1_epi8((char)0xC2)), block);
    *alphanumeric |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_or_si128(letter, digit)) << 16 * part;
    *leads |= (uint64_t)(uint32_t)_mm_movemask_epi8(lead) << 16 * part;
  }
}
#endif

size_t ck_phrase_places(const uint8_t *text, size_t from, size_t count, const ck_phrase_sieve *sieve, uint32_t *places,
                        size_t capacity, size_t *next) {
#if defined(__x86_64__)
  size_t found = 0;
  uint64_t before = from > 0 && is_alphanumeric(text[from - 1]);
  for (; from + 72 <= count && found + 64 <= capacity; from += 64) {
    uint64_t alphanumeric, leads, bytes;
    classify(text + from, &alphanumeric, &leads);
    uint64_t starts = alphanumeric & ~(alphanumeric << 1 | before);
    before = alphanumeric >> 63;
    uint32_t *place = places + found;
    for (uint64_t rest = starts | leads; rest; rest &= rest - 1) {
      size_t bit = (size_t)__builtin_ctzll(rest);
      memcpy(&bytes, text + from + bit, 8);
      int is_lead = (int)(leads >> bit & 1);
      uint32_t hash = is_lead ? ck_phrase_hash6(bytes) : ck_phrase_hash3(bytes);
      int hit = has(is_lead ? sieve->wide : sieve->ascii, hash);
      if (sieve->has_short) hit |= is_lead & has(sieve->wide_short, ck_phrase_hash3(bytes));
      *place = (uint32_t)(from + bit);
      place += hit;
    }
    found = (size_t)(place - places);
  }
  *next = from;
  if (from + 72 <= count) return found;
  return found + ck_phrase_places_reference(text, from, count, sieve, places + found, capacity - found, next);
#else
  return ck_phrase_places_reference(text, from, count, sieve, places, capacity, next);
#endif
}
