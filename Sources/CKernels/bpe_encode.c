#include "ck_bpe.h"
#include "ck_cpu.h"
#include <string.h>

// Two passes over a batch of words: keys and places in the cache, fetched ahead; then the ids.

enum { BATCH = 512 };

typedef struct {
  uint64_t low, high;
} word_key;

typedef struct {
  const ck_bpe_tables *tables;
  const ck_word_caches *caches;
  const uint8_t *text;
  size_t end;
} encoder;

/// Keep the lowest n bytes of a half.
static const uint64_t low_bytes[9] = {
    0, 0xFF, 0xFFFF, 0xFFFFFF, 0xFFFFFFFF, 0xFFFFFFFFFF, 0xFFFFFFFFFFFF, 0xFFFFFFFFFFFFFF, UINT64_MAX,
};

/// The bytes of a word and their number in the sixteenth; reads nothing at or behind `end`.
static inline word_key key_of(const uint8_t *text, size_t start, size_t length, size_t end) {
  word_key key = {0, 0};
  if (start + 16 <= end) {
    memcpy(&key, text + start, 16);
    key.low &= low_bytes[length < 8 ? length : 8];
    key.high &= low_bytes[length < 8 ? 0 : length - 8];
  } else {
    memcpy(&key, text + start, length);
  }
  key.high |= (uint64_t)length << 56;
  return key;
}

/// The first of the two entries where a key may be.
static inline uint64_t place_of(word_key key, uint64_t mask) {
  uint64_t mixed = (key.low ^ key.high * 0x9E3779B97F4A7C15u) * 0xD6E8FEB86659FD93u;
  return (mixed >> 32) & mask & ~(uint64_t)1;
}

/// Stores four ids, of which the answer says how many count.
static inline size_t store(const ck_cached_word *entry, uint32_t *ids) {
  uint32_t first = entry->ids[0];
  memcpy(ids, entry->ids, sizeof entry->ids);
  ids[0] = first & 0xFFFFFF;
  return first >> 24;
}

/// A set that is full drops its older entry.
static inline void keep(ck_cached_word *entry, word_key key, const uint32_t *ids, size_t count) {
  if (count == 0 || count > CK_CACHED_IDS) return;
  entry[1] = entry[0];
  entry->low = key.low;
  entry->high = key.high;
  for (size_t i = 0; i < CK_CACHED_IDS; i++) entry->ids[i] = i < count ? ids[i] : 0;
  entry->ids[0] |= (uint32_t)count << 24;
}

/// Whether these three bytes look like one character.
static inline int is_character(const uint8_t *bytes) {
  return (bytes[0] & 0xF0) == 0xE0 && (bytes[1] & 0xC0) == 0x80 && (bytes[2] & 0xC0) == 0x80;
}

static inline uint32_t character_of(const uint8_t *bytes) {
  return (bytes[0] & 0x0Fu) << 12 | (bytes[1] & 0x3Fu) << 6 | (bytes[2] & 0x3Fu);
}

/// Characters of three bytes that are one id each and that no token joins to half a neighbour: merging begins with
/// whole characters. 0 when a character is none of those.
static size_t whole_characters(const ck_bpe_tables *tables, const uint8_t *word, size_t length, uint32_t *ids) {
  uint32_t symbols[CK_LONGEST_WORD / 3 + 1], ranks[CK_LONGEST_WORD / 3 + 1];
  size_t count = 0;
  for (size_t at = 0; at < length; at += 3) {
    if (!is_character(word + at)) return 0;
    uint32_t code = character_of(word + at);
    const ck_character_ids *found = tables->characters + code;
    uint8_t flags = tables->joints.flags[code];
    if (found->count != 1 || (at > 0 && flags & CK_JOINS_BEFORE)) return 0;
    if (at + 3 < length && flags & CK_JOINS_AFTER) return 0;
    symbols[count++] = found->ids[0];
  }
  count = ck_merge_symbols(&tables->merges, symbols, ranks, count);
  memcpy(ids, symbols, count * sizeof *ids);
  return count;
}

static __attribute__((noinline)) size_t encode_word(const ck_bpe_tables *tables, const uint8_t *word, size_t length,
                                                    int is_piece, uint32_t *ids) {
  if (tables->symbols) {
    uint32_t ranks[CK_LONGEST_WORD];
    return ck_merge_symbols(&tables->merges, ids, ranks, ck_first_symbols(tables, word, length, ids));
  }
  if (!is_piece && tables->vocabulary.slots) {
    int64_t number = ck_vocabulary_find(&tables->vocabulary, word, length);
    if (number >= 0) {
      ids[0] = tables->vocabulary.ids[number];
      return 1;
    }
  }
  if (length % 3 == 0 && word[0] >= 0xE0) {
    size_t count = whole_characters(tables, word, length, ids);
    if (count) return count;
  }
  return ck_merge_bytes(&tables->merges, word, length, ids);
}

/// The same through the cache of long words.
static __attribute__((noinline)) size_t encode_long(const encoder *e, const uint8_t *word, size_t length, int is_piece,
                                                    uint32_t *ids) {
  uint64_t groups[CK_LONGEST_WORD / 8] = {0}, hash = length;
  memcpy(groups, word, length);
  for (size_t i = 0; i * 8 < length; i++) {
    hash = (hash ^ groups[i]) * 0xD6E8FEB86659FD93u;
    hash ^= hash >> 32;
  }
  ck_cached_long_word *entry = e->caches->long_words + (hash & e->caches->long_mask);
  if (entry->length == length && entry->is_piece == is_piece && memcmp(entry->bytes, groups, CK_LONGEST_WORD) == 0) {
    memcpy(ids, entry->ids, entry->count * sizeof *ids);
    return entry->count;
  }
  size_t count = encode_word(e->tables, word, length, is_piece, ids);
  if (count > CK_CACHED_LONG_IDS) return count;
  memcpy(entry->bytes, groups, CK_LONGEST_WORD);
  entry->length = (uint8_t)length;
  entry->is_piece = (uint8_t)is_piece;
  entry->count = (uint8_t)count;
  memcpy(entry->ids, ids, count * sizeof *ids);
  return count;
}

