#include "ck_crc32c.h"

#include <string.h>

uint32_t ck_crc32c_reference(uint32_t crc, const void *bytes, size_t count) {
  const uint8_t *p = bytes;
  crc = ~crc;
  for (size_t i = 0; i < count; i++) {
    crc ^= p[i];
    for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0x82F63B78u & (0u - (crc & 1u)));
  }
  return ~crc;
}

#if defined(__x86_64__)
#include <nmmintrin.h>

__attribute__((target("sse4.2"))) static uint32_t crc32c_sse42(uint32_t crc, const void *bytes, size_t count) {
  const uint8_t *p = bytes;
  uint64_t state = ~crc;
  while (count >= 8) {
    uint64_t word;
    memcpy(&word, p, 8);
    state = _mm_crc32_u64(state, word);
    p += 8;
    count -= 8;
  }
  uint32_t narrow = (uint32_t)state;
  while (count-- > 0) narrow = _mm_crc32_u8(narrow, *p++);
  return ~narrow;
}

uint32_t ck_crc32c(uint32_t crc, const void *bytes, size_t count) {
  if (__builtin_cpu_supports("sse4.2")) return crc32c_sse42(crc, bytes, count);
  return ck_crc32c_reference(crc, bytes, count);
}
#else
uint32_t ck_crc32c(uint32_t crc, const void *bytes, size_t count) { return ck_crc32c_reference(crc, bytes, count); }
#endif
