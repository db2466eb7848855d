// A repeated n-gram begins and ends with repeated shorter ones: only the shortest is counted at every place. What it
// is, the place of its first like says; two of those name a longer gram exactly.
#include "ck_repetition.h"

#include <stdlib.h>
#include <string.h>

#include "ck_units.h"

#define REPETITION_INLINE static inline __attribute__((always_inline))

// A slot: fingerprint (28 bits), how often (18), first place (18). Zero is free.
enum { PLACE_BITS = 18, LARGEST = (1 << PLACE_BITS) - 1 };
#define ONCE ((uint64_t)1 << PLACE_BITS)
#define FINGERPRINT (~(uint64_t)0 << (2 * PLACE_BITS))

typedef struct {
  uint64_t *slots;
  size_t mask;
} gram_table;

/// The text, and what is known of its n-grams of one length.
typedef struct {
  ck_repetition_memory *memory;
  const uint64_t *hashes;
  size_t count;
  uint32_t between;
} gram_text;

static void *grown(void *old, size_t bytes) {
  free(old);
  void *memory = malloc(bytes);
  if (!memory) abort();
  return memory;
}

static void reserve(ck_repetition_memory *memory, size_t count) {
  if (memory->capacity >= count) return;
  size_t size = 1024;
  while (size < count) size *= 2;
  memory->starts = grown(memory->starts, 4 * (size + 1));
  memory->places = grown(memory->places, 4 * (size + 1));
  memory->firsts = grown(memory->firsts, 4 * (size + 1));
  memory->shorter = grown(memory->shorter, 4 * (size + 1));
  memory->repeats = grown(memory->repeats, size + 1);
  memory->capacity = size;
}

void ck_repetition_free(ck_repetition_memory *memory) {
  free(memory->slots);
  free(memory->starts);
  free(memory->places);
  free(memory->firsts);
  free(memory->shorter);
  free(memory->repeats);
  *memory = (ck_repetition_memory){0};
}

/// An empty table for so many grams.
static gram_table make_table(ck_repetition_memory *memory, size_t grams) {
  size_t size = 16;
  while (size < 2 * grams) size *= 2;
  if (memory->slot_capacity < size) {
    memory->slots = grown(memory->slots, 8 * size);
    memory->slot_capacity = size;
  }
  memset(memory->slots, 0, 8 * size);
  return (gram_table){memory->slots, size - 1};
}

/// Counts a gram; the slot as it is then. Whether a gram is new is as good as random: there is no branch on it, but on
/// a slot that another gram holds.
REPETITION_INLINE uint64_t count_gram(gram_table table, uint64_t hash, uint32_t place) {
  uint64_t *restrict slots = table.slots;
  size_t at = (hash >> 16) & table.mask;
  uint64_t slot = slots[at];
  while (__builtin_expect(slot && (slot ^ hash) & FINGERPRINT, 0)) slot = slots[at = (at + 1) & table.mask];
  slot = (slot ? slot : ((hash & FINGERPRINT) | place)) + ONCE;
  slots[at] = slot;
  return slot;
}

REPETITION_INLINE uint64_t mixed(uint64_t value) {
  value *= 0x9E3779B97F4A7C15u;
  return (value ^ value >> 32) * 0xD6E8FEB86659FD93u;
}

/// The gram of n units.
REPETITION_INLINE uint64_t unit_gram(const uint64_t *hashes, size_t n) {
  uint64_t value = hashes[0];
  for (size_t unit = 1; unit < n; unit++) value = value * 0x9E3779B97F4A7C15u + hashes[unit];
  return mixed(value);
}

/// The gram that begins with the shorter one at `place` and ends with the one `step` units behind it.
REPETITION_INLINE uint64_t pair_gram(const uint32_t *firsts, uint32_t place, size_t step) {
  return mixed((uint64_t)firsts[place] << 32 | firsts[place + step]);
}

typedef struct {
  uint32_t most, first;
} best_gram;

/// Where to note: handed on by value, because a store of bytes might change a pointer in memory.
typedef struct {
  uint32_t *firsts;
  uint8_t *repeats;
} gram_marks;

/// Notes where the gram at `place` was first, and the most common gram so far; of two as common ones, the first.
REPETITION_INLINE void note_gram(gram_marks marks, uint64_t slot, uint32_t place, best_gram *best) {
  uint32_t first = (uint32_t)slot & LARGEST, count = (uint32_t)(slot >> PLACE_BITS) & LARGEST;
  uint8_t again = count > 1;
  marks.firsts[place] = first;
  marks.repeats[first] = again;
  marks.repeats[place] = again;
  if (count >= best->most && (count > best->most || first < best->first)) *best = (best_gram){count, first};
}

static uint64_t top_characters(const gram_text *text, size_t n, best_gram best) {
  // Nothing twice: the first gram of the text is the most common one.
  if (best.most <= 1) best = (best_gram){1, 0};
  const uint32_t *starts = text->memory->starts;
  return (uint64_t)best.most * (starts[best.first + n] - starts[best.first] + (uint32_t)(n - 1) * text->between);
}

