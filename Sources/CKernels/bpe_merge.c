#include "ck_bpe.h"
#include "words_internal.h"
#include <string.h>

static inline uint64_t key_of(uint32_t left, uint32_t right) { return (uint64_t)left << 21 | right; }
static inline uint64_t place_of(const ck_merges *merges, uint64_t key) {
  return ((key * 0x9E3779B97F4A7C15u) >> 32) & merges->mask;
}

/// The rank of a pair, whose search begins at `index`, where `slot` was read.
static inline uint32_t rank_from(const ck_merges *merges, uint64_t key, uint64_t index, uint64_t slot) {
  for (;;) {
    if (slot >> 22 == key) return (uint32_t)slot & CK_NO_RANK;
    if (slot == UINT64_MAX) return CK_NO_RANK;
    index = (index + 1) & merges->mask;
    slot = merges->slots[index];
  }
}

static inline uint32_t rank_of(const ck_merges *merges, uint32_t left, uint32_t right) {
  uint64_t key = key_of(left, right), index = place_of(merges, key);
  return rank_from(merges, key, index, merges->slots[index]);
}

/// `ranks[i]` is the rank of symbols i and i + 1.
static inline size_t merged(const ck_merges *merges, uint32_t *symbols, uint32_t *ranks, size_t count) {
  while (count > 1) {
    uint32_t best = CK_NO_RANK;
    size_t at = 0;
    for (size_t i = 0; i + 1 < count; i++) {
      uint32_t rank = ranks[i];
      at = rank < best ? i : at;
      best = rank < best ? rank : best;
    }
    if (best == CK_NO_RANK) break;
    uint32_t made = merges->results ? merges->results[best] : best + merges->first_result;
    size_t has_left = at > 0, has_right = at + 2 < count;
    // Both places are read before either is looked at: they are far from each other and from the processor.
    uint64_t left_key = has_left ? key_of(symbols[at - 1], made) : 0, left_place = place_of(merges, left_key);
    uint64_t right_key = has_right ? key_of(made, symbols[at + 2]) : 0, right_place = place_of(merges, right_key);
    uint64_t left_slot = merges->slots[left_place], right_slot = merges->slots[right_place];
    symbols[at] = made;
    count--;
    for (size_t i = at + 1; i < count; i++) {
      symbols[i] = symbols[i + 1];
      ranks[i] = ranks[i + 1];
    }
    if (has_right) ranks[at] = rank_from(merges, right_key, right_place, right_slot);
    if (has_left) ranks[at - 1] = rank_from(merges, left_key, left_place, left_slot);
  }
  return count;
}

size_t ck_merge_symbols(const ck_merges *merges, uint32_t *symbols, uint32_t *ranks, size_t count) {
  for (size_t i = 0; i + 1 < count; i++) ranks[i] = rank_of(merges, symbols[i], symbols[i + 1]);
  return merged(merges, symbols, ranks, count);
}

size_t ck_merge_bytes(const ck_merges *merges, const uint8_t *word, size_t count, uint32_t *ids) {
  uint32_t symbols[CK_LONGEST_WORD + 1], ranks[CK_LONGEST_WORD + 1];
  for (size_t i = 0; i < count; i++) symbols[i] = merges->byte_ids[word[i]];
  for (size_t i = 0; i + 1 < count; i++) ranks[i] = merges->byte_ranks[(size_t)word[i] << 8 | word[i + 1]];
  size_t left = merged(merges, symbols, ranks, count), written = 0;
  for (size_t i = 0; i < left; i++)
    if (symbols[i] != CK_NO_ID) ids[written++] = symbols[i];
  return written;
}

uint64_t ck_vocabulary_slot(const uint8_t *bytes, size_t count) {
  uint64_t hash = 0x9E3779B97F4A7C15u ^ count;
  while (count >= 8) {
    uint64_t group;
    memcpy(&group, bytes, 8);
    hash = (hash ^ group) * 0xD6E8FEB86659FD93u;
    hash ^= hash >> 32;
    bytes += 8;
    count -= 8;
  }
  uint64_t last = 0;
  for (size_t i = 0; i < count; i++) last = last << 8 | bytes[i];
  hash = (hash ^ last) * 0xD6E8FEB86659FD93u;
  return hash ^ hash >> 32;
}

int64_t ck_vocabulary_find(const ck_vocabulary *vocabulary, const uint8_t *bytes, size_t count) {
  uint64_t index = ck_vocabulary_slot(bytes, count) & vocabulary->mask;
  for (;;) {
    uint32_t number = vocabulary->slots[index];
    if (number == UINT32_MAX) return -1;
    uint32_t start = vocabulary->starts[number];
    if (vocabulary->starts[number + 1] - start == count && memcmp(vocabulary->bytes + start, bytes, count) == 0)
      return number;
    index = (index + 1) & vocabulary->mask;
  }
}

/// The id of a character of a model over characters, or CK_NO_ID.
static uint32_t symbol_of(const ck_bpe_tables *tables, uint32_t code, const uint8_t *bytes, uint32_t length) {
  if (code < 0x10000) return tables->symbols[code];
  if (code == UINT32_MAX) return CK_NO_ID;
  int64_t number = ck_vocabulary_find(&tables->vocabulary, bytes, length);
  return number < 0 ? CK_NO_ID : tables->vocabulary.ids[number];
}

size_t ck_first_symbols(const ck_bpe_tables *tables, const uint8_t *word, size_t count, uint32_t *symbols) {
  size_t written = 0;
  if (!tables->symbols) {
    for (; written < count; written++) symbols[written] = tables->merges.byte_ids[word[written]];
    return written;
  }
  for (size_t at = 0; at < count;) {
    uint32_t length, code = decoded(word, at, count, &length), id = symbol_of(tables, code, word + at, length);
    if (id != CK_NO_ID) symbols[written++] = id;
    else
      for (uint32_t i = 0; i < length; i++) symbols[written++] = tables->merges.byte_ids[word[at + i]];
    at += length;
  }
  return written;
}
