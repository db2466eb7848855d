#ifndef CK_REPETITION_H
#define CK_REPETITION_H
#include <stddef.h>
#include <stdint.h>

enum { CK_TOP_GRAMS = 3, CK_REPEATED_GRAMS = 6 };

/// Characters in repeated n-grams of units.
typedef struct {
  /// In the most common 2-, 3-, 4-gram, all its occurrences, the spaces between its words counted.
  uint64_t top[CK_TOP_GRAMS];
  /// In 5...10-grams that were there before, each place counted once.
  uint64_t repeated[CK_REPEATED_GRAMS];
} ck_repetition;

/// Memory that grows with the longest text and is used again.
typedef struct {
  /// Grams of the length in hand, by place; a table of grams by their hash; how many grams are in each bucket.
  uint64_t *keys, *slots;
  uint32_t *counters;
  /// Characters before each unit; places in hand; counts by first place.
  uint32_t *starts, *places, *counts;
  /// By place: how often its gram may be there; how many units the longest gram has that was there before,
  /// and one such place.
  uint8_t *times, *reach;
  uint32_t *sources;
  /// Bits by place: grams that were there before and begin here; first places of grams that were met elsewhere.
  uint64_t *begun, *met;
  uint8_t *block;
  size_t capacity;
} ck_repetition_memory;

void ck_repetition_free(ck_repetition_memory *memory);

/// Gopher's n-grams (arXiv 2112.11446, table A1) over units, as datatrove counts them.
/// - scale: 2 doubles every n, which is right for ideographs: two words are three to four of them.
/// More than 262,143 units are measured in parts of so many.
/// - between: characters between the units of a gram, 1 for words and 0 for ideographs.
void ck_measure_repetition(const uint64_t *hashes, const uint32_t *lengths, size_t count, size_t scale,
                           uint32_t between, ck_repetition_memory *memory, ck_repetition *found);
#endif