/// Counts the shortest grams at every place.
REPETITION_INLINE uint64_t count_shortest(const gram_text *text, size_t n) {
  ck_repetition_memory *memory = text->memory;
  size_t places = text->count - n + 1;
  gram_table table = make_table(memory, places);
  best_gram best = {0, 0};
  gram_marks marks = {memory->firsts, memory->repeats};
  const uint64_t *hashes = text->hashes;
  memset(marks.repeats, 0, text->count + 1);
  for (uint32_t place = 0; place < places; place++)
    note_gram(marks, count_gram(table, unit_gram(hashes + place, n), place), place, &best);
  return top_characters(text, n, best);
}

/// Of the places in hand, or of all, those whose n-gram may be there twice because the shorter ones at its ends are.
static size_t candidates(const gram_text *text, size_t n, size_t step, size_t found, int are_all) {
  ck_repetition_memory *memory = text->memory;
  const uint8_t *repeats = memory->repeats;
  uint32_t *places = memory->places;
  size_t kept = 0;
  for (size_t index = 0; index < found; index++) {
    size_t place = are_all ? index : places[index];
    if (place + n > text->count) break;
    places[kept] = (uint32_t)place;
    kept += repeats[place] & repeats[place + step];
  }
  return kept;
}

/// Counts the n-grams at the places in hand, by the shorter grams `step` apart.
static uint64_t count_longer(const gram_text *text, size_t n, size_t step, size_t found) {
  ck_repetition_memory *memory = text->memory;
  uint32_t *swapped = memory->shorter;
  memory->shorter = memory->firsts;
  memory->firsts = swapped;
  gram_table table = make_table(memory, found);
  best_gram best = {0, 0};
  gram_marks marks = {memory->firsts, memory->repeats};
  const uint32_t *places = memory->places, *shorter = memory->shorter;
  memset(marks.repeats, 0, text->count + 1);
  for (size_t index = 0; index < found; index++) {
    uint32_t place = places[index];
    note_gram(marks, count_gram(table, pair_gram(shorter, place, step), place), place, &best);
  }
  return top_characters(text, n, best);
}

/// Stretches of places whose shortest counted gram is there twice, into `places`: start and end by turns.
static size_t stretches(const gram_text *text, size_t *marked) {
  ck_repetition_memory *memory = text->memory;
  const uint8_t *repeats = memory->repeats;
  size_t found = 0;
  for (size_t place = 0; place < text->count;) {
    const uint8_t *mark = memchr(repeats + place, 1, text->count - place);
    if (!mark) break;
    size_t start = (size_t)(mark - repeats), end = start;
    while (repeats[end]) end++;
    memory->places[found++] = (uint32_t)start;
    memory->places[found++] = (uint32_t)end;
    *marked += end - start;
    place = end;
  }
  return found;
}

/// Characters of n-grams that were there before, to one who reads on behind each.
static uint64_t read_on(const gram_text *text, size_t n, size_t shortest, size_t ends, size_t marked) {
  ck_repetition_memory *memory = text->memory;
  gram_table table = make_table(memory, marked);
  uint64_t characters = 0;
  size_t step = n - shortest, next = 0;
  for (size_t index = 0; index < ends; index += 2) {
    size_t at = memory->places[index], end = memory->places[index + 1];
    if (at < next) at = next;
    while (at + step < end && at + n <= text->count) {
      uint64_t slot = count_gram(table, pair_gram(memory->firsts, (uint32_t)at, step), (uint32_t)at);
      int again = (slot >> PLACE_BITS & LARGEST) > 1;
      if (again) characters += memory->starts[at + n] - memory->starts[at];
      at += again ? n : 1;
    }
    if (at > next) next = at;
  }
  return characters;
}

static void measure(const gram_text *text, const uint32_t *lengths, size_t scale, ck_repetition *found) {
  ck_repetition_memory *memory = text->memory;
  if (text->count < 2 * scale) return;
  reserve(memory, text->count);
  uint32_t start = 0;
  for (size_t unit = 0; unit < text->count; unit++) {
    memory->starts[unit] = start;
    start += lengths[unit] & CK_UNIT_LENGTH;
  }
  memory->starts[text->count] = start;
  found->top[0] += scale == 1 ? count_shortest(text, 2) : count_shortest(text, 4);
  size_t places = text->count - 2 * scale + 1;
  for (size_t n = 3; n <= 5 && n * scale <= text->count; n++) {
    places = candidates(text, n * scale, scale, places, n == 3);
    uint64_t top = count_longer(text, n * scale, scale, places);
    if (n <= 4) found->top[n - 2] += top;
  }
  if (5 * scale > text->count) return;
  size_t marked = 0, ends = stretches(text, &marked);
  for (size_t n = 5; ends && n <= 10 && n * scale <= text->count; n++)
    found->repeated[n - 5] += read_on(text, n * scale, 5 * scale, ends, marked);
}

void ck_measure_repetition(const uint64_t *hashes, const uint32_t *lengths, size_t count, size_t scale,
                           uint32_t between, ck_repetition_memory *memory, ck_repetition *found) {
  for (size_t at = 0; at < count; at += LARGEST) {
    size_t part = count - at < LARGEST ? count - at : LARGEST;
    gram_text text = {memory, hashes + at, part, between};
    measure(&text, lengths + at, scale, found);
  }
}
