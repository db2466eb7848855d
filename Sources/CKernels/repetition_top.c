// The most common gram of a length. Only those can be it whose parts are as common as one that was counted.
#include "repetition_internal.h"

/// How often the most common gram is there, and of as common ones the first: larger is better.
typedef uint64_t best_gram;

static uint64_t top_characters(const gram_text *text, size_t n, best_gram best) {
  uint64_t most = best >> 32;
  // Nothing twice: the first gram of the text is the most common one.
  size_t first = most > 1 ? UINT32_MAX - (uint32_t)best : 0;
  uint64_t characters = (n - 1) * text->between;
  for (size_t unit = first; unit < first + n; unit++) characters += text->lengths[unit] & CK_UNIT_LENGTH;
  return (most > 1 ? most : 1) * characters;
}

/// Makes the keys of the shortest grams and counts them by bucket; how many are in the fullest.
REPETITION_INLINE uint32_t fill_buckets(const gram_text *text, size_t scale, int shift) {
  const uint64_t *restrict hashes = text->hashes;
  uint64_t *restrict keys = text->memory->keys;
  uint32_t *restrict counters = text->memory->counters;
  uint32_t most = 0;
  memset(counters, 0, (size_t)4 << (64 - shift));
  uint64_t last = scale == 2 ? hashes[0] * GRAM_FACTOR + hashes[1] : 0;
  uint64_t second = scale == 2 && text->count > 2 ? hashes[1] * GRAM_FACTOR + hashes[2] : 0;
  for (size_t place = 0, end = text->count - 2 * scale + 1; place < end; place++) {
    uint64_t key = hashes[place + 2 * scale - 2] * GRAM_FACTOR + hashes[place + 2 * scale - 1];
    if (scale == 2) {
      // Of two pairs, the first of which was the second one two places ago.
      uint64_t pair = key;
      key += last * (GRAM_FACTOR * GRAM_FACTOR);
      last = second;
      second = pair;
    }
    keys[place] = key;
    uint32_t count = ++counters[key >> shift];
    most = count > most ? count : most;
  }
  return most;
}

/// How many are in the bucket of each place's gram.
REPETITION_INLINE void note_times(const gram_text *text, size_t scale, int shift) {
  const uint64_t *restrict keys = text->memory->keys;
  const uint32_t *restrict counters = text->memory->counters;
  uint8_t *restrict times = text->memory->times;
  size_t end = text->count - 2 * scale + 1;
  for (size_t place = 0; place < end; place++) times[place] = times_of(counters[keys[place] >> shift]);
  memset(times + end, 0, BEHIND);
}

/// The most common gram of n units among the places in hand.
REPETITION_INLINE best_gram count_places(const gram_text *text, size_t n, size_t scale, size_t found) {
  int shift = empty_slots(text->memory, found);
  const uint32_t *restrict places = text->memory->places;
  uint64_t *restrict slots = text->memory->slots;
  uint32_t *restrict counts = text->memory->counts;
  best_gram best = 0;
  while (found > 0 && places[found - 1] + n > text->count) found--;
  for (size_t index = 0; index < found; index++) {
    uint32_t place = places[index];
    uint64_t key = key_of(text, place, n, scale);
    counts[place] = 0;
    uint32_t first = first_place(slots, shift, key << 9, key >> PLACE_BITS, place), count = ++counts[first];
    best_gram candidate = (uint64_t)count << 32 | (UINT32_MAX - first);
    best = candidate > best ? candidate : best;
  }
  return best;
}

/// The most common one of all grams of n units, one of which is there `least` times.
REPETITION_INLINE best_gram most_common(const gram_text *text, size_t n, size_t scale, uint32_t least, size_t *found) {
  *found = common_places(text, n, scale, least < 2 ? 2 : least);
  return count_places(text, n, scale, *found);
}

/// How often the gram at the first place in hand is there when it is the only one in hand, or 0.
REPETITION_INLINE uint32_t only_gram(const gram_text *text, size_t found) {
  const uint64_t *restrict keys = text->memory->keys;
  const uint32_t *restrict places = text->memory->places;
  uint64_t different = 0;
  for (size_t index = 1; index < found; index++) different |= keys[places[index]] ^ keys[places[0]];
  return different ? 0 : (uint32_t)found;
}

/// The most common gram of 2 times `scale` units.
REPETITION_INLINE best_gram count_shortest(const gram_text *text, size_t scale, size_t *found) {
  int shift = 64 - bits_for(2 * text->count);
  uint32_t most = fill_buckets(text, scale, shift);
  note_times(text, scale, shift);
  *found = common_places(text, 2 * scale, scale, most < 2 ? 2 : most);
  if (*found && only_gram(text, *found)) return (uint64_t)*found << 32 | (UINT32_MAX - text->memory->places[0]);
  best_gram best = count_places(text, 2 * scale, scale, *found);
  // The fullest bucket may hold several grams.
  if (best >> 32 < most) best = most_common(text, 2 * scale, scale, (uint32_t)(best >> 32), found);
  return best;
}

REPETITION_INLINE void count_top(const gram_text *text, size_t scale, ck_repetition *found) {
  size_t places;
  best_gram best = count_shortest(text, scale, &places);
  found->top[0] += top_characters(text, 2 * scale, best);
  for (size_t n = 3 * scale; n <= LONGEST_COUNTED * scale && n <= text->count; n += scale) {
    // What begins as the most common shorter ones do is common too.
    best = count_places(text, n, scale, places);
    best = most_common(text, n, scale, (uint32_t)(best >> 32), &places);
    found->top[n / scale - 2] += top_characters(text, n, best);
  }
}

void repetition_count_top(const gram_text *text, size_t scale, ck_repetition *found) {
  if (scale == 1) count_top(text, 1, found);
  else count_top(text, 2, found);
}