/// A batch of words: their ends as `ck_word_spans_at` gives them, from `base` on; whether it begins inside a word.
typedef struct {
  size_t base, count;
  int is_inside;
  uint32_t ends[BATCH];
} word_batch;

static inline size_t end_at(const word_batch *batch, size_t i) { return batch->ends[i] & ~CK_CUT; }
static inline size_t start_at(const word_batch *batch, size_t i) { return i ? end_at(batch, i - 1) : 0; }
static inline int begins_inside(const word_batch *batch, size_t i) {
  return i ? (batch->ends[i - 1] & CK_CUT) != 0 : batch->is_inside;
}
static inline int is_piece(const word_batch *batch, size_t i) {
  return (batch->ends[i] & CK_CUT) != 0 || begins_inside(batch, i);
}

/// Ids of the first `count` words, of which none is long; `ids` has room for all their bytes and four more.
static size_t encode_batch(const encoder *e, const word_batch *batch, size_t count, uint32_t *ids) {
  word_key keys[BATCH];
  uint32_t places[BATCH];
  int tells_pieces = e->tables->vocabulary.slots && !e->tables->symbols;
  size_t start = batch->base, written = 0;
  for (size_t i = 0; i < count; i++) {
    size_t stop = batch->base + end_at(batch, i), length = stop - start;
    if (length == 3 && is_character(e->text + start)) {
      places[i] = character_of(e->text + start);
      __builtin_prefetch(e->tables->characters + places[i]);
    } else if (length <= CK_CACHED_BYTES) {
      keys[i] = key_of(e->text, start, length, e->end);
      // Where whole words go first, a piece of a word may become other ids than the same bytes alone.
      if (tells_pieces && is_piece(batch, i)) keys[i].high |= (uint64_t)1 << 63;
      places[i] = (uint32_t)place_of(keys[i], e->caches->mask);
      __builtin_prefetch(e->caches->words + places[i]);
    }
    start = stop;
  }
  start = batch->base;
  for (size_t i = 0; i < count; i++) {
    size_t stop = batch->base + end_at(batch, i), length = stop - start;
    const uint8_t *word = e->text + start;
    start = stop;
    if (length == 3 && is_character(word)) {
      const ck_character_ids *known = e->tables->characters + places[i];
      memcpy(ids + written, known->ids, sizeof known->ids);
      written += known->count;
      if (known->count == 0) written += encode_word(e->tables, word, length, is_piece(batch, i), ids + written);
      continue;
    }
    if (length > CK_CACHED_BYTES) {
      written += encode_long(e, word, length, is_piece(batch, i), ids + written);
      continue;
    }
    ck_cached_word *entry = e->caches->words + places[i];
    if (entry->low == keys[i].low && entry->high == keys[i].high) {
      written += store(entry, ids + written);
    } else if (entry[1].low == keys[i].low && entry[1].high == keys[i].high) {
      written += store(entry + 1, ids + written);
    } else {
      size_t more = encode_word(e->tables, word, length, is_piece(batch, i), ids + written);
      keep(entry, keys[i], ids + written, more);
      written += more;
    }
  }
  return written;
}

/// Where the word goes on that holds end `i`: 0 when that is its last.
static size_t word_end_behind(const word_batch *batch, size_t i, size_t last) {
  if (!(batch->ends[i] & CK_CUT)) return 0;
  while (++i < batch->count)
    if (!(batch->ends[i] & CK_CUT)) return batch->base + end_at(batch, i);
  return last;
}

size_t ck_encode_words(const ck_bpe_tables *tables, const ck_word_caches *caches, const uint8_t *text,
                       ck_word_cursor *cursor, size_t end, uint32_t *ids, size_t room, ck_long_word *long_word) {
  encoder e = {tables, caches, text, end};
  word_batch batch;
  size_t written = 0;
  int level = ck_cpu_level();
  long_word->end = 0;
  while (cursor->position < end) {
    ck_word_cursor before = *cursor;
    batch.base = before.position;
    batch.is_inside = before.word_end != 0;
    batch.count = ck_word_spans_at(level, tables, text, cursor, end, batch.ends, BATCH);
    size_t taken = 0;
    while (taken < batch.count && end_at(&batch, taken) - start_at(&batch, taken) <= CK_LONGEST_WORD &&
           written + end_at(&batch, taken) + CK_CACHED_IDS <= room)
      taken++;
    written += encode_batch(&e, &batch, taken, ids + written);
    if (taken == batch.count) continue;
    size_t last = cursor->word_end;
    cursor->position = batch.base + start_at(&batch, taken);
    cursor->word_end = taken ? word_end_behind(&batch, taken - 1, last) : before.word_end;
    if (end_at(&batch, taken) - start_at(&batch, taken) > CK_LONGEST_WORD) {
      *long_word = (ck_long_word){cursor->position, batch.base + end_at(&batch, taken), is_piece(&batch, taken)};
      cursor->position = long_word->end;
      cursor->word_end = word_end_behind(&batch, taken, last);
    }
    break;
  }
  return written;
}
