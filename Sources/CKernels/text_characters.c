// How often each character is there, and what follows from that alone.
#include <math.h>

#include "text_meter.h"

static inline uint32_t counter_of(uint32_t scalar) {
  return scalar < 0x10000 ? scalar : 0x10000 | (scalar & 0x3FFF);
}

static inline void count_wide(ck_text_meter *meter, uint32_t scalar) {
  uint32_t counter = counter_of(scalar);
  if (meter->counters[counter]++ == 0) meter->seen[meter->seen_count++] = scalar;
}

static int is_space(uint32_t scalar) {
  return scalar <= 0x20 || (scalar >= 0x80 && ck_unicode_class(scalar) & CK_UNICODE_SPACE);
}

/// Counts one by one up to `most` visible characters; returns where it stopped.
static size_t count_prefix(ck_text_meter *meter, const unit_text *text, uint64_t most, double *distinct) {
  size_t at = 0, different = 0;
  uint64_t visible = 0;
  while (at < text->count && visible < most) {
    size_t length;
    uint32_t scalar = unit_decode(text, at, &length);
    if (!is_space(scalar)) {
      visible++;
      different += meter->counters[counter_of(scalar)] == 0;
    }
    if (scalar < 0x80) meter->counters[scalar]++;
    else count_wide(meter, scalar);
    at += length;
  }
  *distinct = visible ? (double)different / (double)visible : 0;
  return at;
}

static void count_rest(ck_text_meter *meter, const unit_text *text, size_t at) {
  // Two tables for neighbours, so that a doubled letter does not wait for itself.
  uint32_t second[128] = {0}, *first = meter->counters;
  while (at < text->count) {
    while (at + 8 <= text->count) {
      uint64_t eight;
      memcpy(&eight, text->bytes + at, 8);
      if (eight & 0x8080808080808080u) break;
      for (int pair = 0; pair < 4; pair++, eight >>= 16) {
        first[eight & 0x7F]++;
        second[eight >> 8 & 0x7F]++;
      }
      at += 8;
    }
    for (size_t most = at + 8; at < text->count && at < most;) {
      size_t length;
      uint32_t scalar = unit_decode(text, at, &length);
      if (scalar < 0x80) first[scalar]++;
      else count_wide(meter, scalar);
      at += length;
    }
  }
  for (size_t index = 0; index < 128; index++) first[index] += second[index];
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

static void note_wide(const ck_text_meter *meter, uint32_t scalar, uint64_t count, ck_text_measures *measures) {
  uint8_t kind = ck_unicode_class(scalar);
  measures->scalars += count;
  if (kind & CK_UNICODE_SPACE) return;
  measures->visible += count;
  if (is_ideograph(scalar, kind)) {
    measures->han += count;
    if (scalar >= 0x4E00 && scalar < 0xA000 && meter->stop_places[scalar - 0x4E00]) {
      measures->stop_characters += count;
      measures->distinct_stop_characters++;
    }
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
}

/// n ln n.
static double weighted(const ck_text_meter *meter, uint32_t times) {
  return times < TEXT_LOGARITHMS ? meter->logarithms[times] : times * log(times);
}

void text_count_characters(ck_text_meter *meter, const uint8_t *text, size_t count, ck_text_measures *measures) {
  unit_text whole = {text, count};
  size_t at = count_prefix(meter, &whole, TEXT_PREFIX, &measures->distinct_share);
  for (size_t length; meter->plain && at < count; at += length) {
    uint32_t scalar = unit_decode(&whole, at, &length);
    if (scalar < 0x80) meter->counters[scalar]++;
    else count_wide(meter, scalar);
  }
  count_rest(meter, &whole, at);
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
    note_wide(meter, scalar, times, measures);
    if (!is_space(scalar)) sum += weighted(meter, times);
  }
  meter->seen_count = 0;
  if (measures->visible) measures->entropy = log((double)measures->visible) - sum / (double)measures->visible;
}
