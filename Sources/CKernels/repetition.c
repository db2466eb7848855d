// Gopher's n-grams over units: memory, and texts in parts of a size that a place in a slot can name.
#include <stdlib.h>

#include "repetition_internal.h"

/// The next array of the block, 64-byte aligned; each begins at other low address bits than the one before.
static void *next_array(uint8_t **free_bytes, size_t bytes) {
  uint8_t *array = *free_bytes;
  *free_bytes = array + (bytes + 127) / 64 * 64 + 5 * 64;
  return array;
}

enum { ARRAYS = 11 };

static void reserve(ck_repetition_memory *memory, size_t count) {
  if (memory->capacity >= count) return;
  size_t size = 1024;
  while (size < count) size *= 2;
  free(memory->block);
  memory->block = malloc((8 + 32 + 16 + 4 * 4 + 2 + 1) * (size + BEHIND) + ARRAYS * 512);
  if (!memory->block) abort();
  uint8_t *bytes = memory->block + 64 - (uintptr_t)memory->block % 64;
  memory->keys = next_array(&bytes, 8 * size);
  memory->slots = next_array(&bytes, 32 * size);
  memory->counters = next_array(&bytes, 16 * size);
  memory->starts = next_array(&bytes, 4 * (size + 1));
  memory->places = next_array(&bytes, 4 * (size + 1));
  memory->counts = next_array(&bytes, 4 * (size + 1));
  memory->sources = next_array(&bytes, 4 * (size + 1));
  memory->times = next_array(&bytes, size + BEHIND);
  memory->reach = next_array(&bytes, size + BEHIND);
  memory->begun = next_array(&bytes, size / 8 + 16);
  memory->met = next_array(&bytes, size / 8 + 16);
  memory->capacity = size;
}

void ck_repetition_free(ck_repetition_memory *memory) {
  free(memory->block);
  *memory = (ck_repetition_memory){0};
}

void ck_measure_repetition(const uint64_t *hashes, const uint32_t *lengths, size_t count, size_t scale,
                           uint32_t between, ck_repetition_memory *memory, ck_repetition *found) {
  for (size_t at = 0; at < count; at += LARGEST) {
    size_t part = count - at < LARGEST ? count - at : LARGEST;
    if (part < 2 * scale) return;
    gram_text text = {memory, hashes + at, lengths + at, part, between};
    reserve(memory, part);
    repetition_count_top(&text, scale, found);
    if (part >= SHORTEST_READ * scale) repetition_read(&text, scale, found);
  }
}
