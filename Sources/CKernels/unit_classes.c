#include "unit_classes.h"

#define SP UNIT_SPACE
#define UP (UNIT_UPPER)
#define LO (UNIT_LOWER | UNIT_STOPPED)
#define DI (UNIT_DIGIT | UNIT_STOPPED)
#define MK UNIT_MARK
#define PU (UNIT_MARK | UNIT_PUNCTUATION)
#define BOTH (UNIT_PREFIX | UNIT_SUFFIX | UNIT_STOPPED)
#define QU (BOTH | UNIT_QUOTE)

const uint16_t unit_ascii_classes[128] = {
  [0] = SP, SP, SP, SP, SP, SP, SP, SP, SP, SP, SP, SP, SP, SP, SP, SP,
  SP, SP, SP, SP, SP, SP, SP, SP, SP, SP, SP, SP, SP, SP, SP, SP, SP,
  ['!'] = PU | BOTH, ['"'] = PU | QU, ['#'] = PU | BOTH, ['$'] = MK | UNIT_PREFIX | UNIT_CURRENCY,
  ['%'] = PU | UNIT_PREFIX | UNIT_STOPPED, ['&'] = PU | BOTH, ['\''] = PU | QU | UNIT_FACE, ['('] = PU | BOTH,
  [')'] = PU | BOTH,
  ['*'] = PU | BOTH | UNIT_INFIX, ['+'] = MK | UNIT_PREFIX | UNIT_SUFFIX | UNIT_STOPPED | UNIT_INFIX,
  [','] = PU | BOTH | UNIT_QUOTE | UNIT_INFIX, ['-'] = PU | UNIT_STOPPED | UNIT_INFIX | UNIT_HYPHEN,
  ['.'] = PU | UNIT_INFIX, ['/'] = PU | UNIT_INFIX, [':'] = PU | BOTH | UNIT_INFIX | UNIT_FACE,
  [';'] = PU | BOTH | UNIT_FACE,
  ['<'] = MK | BOTH | UNIT_INFIX | UNIT_FACE, ['='] = MK | UNIT_PREFIX | UNIT_INFIX | UNIT_FACE,
  ['>'] = MK | BOTH | UNIT_INFIX,
  ['?'] = PU | BOTH, ['@'] = PU, ['['] = PU | BOTH, ['\\'] = PU, [']'] = PU | BOTH, ['^'] = MK | UNIT_INFIX,
  ['_'] = PU | BOTH, ['`'] = MK | QU, ['{'] = PU | BOTH, ['|'] = MK | UNIT_STOPPED, ['}'] = PU | BOTH,
  ['~'] = MK | UNIT_INFIX | UNIT_HYPHEN, [127] = MK,
  ['0'] = DI, DI, DI, DI, DI, DI, DI, DI, DI, DI,
  ['A'] = UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP,
  ['a'] = LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, LO, LO,
};

/// The marks that datatrove takes for symbols, beyond ASCII and below the ideographs.
static int is_mark(uint32_t scalar) {
  switch (scalar) {
  case 0xAB: case 0xB4: case 0xBB: case 0x2013: case 0x2014: case 0x2019: case 0x201C: case 0x201D: case 0x201E:
  case 0x2026: case 0x2236: case 0x2501: case 0x25BA: case 0x203C: case 0x203D: case 0x2047: case 0x2048: case 0x2049:
    return 1;
  default: return scalar >= 0x7F && scalar < 0xA0;
  }
}

static uint16_t mark_class(uint32_t scalar) {
  switch (scalar) {
  case 0x2013: case 0x2014: return UNIT_PREFIX | UNIT_SUFFIX | UNIT_HYPHEN | UNIT_INFIX;
  case 0x2018: case 0x2019: case 0x201A: case 0x201C: case 0x201D: case 0x201E: case 0xAB: case 0xBB: case 0xB4:
  case 0x27E6: case 0x27E7:
    return QU;
  case 0xA7: return UNIT_PREFIX;
  case 0x2026: return BOTH | UNIT_INFIX;
  case 0xA1: case 0xBF: case 0xB7: case 0x61F: case 0x964: case 0x60C: case 0x6D4: case 0x61B: case 0x66A: return BOTH;
  case 0xA3: case 0xA5: case 0xE3F: return UNIT_PREFIX | UNIT_CURRENCY;
  case 0xB2: return UNIT_STOPPED;
  case 0xA6: case 0xA9: case 0xAE: case 0xB0: return UNIT_ICON;
  default: return scalar >= 0x20A0 && scalar <= 0x20BF ? UNIT_PREFIX | UNIT_CURRENCY : 0;
  }
}

/// Symbols that are neither of mathematics nor modifiers.
static int is_icon(uint32_t scalar) {
  if (scalar < 0x2100) return 0;
  if (scalar >= 0x2190 && scalar <= 0x2194) return 0;
  if (scalar >= 0x2200 && scalar < 0x2300) return 0;
  if ((scalar >= 0x27C0 && scalar < 0x2800) || (scalar >= 0x2900 && scalar < 0x2B00)) return 0;
  return 1;
}

uint16_t unit_class_beyond(uint32_t scalar) {
  uint8_t kind = ck_unicode_class(scalar);
  if (kind & CK_UNICODE_SPACE) return UNIT_SPACE;
  uint16_t class = is_mark(scalar) ? UNIT_MARK : 0;
  if (kind & CK_UNICODE_PUNCTUATION) class |= UNIT_PUNCTUATION;
  if ((scalar >= 0x2E80 && scalar < 0xE000) || (scalar >= 0xF900 && scalar < 0x10000 && scalar != 0xFEFF) ||
      scalar >= 0x20000) {
    if (scalar != 0xFFFD) {
      if (kind & (CK_UNICODE_LETTER | CK_UNICODE_NUMBER | CK_UNICODE_MARK)) return class | UNIT_WIDE | UNIT_ALPHA;
      return class | UNIT_WIDE | UNIT_MARK;
    }
  }
  if (kind & (CK_UNICODE_LETTER | CK_UNICODE_MARK)) {
    if (!(kind & CK_UNICODE_LETTER)) return class;
    if (kind & CK_UNICODE_UPPER) return class | UNIT_UPPER;
    if (kind & CK_UNICODE_LOWER) return class | UNIT_LOWER | UNIT_STOPPED;
    return class | UNIT_UPPER | UNIT_LOWER | UNIT_STOPPED;
  }
  class |= mark_class(scalar);
  if (kind & CK_UNICODE_SYMBOL && !(class & UNIT_CURRENCY) && is_icon(scalar)) class |= UNIT_ICON;
  if (class & UNIT_ICON) class |= UNIT_PREFIX | UNIT_SUFFIX | UNIT_INFIX;
  return class;
}

uint16_t unit_classes[UNIT_TABLED];

__attribute__((constructor)) static void fill_classes(void) {
  for (uint32_t scalar = 0; scalar < UNIT_TABLED; scalar++)
    unit_classes[scalar] = scalar < 128 ? unit_ascii_classes[scalar] : unit_class_beyond(scalar);
}
