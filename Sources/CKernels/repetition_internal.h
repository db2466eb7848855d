#ifndef REPETITION_INTERNAL_H
#define REPETITION_INTERNAL_H
#include <string.h>

#include "ck_repetition.h"
#include "ck_units.h"
#if defined(__x86_64__)
#include <emmintrin.h>
#endif

#define REPETITION_INLINE static inline __attribute__((always_inline))

// A slot: what the gram is (46 bits), 1 + its first place (18). Zero is free.
enum { PLACE_BITS = 18, LARGEST = (1 << PLACE_BITS) - 1, LONGEST_COUNTED = 4, SHORTEST_READ = 5, LONGEST = 10 };
// So many bytes may be read behind the last place.
enum { BEHIND = 80 };

/// The text and its memory.
typedef struct {
  ck_repetition_memory *memory;
  const uint64_t *hashes;
  const uint32_t *lengths;
  size_t count;
  uint32_t between;
} gram_text;

#define GRAM_FACTOR 0x9E3779B97F4A7C15u

REPETITION_INLINE int bits_for(size_t most) {
  int bits = 4;
  while ((size_t)1 << bits < most) bits++;
  return bits;
}

/// An empty table for so many grams; the shift that makes a place in it of a hash.
REPETITION_INLINE int empty_slots(ck_repetition_memory *memory, size_t grams) {
  int bits = bits_for(2 * grams);
  memset(memory->slots, 0, (size_t)8 << bits);
  return 64 - bits;
}

/// All ones when it is true; hidden from the compiler, which would make a branch of it. Whether a gram was there before
/// is as good as random.
REPETITION_INLINE uint64_t mask_of(int is_true) {
  uint64_t mask = -(uint64_t)is_true;
  __asm__("" : "+r"(mask));
  return mask;
}

/// The first place of a gram, which is this one when it is new. A slot that another gram holds is rare.
REPETITION_INLINE uint32_t first_place(uint64_t *restrict slots, int shift, uint64_t hash, uint64_t gram,
                                       uint32_t place) {
  size_t at = hash >> shift, mask = ((size_t)1 << (64 - shift)) - 1;
  uint64_t slot = slots[at];
  while (__builtin_expect((slot != 0) & (slot >> PLACE_BITS != gram), 0)) slot = slots[at = (at + 1) & mask];
  slot |= (gram << PLACE_BITS | (place + 1)) & mask_of(slot == 0);
  slots[at] = slot;
  return ((uint32_t)slot & LARGEST) - 1;
}

/// The key of the n units at `place`, of the keys of 2 times `scale` units.
REPETITION_INLINE uint64_t key_of(const gram_text *text, size_t place, size_t n, size_t scale) {
  const uint64_t power = scale == 1 ? GRAM_FACTOR * GRAM_FACTOR
                                    : GRAM_FACTOR * GRAM_FACTOR * (GRAM_FACTOR * GRAM_FACTOR);
  const uint64_t *restrict keys = text->memory->keys, *restrict hashes = text->hashes;
  size_t base = 2 * scale, unit = base;
  uint64_t key = keys[place];
  for (; unit + base <= n; unit += base) key = key * power + keys[place + unit];
  for (; unit < n; unit++) key = key * GRAM_FACTOR + hashes[place + unit];
  return key;
}

/// A bit for each of 64 bytes that is `least` or more, and the `more` bytes behind it too.
REPETITION_INLINE uint64_t at_least(const uint8_t *bytes, uint8_t least, size_t more) {
  uint64_t bits = 0;
#if defined(__x86_64__)
  for (int part = 0; part < 4; part++) {
    __m128i least_of = _mm_loadu_si128((const __m128i *)(bytes + 16 * part));
    for (size_t byte = 1; byte <= more; byte++)
      least_of = _mm_min_epu8(least_of, _mm_loadu_si128((const __m128i *)(bytes + 16 * part + byte)));
    __m128i hits = _mm_cmpeq_epi8(_mm_max_epu8(least_of, _mm_set1_epi8((char)least)), least_of);
    bits |= (uint64_t)(uint32_t)_mm_movemask_epi8(hits) << (16 * part);
  }
#else
  for (int place = 0; place < 64; place++) {
    int is_hit = 1;
    for (size_t byte = 0; byte <= more; byte++) is_hit &= bytes[place + byte] >= least;
    bits |= (uint64_t)is_hit << place;
  }
#endif
  return bits;
}

/// A count of 1...2^18 in a byte: exact up to 16, then with three bits behind the leading one. It never sinks.
REPETITION_INLINE uint8_t times_of(uint32_t count) {
  float value = (float)(int32_t)count;
  uint32_t bits;
  memcpy(&bits, &value, 4);
  return (uint8_t)((bits >> 20) - 1015);
}

/// Takes the places of n units in hand whose every gram of 2 times `scale` is there `least` times or more, by what is
/// known of its bucket; returns how many.
REPETITION_INLINE size_t common_places(const gram_text *text, size_t n, size_t scale, uint32_t least) {
  const uint8_t *restrict times = text->memory->times;
  uint32_t *restrict places = text->memory->places;
  size_t found = 0, end = text->count - n + 1;
  for (size_t block = 0; block < end; block += 64) {
    uint64_t bits = at_least(times + block, times_of(least), n - 2 * scale);
    for (; bits; bits &= bits - 1) places[found++] = (uint32_t)(block + (size_t)__builtin_ctzll(bits));
  }
  return found;
}

/// Characters in the most common gram of 2, 3 and 4 times `scale` units; leaves the keys of the shortest one, and in
/// `times` how often it may be there.
void repetition_count_top(const gram_text *text, size_t scale, ck_repetition *found);
/// Characters of longer grams that were there before. `repetition_count_top` was called.
void repetition_read(const gram_text *text, size_t scale, ck_repetition *found);
#endif
