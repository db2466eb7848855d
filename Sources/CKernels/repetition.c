// A repeated n-gram begins and ends with repeated shorter ones, so each length looks only at places where two of the
// length before meet. What a gram is, the place of its first like says; two of those name a longer gram exactly.
#include "ck_repetition.h"

#include <stdlib.h>
#include <string.h>

#include "ck_units.h"

#define REPETITION_INLINE static inline __attribute__((always_inline))

// A slot: what the gram is (46 bits), 1 + its first place (18). Zero is free.
enum { PLACE_BITS = 18, LARGEST = (1 << PLACE_BITS) - 1, LONGEST_COUNTED = 4, SHORTEST_READ = 5, LONGEST = 10 };

/// The text, and what is known of its n-grams of one length.
typedef struct {
  ck_repetition_memory *memory;
  const uint64_t *hashes;
  const uint32_t *lengths;
  size_t count;
  uint32_t between;
  /// Places in hand, in `memory->places`.
  size_t found;
} gram_text;

/// The next array of the block, 64-byte aligned; each begins at other low address bits than the one before.
static void *next_array(uint8_t **free_bytes, size_t bytes) {
  uint8_t *array = *free_bytes;
  *free_bytes = array + (bytes + 127) / 64 * 64 + 5 * 64;
  return array;
}

static void reserve(ck_repetition_memory *memory, size_t count) {
  if (memory->capacity >= count) return;
  size_t size = 1024;
  while (size < count) size *= 2;
  free(memory->block);
  memory->block = malloc((8 + 32 + 8 + 6 * 4 + 1) * (size + 1) + 10 * 512);
  if (!memory->block) abort();
  uint8_t *bytes = memory->block + 64 - (uintptr_t)memory->block % 64;
  memory->keys = next_array(&bytes, 8 * size);
  memory->slots = next_array(&bytes, 32 * size);
  memory->sieve = next_array(&bytes, 8 * size);
  memory->starts = next_array(&bytes, 4 * (size + 1));
  memory->places = next_array(&bytes, 4 * (size + 1));
  memory->others = next_array(&bytes, 4 * (size + 1));
  memory->firsts = next_array(&bytes, 4 * (size + 1));
  memory->shorter = next_array(&bytes, 4 * (size + 1));
  memory->counts = next_array(&bytes, 4 * (size + 1));
  memory->repeats = next_array(&bytes, size + 1);
  memory->capacity = size;
}

void ck_repetition_free(ck_repetition_memory *memory) {
  free(memory->block);
  *memory = (ck_repetition_memory){0};
}

static int bits_for(size_t most) {
  int bits = 4;
  while ((size_t)1 << bits < most) bits++;
  return bits;
}

/// An empty table for so many grams; the shift that makes a place in it of a hash.
static int empty_slots(ck_repetition_memory *memory, size_t grams) {
  int bits = bits_for(2 * grams);
  memset(memory->slots, 0, (size_t)8 << bits);
  return 64 - bits;
}

/// All ones when it is true; hidden from the compiler, which would make a branch of it. Whether a gram was there before is
/// as good as random.
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

/// How often the most common gram is there, and of as common ones the first: larger is better.
typedef uint64_t best_gram;

REPETITION_INLINE best_gram counted(uint32_t *restrict counts, uint32_t first, uint32_t more, best_gram best) {
  uint32_t count = counts[first] + more;
  counts[first] = count;
  best_gram candidate = (uint64_t)count << 32 | (UINT32_MAX - first);
  return candidate > best ? candidate : best;
}

static uint64_t top_characters(const gram_text *text, size_t n, best_gram best) {
  uint64_t most = best >> 32;
  // Nothing twice: the first gram of the text is the most common one.
  size_t first = most > 1 ? UINT32_MAX - (uint32_t)best : 0;
  uint64_t characters = (n - 1) * text->between;
  for (size_t unit = first; unit < first + n; unit++) characters += text->lengths[unit] & CK_UNIT_LENGTH;
  return (most > 1 ? most : 1) * characters;
}

