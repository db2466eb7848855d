#ifndef CK_CANONICAL_FORM_H
#define CK_CANONICAL_FORM_H

#include <stddef.h>
#include <stdint.h>

// What canonical composition (NFC, Unicode standard annex 15) asks of a code point; data of Unicode 16.0.

enum {
  /// Below: the canonical combining class.
  CK_NFC_CLASS = 255,
  /// Never in a text in NFC.
  CK_NFC_NO = 256,
  /// May compose with what stands before it.
  CK_NFC_MAYBE = 512
};

extern const uint8_t ck_nfc_blocks[2048];
extern const uint16_t ck_nfc_properties[];
extern const uint32_t ck_nfc_decompositions[][3];
extern const size_t ck_nfc_decomposition_count;
extern const uint16_t ck_nfc_compositions[];
extern const size_t ck_nfc_composition_count;

/// Combining or decomposing code points that Unicode 9.0 did not have: ranges, both ends included, in order.
extern const uint32_t ck_nfc_newer[][2];
extern const size_t ck_nfc_newer_count;

/// Whether the code point is one of those.
int ck_nfc_is_newer(uint32_t code_point);

/// Combining class and the bits above; 0 of nearly every code point.
static inline uint16_t ck_nfc_property(uint32_t code_point) {
  if (code_point < 0x20000) return ck_nfc_properties[ck_nfc_blocks[code_point >> 6] << 6 | (code_point & 63)];
  return code_point >= 0x2F800 && code_point <= 0x2FA1D ? CK_NFC_NO : 0;
}

/// The canonical decomposition by one step: 0 when there is none, else 1 with its parts; `second` is 0 when it is one.
/// Hangul syllables are not in the table.
int ck_nfc_decompose(uint32_t code_point, uint32_t *first, uint32_t *second);

/// What two code points compose to, or 0. Hangul is not in the table.
uint32_t ck_nfc_compose(uint32_t first, uint32_t second);

/// The first offset >= `from` of a character that has a property, or `count`. The bytes must be well-formed UTF-8.
size_t ck_next_composing(const uint8_t *bytes, size_t from, size_t count);
size_t ck_next_composing_reference(const uint8_t *bytes, size_t from, size_t count);

#endif
