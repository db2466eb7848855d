#ifndef CK_MINHASH_H
#define CK_MINHASH_H
#include <stddef.h>
#include <stdint.h>

/// One round of fast similarity sketching (Dahlgaard, Knudsen, Thorup, FOCS 2017).
///
/// Each shingle falls into one of `buckets` (1 ... 2^31) buckets and lowers that bucket's minimum. Round 0 takes the
/// shingles' hashes as they are, later rounds mix them with the round's number. `minima` holds `buckets` values,
/// UINT64_MAX where nothing has fallen yet. The result does not depend on order or repetition of the shingles.
void ck_minhash_round(const uint64_t *shingles, size_t count, uint64_t round, uint64_t *minima, size_t buckets);
/// The same, one shingle at a time: the reference the fast paths are tested against.
void ck_minhash_round_reference(const uint64_t *shingles, size_t count, uint64_t round, uint64_t *minima, size_t buckets);
/// The least mixed hash of a round, whatever its bucket: fills a bucket that all rounds left empty.
uint64_t ck_minhash_least(const uint64_t *shingles, size_t count, uint64_t round);
#endif