static void name_places(uint32_t *firsts, size_t count) {
  for (size_t place = 0; place < count; place++) firsts[place] = (uint32_t)place;
}

/// Names the gram of n units at every place and takes those places in hand whose gram may be there twice: a sieve of
/// bytes tells most of the others without a table.
REPETITION_INLINE void sift(gram_text *text, size_t n) {
  ck_repetition_memory *memory = text->memory;
  const uint64_t *restrict hashes = text->hashes;
  uint64_t *restrict keys = memory->keys;
  uint8_t *restrict sieve = memory->sieve;
  uint32_t *restrict places = memory->places;
  size_t count = text->count - n + 1, found = 0;
  int bits = bits_for(4 * count), shift = 64 - bits;
  memset(sieve, 0, (size_t)1 << bits);
  for (size_t place = 0; place < count; place++) {
    uint64_t key = hashes[place];
    for (size_t unit = 1; unit < n; unit++) key = key * 0x9E3779B97F4A7C15u + hashes[place + unit];
    keys[place] = key;
    // 0, 1, 3, 7 ... 255: it never comes round to 0 again.
    uint8_t *seen = sieve + (key >> shift);
    *seen = (uint8_t)(*seen << 1 | 1);
  }
  for (size_t place = 0; place < count; place++) {
    places[found] = (uint32_t)place;
    found += sieve[keys[place] >> shift] >> 1 & 1;
  }
  text->found = found;
}

/// Counts the shortest grams.
REPETITION_INLINE best_gram count_shortest(gram_text *text, size_t n) {
  sift(text, n);
  ck_repetition_memory *memory = text->memory;
  uint32_t *restrict firsts = memory->firsts;
  uint8_t *restrict repeats = memory->repeats;
  best_gram best = 0;
  int shift = empty_slots(memory, text->found);
  name_places(firsts, text->count);
  memset(memory->counts, 0, 4 * text->count);
  memset(repeats, 0, text->count + 1);
  for (size_t index = 0; index < text->found; index++) {
    uint32_t place = memory->places[index];
    uint64_t key = memory->keys[place];
    uint32_t first = first_place(memory->slots, shift, key << 9, key >> PLACE_BITS, place);
    firsts[place] = first;
    uint8_t again = first != place;
    repeats[place] = again;
    repeats[first] = again;
    best = counted(memory->counts, first, 1, best);
  }
  return best;
}

/// Keeps of the places in hand those whose n-gram may be there twice because the shorter ones at its ends are, `step`
/// apart. Where the first of the shorter ones goes on in the same way, the gram is known; returns how many others there
/// are, in `memory->others`.
REPETITION_INLINE size_t refine(gram_text *text, size_t n, size_t step, int is_counted, best_gram *best) {
  ck_repetition_memory *memory = text->memory;
  const uint32_t *restrict shorter = memory->shorter;
  uint32_t *restrict firsts = memory->firsts, *restrict counts = memory->counts;
  uint32_t *places = memory->places, *restrict others = memory->others;
  uint8_t *repeats = memory->repeats;
  size_t kept = 0, different = 0, found = text->found;
  best_gram most = 0;
  while (found > 0 && places[found - 1] + n > text->count) found--;
  for (size_t index = 0; index < found; index++) {
    uint32_t place = places[index];
    uint32_t both = repeats[place] & repeats[place + step];
    uint32_t first = shorter[place], second = shorter[place + step];
    uint32_t is_same = shorter[first + step] == second;
    first = is_same ? first : place;
    firsts[place] = first;
    // From here on it says so of the longer grams: nothing looks back at it.
    uint8_t again = first != place;
    repeats[place] = again;
    repeats[first] = again;
    others[different] = place;
    different += both & ~is_same;
    places[kept] = place;
    kept += both;
    if (is_counted) most = counted(counts, first, is_same, most);
  }
  for (size_t index = found; index < text->found; index++) repeats[places[index]] = 0;
  text->found = kept;
  *best = most;
  return different;
}

