// How often each character is there, and what follows from that alone.
#include <math.h>

#include "text_meter.h"

#define TEXT_INLINE static inline __attribute__((always_inline))

static inline uint32_t counter_of(uint32_t scalar) {
  return scalar < 0x10000 ? scalar : 0x10000 | (scalar & 0x3FFF);
}

static int is_space(uint32_t scalar) {
  return scalar <= 0x20 || (scalar >= 0x80 && ck_unicode_class(scalar) & CK_UNICODE_SPACE);
}

/// Characters beyond ASCII that are no spaces, and how many different ones.
typedef struct {
  uint64_t visible, different;
} wide_counts;

/// - wide: null when it is not asked for.
TEXT_INLINE void count_wide(ck_text_meter *meter, uint32_t scalar, wide_counts *wide) {
  uint32_t counter = counter_of(scalar), times = meter->counters[counter];
  meter->counters[counter] = times + 1;
  meter->seen[meter->seen_count] = scalar;
  meter->seen_count += times == 0;
  if (!wide) return;
  uint64_t is_visible = (scalar > 0x3000 && scalar < 0xA000) || !is_space(scalar);
  wide->visible += is_visible;
  wide->different += is_visible & (times == 0);
}

/// The character beyond ASCII at `at`; most have three bytes.
TEXT_INLINE uint32_t decode_wide(const unit_text *text, size_t at, size_t *length) {
  uint32_t four;
  if (at + 4 <= text->count) {
    memcpy(&four, text->bytes + at, 4);
    if ((four & 0xC0C0F0) == 0x8080E0)
      return *length = 3, (four & 0x0F) << 12 | (four >> 2 & 0xFC0) | (four >> 16 & 0x3F);
  }
  return unit_decode(text, at, length);
}

/// Counts the characters that begin in `at`..<`to`; where the last one ends. Neighbours have tables of their own, so that
/// a doubled letter does not wait for itself.
TEXT_INLINE size_t count_some(ck_text_meter *meter, const unit_text *text, size_t at, size_t to, wide_counts *wide) {
  uint32_t(*ascii)[128] = meter->ascii;
  while (at < to) {
    uint64_t eight = 0x8080808080808080u;
    if (at + 8 <= to) memcpy(&eight, text->bytes + at, 8);
    if (!(eight & 0x8080808080808080u)) {
      for (int four = 0; four < 2; four++, eight >>= 32) {
        ascii[0][eight & 0x7F]++;
        ascii[1][eight >> 8 & 0x7F]++;
        ascii[2][eight >> 16 & 0x7F]++;
        ascii[3][eight >> 24 & 0x7F]++;
      }
      at += 8;
      continue;
    }
    for (; at < to && text->bytes[at] < 0x80; at++) ascii[at & 3][text->bytes[at]]++;
    for (size_t length; at < to && text->bytes[at] >= 0x80; at += length) {
      uint32_t scalar = decode_wide(text, at, &length);
      // Overlong forms are read as what they mean.
      if (__builtin_expect(scalar < 0x80, 0)) ascii[0][scalar]++;
      else count_wide(meter, scalar, wide);
    }
  }
  return at;
}

/// Visible characters of ASCII counted so far, and different ones.
static uint64_t visible_ascii(const ck_text_meter *meter, uint64_t *different) {
  uint32_t visible = 0, distinct = 0;
  for (int byte = 0x21; byte < 128; byte++) {
    uint32_t times = meter->ascii[0][byte] + meter->ascii[1][byte] + meter->ascii[2][byte] + meter->ascii[3][byte];
    visible += times;
    distinct += times != 0;
  }
  *different = distinct;
  return visible;
}

/// Counts up to `most` visible characters; returns where it stopped.
static size_t count_prefix(ck_text_meter *meter, const unit_text *text, uint64_t most, double *distinct) {
  size_t at = 0;
  wide_counts wide = {0};
  uint64_t different = 0, visible = 0;
  while (at < text->count && visible < most) {
    // So many bytes begin at most so many characters.
    size_t left = text->count - at, step = most - visible;
    at = count_some(meter, text, at, at + (left < step ? left : step), &wide);
    visible = visible_ascii(meter, &different) + wide.visible;
  }
  different += wide.different;
  *distinct = visible ? (double)different / (double)visible : 0;
  return at;
}

static void count_one_by_one(ck_text_meter *meter, const unit_text *text, size_t at) {
  for (size_t length; at < text->count; at += length) {
    uint32_t scalar = unit_decode(text, at, &length);
    if (scalar < 0x80) meter->ascii[0][scalar]++;
    else count_wide(meter, scalar, 0);
  }
}

