// What words were split into: code says the same words again and again, and the rules are slow.
#include <stdlib.h>

#include "unit_word.h"

enum { CACHED_WORDS = 2048, CACHED_UNITS = 6, CACHED_BYTES = 48, LENGTH_BITS = 6, FLAGS_SHIFT = 27 };

/// A cache line.
typedef struct {
  uint64_t hashes[CACHED_UNITS];
  /// Lengths, and the flags in the bits above.
  uint16_t lengths[CACHED_UNITS];
  uint8_t count, function_words;
  /// Kinds 1...8 of known words.
  uint8_t stop_words, stop_words_any_case;
} cached_word;

struct unit_cache {
  cached_word words[CACHED_WORDS];
  /// Hash of the word's bytes; 0: nothing is there.
  uint64_t keys[CACHED_WORDS];
};

struct unit_cache *unit_cache_make(void) {
  struct unit_cache *cache = aligned_alloc(64, sizeof *cache);
  if (!cache) abort();
  memset(cache->keys, 0, sizeof cache->keys);
  return cache;
}

void unit_cache_free(struct unit_cache *cache) { free(cache); }

/// Copies all there is room for: how many units a word has is as good as random.
static void replay(const cached_word *word, ck_units *units) {
  uint32_t *lengths = units->lengths + units->count;
  memcpy(units->hashes + units->count, word->hashes, sizeof word->hashes);
  for (size_t unit = 0; unit < CACHED_UNITS; unit++) {
    uint32_t length = word->lengths[unit];
    lengths[unit] = length >> LENGTH_BITS << FLAGS_SHIFT | (length & ((1 << LENGTH_BITS) - 1));
  }
  units->count += word->count;
  units->function_words += word->function_words;
  units->stop_words |= (uint32_t)word->stop_words << 1;
  units->stop_words_any_case |= (uint32_t)word->stop_words_any_case << 1;
}

/// Keeps what was counted since the counts were set to 0, and gives these what they had before. 0: there is no room.
static int remember(cached_word *word, const ck_units *before, ck_units *units) {
  size_t count = units->count - before->count;
  if (count <= CACHED_UNITS) {
    word->count = (uint8_t)count;
    word->function_words = (uint8_t)units->function_words;
    word->stop_words = (uint8_t)(units->stop_words >> 1);
    word->stop_words_any_case = (uint8_t)(units->stop_words_any_case >> 1);
    memcpy(word->hashes, units->hashes + before->count, count * sizeof *word->hashes);
    for (size_t unit = 0; unit < count; unit++) {
      uint32_t length = units->lengths[before->count + unit];
      word->lengths[unit] = (uint16_t)(length >> FLAGS_SHIFT << LENGTH_BITS | (length & CK_UNIT_LENGTH));
    }
  }
  units->function_words += before->function_words;
  units->stop_words |= before->stop_words;
  units->stop_words_any_case |= before->stop_words_any_case;
  return count <= CACHED_UNITS;
}

UNIT_INLINE void split_known(const unit_text *text, size_t from, size_t to, int is_ascii, ck_units *units) {
  size_t bytes = to - from;
  uint64_t first, key = unit_hash_word(text, from, bytes, &first);
  // Keys apart: whether it is there is known before the word itself was read.
  size_t slot = key >> 53;
  cached_word *word = &units->cache->words[slot];
  if (units->cache->keys[slot] == key) return replay(word, units);
  ck_units before = *units;
  units->function_words = units->stop_words = units->stop_words_any_case = 0;
  if (!is_ascii || !unit_split_ascii(text, from, bytes, units)) unit_split_word(text, from, to, units);
  units->cache->keys[slot] = remember(word, &before, units) ? key : 0;
}

void unit_split_known_word(const unit_text *text, size_t from, size_t to, ck_units *units) {
  if (!units->cache || to - from > CACHED_BYTES) return unit_split_word(text, from, to, units);
  split_known(text, from, to, 0, units);
}

void unit_split_known_ascii(const unit_text *text, size_t from, size_t to, ck_units *units) {
  if (to - from <= CACHED_BYTES) return split_known(text, from, to, 1, units);
  if (!unit_split_ascii(text, from, to - from, units)) unit_split_word(text, from, to, units);
}