/// Names the n-grams at the places in hand, by the shorter ones `step` apart.
REPETITION_INLINE best_gram count_longer(gram_text *text, size_t n, size_t step, int is_counted) {
  ck_repetition_memory *memory = text->memory;
  uint32_t *swapped = memory->shorter;
  memory->shorter = memory->firsts;
  memory->firsts = swapped;
  name_places(memory->firsts, text->count);
  if (is_counted) memset(memory->counts, 0, 4 * text->count);
  best_gram best;
  size_t different = refine(text, n, step, is_counted, &best);
  int shift = empty_slots(memory, different);
  uint32_t *restrict firsts = memory->firsts, *restrict shorter = memory->shorter;
  for (size_t index = 0; index < different; index++) {
    uint32_t place = memory->others[index];
    uint64_t gram = (uint64_t)shorter[place] << PLACE_BITS | shorter[place + step];
    uint32_t first = first_place(memory->slots, shift, gram * 0x9E3779B97F4A7C15u, gram, place);
    firsts[place] = first;
    uint8_t again = first != place;
    memory->repeats[place] = again;
    memory->repeats[first] = again;
    if (is_counted) best = counted(memory->counts, first, 1, best);
  }
  return best;
}

static void sum_lengths(const gram_text *text) {
  uint32_t start = 0, *starts = text->memory->starts;
  for (size_t unit = 0; unit < text->count; unit++) {
    starts[unit] = start;
    start += text->lengths[unit] & CK_UNIT_LENGTH;
  }
  starts[text->count] = start;
}

/// Characters of n-grams that were there before, to one who reads on behind each. What was read is marked with n.
static uint64_t read_on(const gram_text *text, size_t n) {
  const ck_repetition_memory *memory = text->memory;
  const uint32_t *restrict starts = memory->starts, *restrict firsts = memory->firsts;
  uint32_t *restrict marks = memory->counts;
  uint64_t characters = 0, next = 0;
  for (size_t index = 0; index < text->found; index++) {
    uint64_t place = memory->places[index];
    uint32_t first = firsts[place], mark = marks[first];
    int is_read = place >= next;
    uint64_t again = mask_of(is_read & (mark == n));
    marks[first] = mark ^ ((mark ^ (uint32_t)n) & (uint32_t)mask_of(is_read));
    characters += (starts[place + n] - starts[place]) & again;
    next += (place + n - next) & again;
  }
  return characters;
}

static void measure(gram_text *text, size_t scale, ck_repetition *found) {
  ck_repetition_memory *memory = text->memory;
  if (text->count < 2 * scale) return;
  reserve(memory, text->count);
  best_gram best = scale == 1 ? count_shortest(text, 2) : count_shortest(text, 4);
  found->top[0] += top_characters(text, 2 * scale, best);
  for (size_t n = 3; n <= LONGEST_COUNTED && n * scale <= text->count; n++) {
    best = count_longer(text, n * scale, scale, 1);
    found->top[n - 2] += top_characters(text, n * scale, best);
  }
  for (size_t n = SHORTEST_READ; n <= LONGEST && n * scale <= text->count; n++) {
    count_longer(text, n * scale, scale, 0);
    if (!text->found) return;
    if (n == SHORTEST_READ) {
      sum_lengths(text);
      memset(memory->counts, 0, 4 * text->count);
    }
    found->repeated[n - SHORTEST_READ] += read_on(text, n * scale);
  }
}

void ck_measure_repetition(const uint64_t *hashes, const uint32_t *lengths, size_t count, size_t scale,
                           uint32_t between, ck_repetition_memory *memory, ck_repetition *found) {
  for (size_t at = 0; at < count; at += LARGEST) {
    size_t part = count - at < LARGEST ? count - at : LARGEST;
    gram_text text = {memory, hashes + at, lengths + at, part, between, 0};
    measure(&text, scale, found);
  }
}
