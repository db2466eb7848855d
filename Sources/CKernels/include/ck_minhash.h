#ifndef CK_MINHASH_H
#define CK_MINHASH_H
#include <stddef.h>
#include <stdint.h>

/// One round of fast similarity sketching (Dahlgaard, Knudsen, Thorup, FOCS 2017).
///
/// Each shingle falls into one of `buckets` (1 ... 2^31) buckets and lowers that bucket's minimum. Round 0 takes the
/// shingles' hashes as they are, later rounds (up to 254) mix them with the round's number. The round is the highest
/// byte of a minimum, so a later round only fills buckets that all earlier ones left empty. `minima` holds `buckets`
/// values, UINT64_MAX where nothing has fallen yet. Neither order nor repetition of the shingles changes the result.
void ck_minhash_round(const uint64_t *shingles, size_t count, uint64_t round, uint64_t *minima, size_t buckets);
/// The same, one shingle at a time: the reference the fast path is tested against.
void ck_minhash_round_reference(const uint64_t *shingles, size_t count, uint64_t round, uint64_t *minima,
    size_t buckets);
/// The least mixed hash whatever its bucket, without its lowest byte: fills a bucket that all rounds left empty.
uint64_t ck_minhash_least(const uint64_t *shingles, size_t count, uint64_t round);
uint64_t ck_minhash_least_reference(const uint64_t *shingles, size_t count, uint64_t round);
#endif
