// A repeated n-gram begins and ends with repeated shorter ones: only the shortest is counted at every place.
#include "ck_repetition.h"

#include <stdlib.h>
#include <string.h>

#include "ck_units.h"

#define BASE 0x9E3779B97F4A7C15u

typedef struct {
  ck_repetition_memory *memory;
  const uint64_t *hashes;
  size_t count, mask;
} gram_table;

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
  memory->counts = grown(memory->counts, 4 * (size + 1));
  memory->places = grown(memory->places, 4 * (size + 1));
  memory->repeats = grown(memory->repeats, size + 1);
  memory->shorter = grown(memory->shorter, size + 1);
  memory->capacity = size;
}

void ck_repetition_free(ck_repetition_memory *memory) {
  free(memory->slots);
  free(memory->starts);
  free(memory->counts);
  free(memory->places);
  free(memory->repeats);
  free(memory->shorter);
  *memory = (ck_repetition_memory){0};
}

static void clear_slots(gram_table *table, size_t grams) {
  size_t size = 16;
  while (size < 2 * grams) size *= 2;
  if (table->memory->slot_capacity < size) {
    table->memory->slots = grown(table->memory->slots, 8 * size);
    table->memory->slot_capacity = size;
  }
  memset(table->memory->slots, 0, 8 * size);
  table->mask = size - 1;
}

static inline uint64_t gram_hash(const uint64_t *hashes, size_t n) {
  uint64_t value = hashes[0];
  for (size_t unit = 1; unit < n; unit++) value = value * BASE + hashes[unit];
  return (value ^ value >> 32) * 0xD6E8FEB86659FD93u;
}

/// Where the gram at `place` was first; `place` itself when it is new. A slot is fingerprint (32), first place + 1 (32).
static inline uint32_t first_place(gram_table *table, uint64_t hash, uint32_t place) {
  uint64_t *slots = table->memory->slots, own = hash >> 32 << 32 | (place + 1);
  size_t at = (hash >> 16) & table->mask;
  // Whether a gram is new is as good as random: no branch on it, but on a slot that another gram holds.
  while (slots[at] && (slots[at] ^ own) >> 32) at = (at + 1) & table->mask;
  uint64_t slot = slots[at] ? slots[at] : own;
  slots[at] = slot;
  return (uint32_t)slot - 1;
}

/// Characters of the most common n-gram of those at the places given; marks the places whose gram is there twice.
static inline __attribute__((always_inline)) uint64_t count_grams(gram_table *table, size_t n, const uint32_t *places,
                                                                  size_t found, uint32_t between) {
  ck_repetition_memory *memory = table->memory;
  uint32_t most = 0, best = 0, *counts = memory->counts;
  uint8_t *repeats = memory->repeats;
  clear_slots(table, found);
  memset(repeats, 0, table->count + 1);
  for (size_t index = 0; index < found; index++) {
    uint32_t place = places ? places[index] : (uint32_t)index;
    uint32_t first = first_place(table, gram_hash(table->hashes + place, n), place);
    uint8_t again = first != place;
    uint32_t count = (counts[first] & -(uint32_t)again) + 1;
    counts[first] = count;
    repeats[first] |= again;
    repeats[place] |= again;
    if (count >= most && (count > most || first < best)) {
      most = count;
      best = first;
    }
  }
  // Nothing twice: the first gram of the text is the most common one.
  if (most == 0) most = 1;
  return (uint64_t)most * (memory->starts[best + n] - memory->starts[best] + (uint32_t)(n - 1) * between);
}

/// The places whose n-gram may be there twice, because the shorter one at both its ends is.
static size_t candidates(gram_table *table, size_t n, size_t previous) {
  ck_repetition_memory *memory = table->memory;
  uint8_t *swapped = memory->shorter;
  memory->shorter = memory->repeats;
  memory->repeats = swapped;
  size_t found = 0;
  for (size_t place = 0; place + n <= table->count; place++) {
    memory->places[found] = (uint32_t)place;
    found += memory->shorter[place] & memory->shorter[place + n - previous];
  }
  return found;
}

/// Characters of n-grams that were there before, as one who reads on behind each: `run[i]` grams on end are candidates.
static uint64_t read_on(gram_table *table, size_t n, size_t shortest) {
  ck_repetition_memory *memory = table->memory;
  uint64_t characters = 0;
  uint8_t *repeats = memory->repeats;
  size_t need = n - shortest + 1, next = 0;
  for (size_t place = 0; place + n <= table->count;) {
    const uint8_t *mark = memchr(repeats + place, 1, table->count - place);
    if (!mark) break;
    size_t start = (size_t)(mark - repeats), end = start;
    while (end < table->count && repeats[end]) end++;
    size_t at = start > next ? start : next;
    while (at + need <= end && at + n <= table->count) {
      uint32_t first = first_place(table, gram_hash(table->hashes + at, n), (uint32_t)at);
      if (first != at) characters += memory->starts[at + n] - memory->starts[at];
      at += first != at ? n : 1;
    }
    if (at > next) next = at;
    place = end;
  }
  return characters;
}

void ck_measure_repetition(const uint64_t *hashes, const uint32_t *lengths, size_t count, size_t scale, uint32_t between,
                           ck_repetition_memory *memory, ck_repetition *found) {
  if (count < 2 * scale) return;
  reserve(memory, count);
  uint32_t start = 0;
  for (size_t unit = 0; unit < count; unit++) {
    memory->starts[unit] = start;
    start += lengths[unit] & CK_UNIT_LENGTH;
  }
  memory->starts[count] = start;
  gram_table table = {memory, hashes, count, 0};
  size_t repeated = 0;
  for (size_t n = 2; n <= 5 && n * scale <= count; n++) {
    repeated = n == 2 ? count - 2 * scale + 1 : candidates(&table, n * scale, (n - 1) * scale);
    uint64_t top = count_grams(&table, n * scale, n == 2 ? 0 : memory->places, repeated, between);
    if (n <= 4) found->top[n - 2] += top;
  }
  if (5 * scale > count) return;
  size_t marked = 0;
  for (size_t place = 0; place < count; place++) marked += memory->repeats[place];
  if (!marked) return;
  for (size_t n = 5; n <= 10 && n * scale <= count; n++) {
    clear_slots(&table, marked);
    found->repeated[n - 5] += read_on(&table, n * scale, 5 * scale);
  }
}
