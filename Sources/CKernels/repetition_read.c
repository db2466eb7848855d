// Grams that were there before, to one who reads on behind each.
//
// Every place gets one earlier place that begins with the same units, as many as any earlier place has: its source, and
// how far it reaches. What is there twice is mostly long, so the source of the next place is mostly the next one. The
// sources of a place's sources end where each shorter gram was first.
#include "repetition_internal.h"

enum { LEVELS = LONGEST - SHORTEST_READ };

/// The longest gram at `place` that is at `source` too: `SHORTEST_READ`...`LONGEST`, the shortest ones being the same.
REPETITION_INLINE size_t common_length(const gram_text *text, size_t scale, size_t source, size_t place) {
  size_t from = SHORTEST_READ * scale, same = 0;
  const uint64_t *hashes = text->hashes + from;
  if (__builtin_expect(place + LONGEST * scale > text->count, 0)) {
    while (place + from + same < text->count && hashes[source + same] == hashes[place + same]) same++;
    return SHORTEST_READ + same / scale;
  }
  uint32_t different = 1u << (LEVELS * scale);
  for (size_t unit = 0; unit < LEVELS * scale; unit++)
    different |= (uint32_t)(hashes[source + unit] != hashes[place + unit]) << unit;
  return SHORTEST_READ + (size_t)__builtin_ctz(different) / scale;
}

/// The first place of the gram of n units at `place`, which has it or a source with it.
REPETITION_INLINE uint32_t first_of(const ck_repetition_memory *memory, uint32_t place, size_t n) {
  while (memory->reach[place] >= n) place = memory->sources[place];
  return place;
}

/// The first place of the shortest gram at `place`.
REPETITION_INLINE uint32_t shortest_first(const gram_text *text, size_t scale, int shift, uint32_t place) {
  uint64_t key = key_of(text, place, SHORTEST_READ * scale, scale);
  return first_place(text->memory->slots, shift, key << 9, key >> PLACE_BITS, place);
}

/// The first place of the gram of n units at `place` whose shorter one, first at `first`, goes on otherwise there.
REPETITION_INLINE uint32_t other_first(const gram_text *text, size_t scale, int shift, uint32_t first, uint32_t place,
                                       size_t n) {
  uint64_t key = ((uint64_t)first << 4 | n) * GRAM_FACTOR;
  for (size_t unit = (n - 1) * scale; unit < n * scale; unit++)
    key = (key ^ text->hashes[place + unit]) * 0xD6E8FEB86659FD93u;
  return first_place(text->memory->slots, shift, key << 9, key >> PLACE_BITS, place);
}

/// Whether the gram of 2 times `scale` units may be there twice, and that one and two units before.
REPETITION_INLINE int may_repeat(const ck_repetition_memory *memory, size_t place) {
  const uint8_t *times = memory->times + place;
  return (times[0] > 1) & (times[-1] > 1) & (times[-2] > 1);
}

/// The longest gram at `place` that was there before, and in `source` where: n units are the same there.
static size_t reach_further(const gram_text *text, size_t scale, int shift, uint32_t place, size_t n,
                            uint32_t *source) {
  const ck_repetition_memory *memory = text->memory;
  // The longer gram ends with grams that may be there twice.
  while (n < LONGEST && place + (n + 1) * scale <= text->count && may_repeat(memory, place + (n - 1) * scale)) {
    uint32_t first = first_of(memory, *source, n), other = first;
    size_t longer = first != *source ? common_length(text, scale, first, place) : n;
    if (longer == n) {
      other = other_first(text, scale, shift, first, place, n + 1);
      if (other == place) return n;
      longer = common_length(text, scale, other, place);
      // Only hashes that meet by chance go on differently.
      if (longer <= n) return n;
    }
    *source = other;
    n = longer;
  }
  return n;
}

