// What words were split into: code says the same words again and again, and the rules are slow.
#include <stdlib.h>

#include "unit_word.h"

enum { CACHED_WORDS = 2048, CACHED_UNITS = 7, CACHED_BYTES = 48 };

typedef struct {
  /// Hash of the word's bytes; 0: nothing is there.
  uint64_t key;
  uint64_t hashes[CACHED_UNITS];
  uint32_t lengths[CACHED_UNITS];
  uint32_t stop_words, stop_words_any_case;
  uint8_t count, function_words;
} cached_word;

struct unit_cache {
  cached_word words[CACHED_WORDS];
};

struct unit_cache *unit_cache_make(void) {
  struct unit_cache *cache = calloc(1, sizeof *cache);
  if (!cache) abort();
  return cache;
}

void unit_cache_free(struct unit_cache *cache) { free(cache); }

/// Copies all there is room for: how many units a word has is as good as random.
static void replay(const cached_word *word, ck_units *units) {
  memcpy(units->hashes + units->count, word->hashes, sizeof word->hashes);
  memcpy(units->lengths + units->count, word->lengths, sizeof word->lengths);
  units->count += word->count;
  units->function_words += word->function_words;
  units->stop_words |= word->stop_words;
  units->stop_words_any_case |= word->stop_words_any_case;
}

/// What was counted since the counts were set to 0, which are given back what they had before.
static void remember(cached_word *word, uint64_t key, size_t first, const ck_units *before, ck_units *units) {
  size_t count = units->count - first;
  if (count <= CACHED_UNITS) {
    *word = (cached_word){
      .key = key, .stop_words = units->stop_words, .stop_words_any_case = units->stop_words_any_case,
      .count = (uint8_t)count, .function_words = (uint8_t)units->function_words};
    memcpy(word->hashes, units->hashes + first, count * sizeof *word->hashes);
    memcpy(word->lengths, units->lengths + first, count * sizeof *word->lengths);
  }
  units->function_words += before->function_words;
  units->stop_words |= before->stop_words;
  units->stop_words_any_case |= before->stop_words_any_case;
}

UNIT_INLINE void split_known(const unit_text *text, size_t from, size_t to, int is_ascii, ck_units *units) {
  size_t bytes = to - from;
  uint64_t first, key = unit_hash_word(text, from, bytes, &first);
  cached_word *word = &units->cache->words[key >> 53];
  if (word->key == key) return replay(word, units);
  ck_units before = *units;
  units->function_words = units->stop_words = units->stop_words_any_case = 0;
  if (!is_ascii || !unit_split_ascii(text, from, bytes, units)) unit_split_word(text, from, to, units);
  remember(word, key, before.count, &before, units);
}

void unit_split_known_word(const unit_text *text, size_t from, size_t to, ck_units *units) {
  if (!units->cache || to - from > CACHED_BYTES) return unit_split_word(text, from, to, units);
  split_known(text, from, to, 0, units);
}

void unit_split_known_ascii(const unit_text *text, size_t from, size_t to, ck_units *units) {
  if (to - from <= CACHED_BYTES) return split_known(text, from, to, 1, units);
  if (!unit_split_ascii(text, from, to - from, units)) unit_split_word(text, from, to, units);
}
