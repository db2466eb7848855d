#ifndef CK_SHA256_H
#define CK_SHA256_H
#include <stddef.h>
#include <stdint.h>

/// SHA-256 (FIPS 180-4), streaming. Start with ck_sha256_init, feed, finish into 32 bytes.
typedef struct {
  uint32_t state[8];
  uint64_t count;
  uint8_t pending[64];
} ck_sha256;

void ck_sha256_init(ck_sha256 *hash);
void ck_sha256_update(ck_sha256 *hash, const void *bytes, size_t count);
void ck_sha256_finish(ck_sha256 *hash, uint8_t digest[32]);
/// One digest by the plain compression function: the reference the fast path is tested against.
void ck_sha256_reference(const void *bytes, size_t count, uint8_t digest[32]);
#endif
