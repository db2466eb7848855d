#ifndef CK_SHINGLE_SETS_H
#define CK_SHINGLE_SETS_H
#include <stddef.h>
#include <stdint.h>

/// Places of 8 hashes that `ck_shingle_distinct` wants for `count` hashes: a power of two, at most 4 hashes each.
size_t ck_shingle_lines(size_t count);

/// Sorts hashes without repetition into `distinct` (room for `count` + 8) and returns how many there are.
///
/// `lines` are 8 * `ck_shingle_lines(count)` numbers and `held` as many bytes as there are lines, both as they happen
/// to be. Returns SIZE_MAX, nothing done, where the processor lacks the vectors or the hashes are not spread evenly:
/// then sort them in another way.
size_t ck_shingle_distinct(const uint64_t *hashes, size_t count, uint64_t *lines, uint8_t *held, uint64_t *distinct);

/// How many numbers two ascending lists without repetition have in common; when that is fewer than `wanted`, any number
/// below `wanted`, and the sooner for it.
size_t ck_shingle_shared(const uint64_t *a, size_t a_count, const uint64_t *b, size_t b_count, size_t wanted);
size_t ck_shingle_shared_reference(const uint64_t *a, size_t a_count, const uint64_t *b, size_t b_count, size_t wanted);
#endif
