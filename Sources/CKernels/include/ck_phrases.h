#ifndef CK_PHRASES_H
#define CK_PHRASES_H
#include <stddef.h>
#include <stdint.h>

/// Which beginnings phrases have: a bit for the hash of their first bytes. ASCII letters count as small ones.
typedef struct {
  /// Of three bytes, for phrases that begin with ASCII; looked for where a run of letters and digits begins.
  uint64_t ascii[256];
  /// Of six bytes, and of three for shorter phrases; looked for where a character beyond ASCII begins.
  uint64_t wide[256], wide_short[256];
  int has_short;
} ck_phrase_sieve;

/// The bits of a beginning in `ascii` and `wide_short` (three bytes) and in `wide` (six), the first byte being the
/// lowest.
static inline uint32_t ck_phrase_hash3(uint64_t bytes) {
  return (((uint32_t)bytes & 0xFFFFFFu) | 0x202020u) * 0x9E3779B1u >> 18;
}
static inline uint32_t ck_phrase_hash6(uint64_t bytes) {
  return (uint32_t)((((bytes & 0xFFFFFFFFFFFFu) | 0x202020202020u) * 0x9E3779B97F4A7C15u) >> 50);
}

/// Places from `from` on, in order, where a phrase may begin; `capacity` is at least 64. `next` is where to go on.
size_t ck_phrase_places(const uint8_t *text, size_t from, size_t count, const ck_phrase_sieve *sieve, uint32_t *places,
                        size_t capacity, size_t *next);
/// The plain twin; it may stop at another `next`.
size_t ck_phrase_places_reference(const uint8_t *text, size_t from, size_t count, const ck_phrase_sieve *sieve,
                                  uint32_t *places, size_t capacity, size_t *next);
#endif
