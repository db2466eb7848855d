#ifndef CK_CRC32C_H
#define CK_CRC32C_H
#include <stddef.h>
#include <stdint.h>

/// CRC-32C (Castagnoli, reflected polynomial 0x82F63B78) of `bytes`, continuing from `crc` (0 to start).
uint32_t ck_crc32c(uint32_t crc, const void *bytes, size_t count);
/// The same, one bit at a time: the reference the fast path is tested against.
uint32_t ck_crc32c_reference(uint32_t crc, const void *bytes, size_t count);
#endif
