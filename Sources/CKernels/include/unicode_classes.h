#ifndef CK_UNICODE_CLASSES_H
#define CK_UNICODE_CLASSES_H
#include <stddef.h>
#include <stdint.h>

// Class bits of a code point, Unicode 16.0. Title case letters (\p{Lt}) carry both the upper and the lower bit.
#define CK_UNICODE_UPPER ((uint8_t)1)
#define CK_UNICODE_LOWER ((uint8_t)2)
#define CK_UNICODE_LETTER ((uint8_t)4)
#define CK_UNICODE_NUMBER ((uint8_t)8)
#define CK_UNICODE_MARK ((uint8_t)16)
#define CK_UNICODE_PUNCTUATION ((uint8_t)32)
#define CK_UNICODE_SYMBOL ((uint8_t)64)
#define CK_UNICODE_SPACE ((uint8_t)128)

/// Two-stage table for code points below 0x20000: classes[blocks[c >> 4] * 16 + (c & 15)].
extern const uint16_t ck_unicode_blocks[8192];
extern const uint8_t ck_unicode_classes[];
/// The same for code points from 0x20000 up (ideographs and variation selectors): a short list of ranges.
uint8_t ck_unicode_class_high(uint32_t code_point);

/// Class bits of `code_point`: letter \p{L}, number \p{N}, mark \p{M}, punctuation \p{P}, symbol \p{S}, white space \s,
/// upper \p{Lu}, lower \p{Ll}; 0 for controls, unassigned code points and values above 0x10FFFF.
static inline uint8_t ck_unicode_class(uint32_t code_point) {
  if (code_point >= 0x20000) return ck_unicode_class_high(code_point);
  return ck_unicode_classes[(size_t)ck_unicode_blocks[code_point >> 4] * 16 + (code_point & 15)];
}
#endif
