#ifndef CK_CANDIDATES_H
#define CK_CANDIDATES_H
#include <stddef.h>
#include <stdint.h>

/// The offset from `from` on of the first byte at which personal data or a notice can begin: a digit, '@', a newline,
/// or
/// the first byte of U+8F40...U+8F7F (E8 BD: 转, 轉); `count` when there is none.
size_t ck_next_candidate(const uint8_t *bytes, size_t from, size_t count);
/// The plain twin.
size_t ck_next_candidate_reference(const uint8_t *bytes, size_t from, size_t count);
#endif