static void note_ascii(uint8_t byte, uint64_t count, ck_text_measures *measures) {
  measures->scalars += count;
  if (byte <= 0x20) {
    if (byte < 9 || (byte > 13 && byte < 0x20)) measures->broken += count;
    return;
  }
  measures->visible += count;
  if ((uint8_t)((byte | 0x20) - 'a') <= 25) {
    measures->latin += count;
    if (byte < 'a') measures->upper += count;
  } else if (byte >= '0' && byte <= '9') {
    measures->digits += count;
  } else if (ck_unicode_class(byte) & CK_UNICODE_PUNCTUATION) {
    measures->punctuation += count;
  } else {
    measures->symbols += count;
  }
}

static void note_letter(uint32_t scalar, uint8_t kind, uint64_t count, ck_text_measures *measures) {
  if (scalar < 0x250 || (scalar >= 0x1E00 && scalar < 0x1F00) || (scalar >= 0xFF21 && scalar <= 0xFF5A)) {
    measures->latin += count;
    if (kind & CK_UNICODE_UPPER) measures->upper += count;
  } else if (scalar >= 0x3040 && scalar <= 0x30FF) {
    measures->kana += count;
    measures->other_letters += count;
  } else if (kind & CK_UNICODE_LETTER && scalar != 0x3005 && scalar != 0x3007) {
    measures->other_letters += count;
  }
}

static int is_ideograph(uint32_t scalar, uint8_t kind) {
  if (scalar >= 0x3400 && scalar < 0xA000) return scalar < 0x4DC0 || scalar >= 0x4E00;
  return kind & CK_UNICODE_LETTER && (scalar >= 0x20000 || (scalar >= 0xF900 && scalar <= 0xFAFF));
}

/// 1 when the character is visible.
static int note_wide(const ck_text_meter *meter, uint32_t scalar, uint64_t count, ck_text_measures *measures) {
  measures->scalars += count;
  if (scalar >= 0x4E00 && scalar < 0xA000) {
    uint64_t stops = meter->stop_places[scalar - 0x4E00] != 0;
    measures->visible += count;
    measures->han += count;
    measures->stop_characters += count & -stops;
    measures->distinct_stop_characters += stops;
    return 1;
  }
  uint8_t kind = ck_unicode_class(scalar);
  if (kind & CK_UNICODE_SPACE) return 0;
  measures->visible += count;
  if (is_ideograph(scalar, kind)) {
    measures->han += count;
  } else if (kind & (CK_UNICODE_LETTER | CK_UNICODE_MARK)) {
    note_letter(scalar, kind, count, measures);
  } else if (kind & CK_UNICODE_NUMBER) {
    measures->digits += count;
  } else if (kind & CK_UNICODE_PUNCTUATION) {
    measures->punctuation += count;
    if (scalar == 0x2026) measures->ellipses += count;
    if (scalar == 0x3010 || scalar == 0x3011) measures->brackets += count;
  } else if (kind & CK_UNICODE_SYMBOL && scalar != 0xFFFD) {
    measures->symbols += count;
  } else if (!(scalar >= 0x200B && scalar <= 0x2064) && scalar != 0xFEFF) {
    // Private use, unassigned, replacement; joiners and marks of direction are harmless.
    measures->broken += count;
  }
  return 1;
}

/// n ln n.
static double weighted(const ck_text_meter *meter, uint32_t times) {
  return times < TEXT_LOGARITHMS ? meter->logarithms[times] : times * log(times);
}

void text_count_characters(ck_text_meter *meter, const uint8_t *text, size_t count, ck_text_measures *measures) {
  unit_text whole = {text, count};
  size_t at = count_prefix(meter, &whole, TEXT_PREFIX, &measures->distinct_share);
  if (meter->plain) count_one_by_one(meter, &whole, at);
  else count_some(meter, &whole, at, count, 0);
  uint32_t(*ascii)[128] = meter->ascii;
  for (int byte = 0; byte < 128; byte++)
    meter->counters[byte] = ascii[0][byte] + ascii[1][byte] + ascii[2][byte] + ascii[3][byte];
  memset(ascii, 0, sizeof meter->ascii);
  double sum = 0;
  for (uint32_t byte = 0; byte < 128; byte++) {
    uint32_t times = meter->counters[byte];
    if (!times) continue;
    note_ascii((uint8_t)byte, times, measures);
    if (byte > 0x20) sum += weighted(meter, times);
  }
  measures->hashes = meter->counters['#'];
  measures->newlines = meter->counters['\n'];
  memset(meter->counters, 0, 128 * sizeof(uint32_t));
  for (size_t index = 0; index < meter->seen_count; index++) {
    uint32_t scalar = meter->seen[index], times = meter->counters[counter_of(scalar)];
    meter->counters[counter_of(scalar)] = 0;
    if (note_wide(meter, scalar, times, measures)) sum += weighted(meter, times);
  }
  meter->seen_count = 0;
  if (measures->visible) measures->entropy = log((double)measures->visible) - sum / (double)measures->visible;
}