/// Finds the source of each place in hand and how far it reaches.
REPETITION_INLINE void find_sources(const gram_text *text, size_t scale, size_t found) {
  ck_repetition_memory *memory = text->memory;
  const uint32_t *restrict places = memory->places;
  uint32_t *sources = memory->sources;
  uint8_t *reach = memory->reach;
  int shift = empty_slots(memory, found);
  memset(reach, 0, text->count + BEHIND);
  // The place that goes on from the one before, and where its source would be; none.
  uint32_t next = UINT32_MAX, source = 0;
  const uint64_t *restrict last_units = text->hashes + SHORTEST_READ * scale - 1;
  for (size_t index = 0; index < found; index++) {
    uint32_t place = places[index];
    if (place != next || last_units[place] != last_units[source]) source = shortest_first(text, scale, shift, place);
    if (source == place) continue;
    size_t n = common_length(text, scale, source, place);
    if (n < LONGEST) n = reach_further(text, scale, shift, place, n, &source);
    else if (reach[source] == LONGEST) source = sources[source];
    reach[place] = (uint8_t)n;
    sources[place] = source++;
    next = place + 1;
  }
}

/// Bits from any bit on, 57 at least.
REPETITION_INLINE uint64_t bits_from(const uint64_t *words, size_t bit) {
  uint64_t word;
  memcpy(&word, (const uint8_t *)words + (bit >> 3), 8);
  return word >> (bit & 7);
}

/// Whether one who read on behind the grams that begin where there is a bit in `begun` came by a place.
REPETITION_INLINE int is_read(const uint64_t *begun, size_t place, size_t units) {
  // There are 64 bits in front of the first place.
  return !(bits_from(begun, 64 + place - units + 1) & (((uint64_t)1 << (units - 1)) - 1));
}

/// Whether the reader came by the gram of n units at `place` before. If not by the places that its sources are, a bit
/// in `met` says for the first of them whether by another one; it is set.
static int was_met(const ck_repetition_memory *memory, uint32_t place, size_t n, size_t units) {
  while (memory->reach[place] >= n) {
    place = memory->sources[place];
    if (is_read(memory->begun, place, units)) return 1;
  }
  uint64_t bit = (uint64_t)1 << (place & 63), *met = memory->met + (place >> 6);
  int is_met = (*met & bit) != 0;
  *met |= bit;
  return is_met;
}

/// Reads on behind each gram of n units that was there before: its characters.
REPETITION_INLINE uint64_t read_on(const gram_text *text, size_t scale, size_t n) {
  const ck_repetition_memory *memory = text->memory;
  const uint32_t *restrict starts = memory->starts, *restrict sources = memory->sources;
  const uint8_t *restrict reach = memory->reach;
  uint64_t *begun = memory->begun, characters = 0;
  size_t units = n * scale, next = 0, bytes = text->count / 64 * 8 + 24;
  memset(begun, 0, bytes);
  memset(memory->met, 0, bytes);
  for (size_t block = 0; block + units <= text->count; block += 64) {
    if (next >= block + 64) continue;
    uint64_t bits = at_least(reach + block, (uint8_t)n, 0);
    if (next > block) bits &= ~(uint64_t)0 << (next - block);
    while (bits) {
      size_t place = block + (size_t)__builtin_ctzll(bits);
      if (!is_read(begun, sources[place], units) && !was_met(memory, (uint32_t)place, n, units)) {
        bits &= bits - 1;
        continue;
      }
      characters += starts[place + units] - starts[place];
      begun[1 + (block >> 6)] |= (uint64_t)1 << (place & 63);
      next = place + units;
      bits &= next < block + 64 ? ~(uint64_t)0 << (next - block) : 0;
    }
  }
  return characters;
}

static void sum_lengths(const gram_text *text) {
  uint32_t start = 0, *restrict starts = text->memory->starts;
  const uint32_t *restrict lengths = text->lengths;
  size_t count = text->count;
  for (size_t unit = 0; unit < count; unit++) {
    starts[unit] = start;
    start += lengths[unit] & CK_UNIT_LENGTH;
  }
  starts[count] = start;
}

REPETITION_INLINE void read_all(const gram_text *text, size_t scale, ck_repetition *found) {
  size_t places = common_places(text, SHORTEST_READ * scale, scale, 2);
  if (!places) return;
  find_sources(text, scale, places);
  sum_lengths(text);
  for (size_t n = SHORTEST_READ; n <= LONGEST; n++)
    found->repeated[n - SHORTEST_READ] += read_on(text, scale, n);
}

void repetition_read(const gram_text *text, size_t scale, ck_repetition *found) {
  if (scale == 1) read_all(text, 1, found);
  else read_all(text, 2, found);
}
