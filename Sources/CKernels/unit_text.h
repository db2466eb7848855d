#ifndef UNIT_TEXT_H
#define UNIT_TEXT_H
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "ck_units.h"
#include "unit_classes.h"

struct unit_cache *unit_cache_make(void);
void unit_cache_free(struct unit_cache *cache);

#define UNIT_INLINE static inline __attribute__((always_inline))

/// The text and the part of it in hand.
typedef struct {
  const uint8_t *bytes;
  size_t count;
} unit_text;

/// The scalar at `at` and its length; what is not well-formed is U+FFFD, and ends before the next character begins.
UNIT_INLINE uint32_t unit_decode(const unit_text *text, size_t at, size_t *length) {
  const uint8_t *p = text->bytes + at;
  if (p[0] < 0x80) return *length = 1, p[0];
  size_t size = p[0] < 0xC0 ? 1 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4, found = 1;
  while (found < size && at + found < text->count && (p[found] & 0xC0) == 0x80) found++;
  *length = found;
  if (found < size) return 0xFFFD;
  switch (size) {
  case 2: return (p[0] & 0x1Fu) << 6 | (p[1] & 0x3Fu);
  case 3: return (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
  case 4: return (p[0] & 0x07u) << 18 | (p[1] & 0x3Fu) << 12 | (p[2] & 0x3Fu) << 6 | (p[3] & 0x3Fu);
  default: return 0xFFFD;
  }
}

UNIT_INLINE uint16_t unit_class_at(const unit_text *text, size_t at, size_t *length) {
  uint8_t byte = text->bytes[at];
  if (byte < 0x80) return *length = 1, unit_ascii_classes[byte];
  return unit_class_of(unit_decode(text, at, length));
}

/// Where the character that ends at `end` begins; `from` is a character's start.
UNIT_INLINE size_t unit_back(const unit_text *text, size_t from, size_t end) {
  size_t at = end - 1;
  while (at > from && (text->bytes[at] & 0xC0) == 0x80) at--;
  return at;
}

UNIT_INLINE uint64_t unit_mix(uint64_t a, uint64_t b) {
  __uint128_t product = (__uint128_t)a * b;
  return (uint64_t)product ^ (uint64_t)(product >> 64);
}

UNIT_INLINE uint64_t unit_finish(uint64_t a, uint64_t b, size_t length) {
  return unit_mix(a ^ 0x9E3779B97F4A7C15u, b ^ 0xD6E8FEB86659FD93u ^ (uint64_t)length << 56);
}

/// The hash of up to 16 bytes of which 16 may be read, and the first eight of them.
UNIT_INLINE uint64_t unit_hash_short(const uint8_t *bytes, size_t length, uint64_t *first) {
  // A window of ones over the bytes: how long a word is is as good as random, so there is no branch on it.
  static const uint8_t ones[32] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                   0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
  uint64_t a, b, low, high;
  memcpy(&a, bytes, 8);
  memcpy(&b, bytes + 8, 8);
  memcpy(&low, ones + 16 - length, 8);
  memcpy(&high, ones + 24 - length, 8);
  *first = a & low;
  return unit_finish(a & low, b & high, length);
}

/// The hash of up to 16 bytes wherever they are.
UNIT_INLINE uint64_t unit_hash_piece(const unit_text *text, size_t at, size_t length, uint64_t *first) {
  if (__builtin_expect(at + 16 <= text->count, 1)) return unit_hash_short(text->bytes + at, length, first);
  uint8_t padded[16] = {0};
  memcpy(padded, text->bytes + at, length);
  return unit_hash_short(padded, length, first);
}

/// The hash of any bytes, and the first eight of them, filled up with zeros.
UNIT_INLINE uint64_t unit_hash_word(const unit_text *text, size_t at, size_t length, uint64_t *first) {
  if (__builtin_expect(length <= 16, 1)) return unit_hash_piece(text, at, length, first);
  uint64_t hash = length, last;
  memcpy(first, text->bytes + at, 8);
  for (; length >= 16; at += 16, length -= 16) {
    uint64_t a, b;
    memcpy(&a, text->bytes + at, 8);
    memcpy(&b, text->bytes + at + 8, 8);
    hash = unit_mix(hash ^ a ^ 0x9E3779B97F4A7C15u, b ^ 0xD6E8FEB86659FD93u) + hash;
  }
  return length ? hash * 31 + unit_hash_piece(text, at, length, &last) : hash;
}
#endif
