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
  uint64_t *keys, *slots;
  uint32_t *starts, *places, *others, *firsts, *shorter, *counts;
  uint8_t *repeats, *sieve, *block;
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
