#ifndef CK_BPE_H
#define CK_BPE_H
#include <stddef.h>
#include <stdint.h>

// Byte-pair encoding of words, over tables that the caller has built and owns.

enum {
  /// No merge; sorts behind every rank.
  CK_NO_RANK = (1 << 22) - 1,
  /// Stands for a byte that the vocabulary lacks.
  CK_NO_ID = (1 << 21) - 1,
  /// Words of more bytes are left to the caller.
  CK_LONGEST_WORD = 64,
  /// Words kept in the cache have at most so many bytes, and so many ids.
  CK_CACHED_BYTES = 15,
  CK_CACHED_IDS = 4,
  CK_CACHED_LONG_IDS = 15
};

typedef struct {
  /// Slots left << 43 | right << 22 | rank, open addressing; one of all ones is empty.
  const uint64_t *slots;
  uint64_t mask;
  /// The id that each rank makes; NULL where it is the rank plus `first_result`.
  const uint32_t *results;
  uint32_t first_result;
  /// The id of each byte, and the rank of each pair of bytes at left << 8 | right.
  const uint32_t *byte_ids, *byte_ranks;
} ck_merges;

/// Where words that are themselves in the vocabulary go before merges: its strings, found by hash.
typedef struct {
  const uint8_t *bytes;
  /// Of string n: bytes[starts[n]] up to bytes[starts[n + 1]], and its id.
  const uint32_t *starts, *ids;
  /// String numbers, open addressing; UINT32_MAX is empty.
  const uint32_t *slots;
  uint64_t mask;
} ck_vocabulary;

/// Which neighbouring characters some token spans: nothing else needs to stay together.
typedef struct {
  /// By code point below 0x10000: bit 0 may be joined to what stands before, bit 1 to what stands behind.
  const uint8_t *flags;
  /// A bit for each hashed pair of characters that a token spans whole.
  const uint64_t *pairs;
} ck_joints;

enum { CK_JOIN_PAIR_BITS = 21, CK_JOINS_BEFORE = 1, CK_JOINS_AFTER = 2 };

/// The bit of a pair in `pairs`.
static inline uint32_t ck_join_bit(uint32_t left, uint32_t right) {
  return (uint32_t)((((uint64_t)left << 32 | right) * 0x9E3779B97F4A7C15u) >> (64 - CK_JOIN_PAIR_BITS));
}

/// What a word became; the number of ids stands in the top byte of the first.
typedef struct {
  uint64_t low, high;
  uint32_t ids[CK_CACHED_IDS];
} ck_cached_word;

/// The same for longer words; a free place has length 0.
typedef struct {
  /// With zeros behind.
  uint8_t bytes[CK_LONGEST_WORD];
  uint8_t length, is_piece, count, unused;
  uint32_t ids[CK_CACHED_LONG_IDS];
} ck_cached_long_word;

/// Caches of one encoder: numbers of entries less one, each number a power of two; made of zeros at first.
typedef struct {
  ck_cached_word *words;
  ck_cached_long_word *long_words;
  uint64_t mask, long_mask;
} ck_word_caches;

/// The ids of a character of three bytes by itself; count 0: not known.
typedef struct {
  uint32_t count, ids[3];
} ck_character_ids;

typedef struct {
  int rules;
  ck_merges merges;
  ck_joints joints;
  /// Without `slots` where no word goes before merges.
  ck_vocabulary vocabulary;
  /// By code point below 0x10000.
  const ck_character_ids *characters;
  /// Of a model over characters: the id of each code point below 0x10000 (CK_NO_ID where there is none), and
  /// `vocabulary` has the others; what has no id becomes the ids of its bytes. NULL for a model over bytes.
  const uint32_t *symbols;
} ck_bpe_tables;

/// Merges `count` symbols in place: the lowest rank first, the leftmost of equals. `ranks` has room for `count`.
/// Returns how many symbols are left. Quadratic: for short words.
size_t ck_merge_symbols(const ck_merges *merges, uint32_t *symbols, uint32_t *ranks, size_t count);

/// The same for the 1...CK_LONGEST_WORD bytes of a word; ids go to `ids`, which has room for as many.
size_t ck_merge_bytes(const ck_merges *merges, const uint8_t *word, size_t count, uint32_t *ids);

/// The first symbols of the `count` bytes of a word, before any merge; returns how many, at most `count`.
size_t ck_first_symbols(const ck_bpe_tables *tables, const uint8_t *word, size_t count, uint32_t *symbols);

/// The number of the string in the vocabulary, or -1. `ck_vocabulary_slot` is where its search begins.
int64_t ck_vocabulary_find(const ck_vocabulary *vocabulary, const uint8_t *bytes, size_t count);
uint64_t ck_vocabulary_slot(const uint8_t *bytes, size_t count);

/// A place in a text that is being cut into words.
typedef struct {
  size_t position;
  /// Inside a word that is being cut into pieces: its end; else 0.
  size_t word_end;
} ck_word_cursor;

enum { CK_CUT = 1u << 31 };

/// The ends of the words and pieces of words from the cursor on, at most `most` (at least 128) of them, and moves the
/// cursor behind the last. Offsets are from where the cursor was; CK_CUT marks an end that is inside a word.
/// `level` as in ck_cpu.h.
size_t ck_word_spans_at(int level, const ck_bpe_tables *tables, const uint8_t *text, ck_word_cursor *cursor, size_t end,
                        uint32_t *ends, size_t most);

/// A word, or a piece of one, of more than CK_LONGEST_WORD bytes; `end` 0 where there is none.
typedef struct {
  size_t start, end;
  int is_piece;
} ck_long_word;

/// Encodes text from the cursor on and moves it; returns how many ids were written. Stops at the end of the text, when
/// `room` (at least CK_ENCODE_ROOM) may not suffice, or behind a long word, which it leaves to the caller.
size_t ck_encode_words(const ck_bpe_tables *tables, const ck_word_caches *caches, const uint8_t *text,
                       ck_word_cursor *cursor, size_t end, uint32_t *ids, size_t room, ck_long_word *long_word);

enum { CK_ENCODE_ROOM = 4096 };

#endif
