#ifndef UNIT_CLASSES_H
#define UNIT_CLASSES_H
#include <stdint.h>
#include "unicode_classes.h"

// What splitting words asks of a character. PREFIX and SUFFIX are cut off a word's ends one by one.
enum {
  UNIT_SPACE = 1,
  UNIT_UPPER = 2,
  UNIT_LOWER = 4,
  UNIT_DIGIT = 8,
  UNIT_PREFIX = 16,
  UNIT_SUFFIX = 32,
  UNIT_QUOTE = 64,
  /// May be an infix.
  UNIT_INFIX = 128,
  /// A full stop behind it is a suffix.
  UNIT_STOPPED = 256,
  /// Category P.
  UNIT_PUNCTUATION = 512,
  /// One of datatrove's marks: a word of such alone counts as a symbol.
  UNIT_MARK = 1024,
  /// An ideograph or what stands between ideographs: a unit of its own.
  UNIT_WIDE = 2048,
  UNIT_ICON = 4096,
  UNIT_CURRENCY = 8192,
  UNIT_HYPHEN = 16384,
  /// May begin a face of two characters, or end one.
  UNIT_FACE = 32768,
};
#define UNIT_ALPHA (UNIT_UPPER | UNIT_LOWER)

/// Of ASCII.
extern const uint16_t unit_ascii_classes[128];
/// Of the scalars below UNIT_TABLED, filled before main.
enum { UNIT_TABLED = 0x3100 };
extern uint16_t unit_classes[UNIT_TABLED];
uint16_t unit_class_beyond(uint32_t scalar);

static inline uint16_t unit_class_of(uint32_t scalar) {
  return scalar < UNIT_TABLED ? unit_classes[scalar] : unit_class_beyond(scalar);
}
#endif
