#include <math.h>
#include <stdlib.h>

#include "ck_cpu.h"
#include "text_meter.h"
#include "unit_planes.h"

ck_text_meter *ck_text_meter_make(const ck_word_parts *parts, const uint8_t *stop_places) {
  ck_text_meter *meter = calloc(1, sizeof *meter);
  if (!meter) abort();
  meter->stop_places = stop_places;
  meter->units.parts = parts;
  meter->units.cache = unit_cache_make();
  meter->units.planes = malloc(sizeof *meter->units.planes);
  if (!meter->units.planes) abort();
  meter->counters = calloc(TEXT_COUNTERS, sizeof(uint32_t));
  meter->seen = malloc((TEXT_COUNTERS + 1) * sizeof(uint32_t));
  if (!meter->counters || !meter->seen) abort();
  for (int times = 1; times < TEXT_LOGARITHMS; times++) meter->logarithms[times] = times * log(times);
  return meter;
}

void ck_text_meter_free(ck_text_meter *meter) {
  if (!meter) return;
  free(meter->counters);
  free(meter->seen);
  unit_cache_free(meter->units.cache);
  free(meter->units.planes);
  free(meter->units.hashes);
  free(meter->units.lengths);
  free(meter->units.suffixes);
  free(meter->lines.slots);
  free(meter->paragraphs.slots);
  ck_repetition_free(&meter->repetition);
  free(meter);
}

void text_set_clear(text_hash_set *set, size_t most) {
  size_t size = 64;
  while (size < 2 * most) size *= 2;
  if (set->capacity < size) {
    free(set->slots);
    set->slots = malloc(size * sizeof(uint64_t));
    if (!set->slots) abort();
    set->capacity = size;
  }
  set->mask = size - 1;
  memset(set->slots, 0, size * sizeof(uint64_t));
}

/// Measures the units there are and begins with none again.
static void close_window(ck_text_meter *meter, ck_text_measures *measures) {
  ck_units *units = &meter->units;
  measures->top_unit += text_most_common(units, meter->level);
  int is_wide = text_count_words(units, meter->level, measures) * 10 >= units->count * 6;
  uint64_t characters = 0;
  if (is_wide) {
    // Between ideographs, marks only tell one clause from the next.
    size_t kept = 0;
    for (size_t unit = 0; unit < units->count; unit++) {
      units->hashes[kept] = units->hashes[unit];
      units->lengths[kept] = units->lengths[unit];
      kept += !(units->lengths[unit] & CK_UNIT_MARK);
    }
    measures->units += units->count;
    units->count = kept;
    for (size_t unit = 0; unit < kept; unit++) characters += units->lengths[unit] & CK_UNIT_LENGTH;
  } else {
    measures->units += units->count;
  }
  ck_measure_repetition(units->hashes, units->lengths, units->count, is_wide ? 2 : 1, is_wide ? 0 : 1,
                        &meter->repetition, &measures->repetition);
  measures->repetition_characters += characters;
  units->count = 0;
}

void text_reserve_units(ck_text_meter *meter, size_t bytes, ck_text_measures *measures) {
  ck_units *units = &meter->units;
  if (units->count >= TEXT_WINDOW) close_window(meter, measures);
  size_t needed = units->count + bytes + CK_UNITS_BEHIND;
  if (units->capacity < needed) {
    size_t size = 4096;
    while (size < needed) size *= 2;
    units->hashes = realloc(units->hashes, size * sizeof(uint64_t));
    units->lengths = realloc(units->lengths, size * sizeof(uint32_t));
    if (!units->hashes || !units->lengths) abort();
    units->capacity = size;
  }
  if (units->suffix_capacity < bytes) {
    free(units->suffixes);
    units->suffix_capacity = 2 * bytes;
    units->suffixes = malloc(units->suffix_capacity * sizeof(uint32_t));
    if (!units->suffixes) abort();
  }
}

static size_t find_three(const uint8_t *text, size_t at, size_t count, const char *three) {
  for (; at + 3 <= count; at++)
    if (text[at] == (uint8_t)three[0] && !memcmp(text + at, three, 3)) return at;
  return count;
}

static size_t next_three(const uint8_t *text, size_t at, size_t count, const char *three, int plain) {
  if (plain) return find_three(text, at, count, three);
  // The block is a vector on every machine this is built for; the compiler lowers it.
  typedef uint8_t bytes32 __attribute__((vector_size(32), aligned(1)));
  typedef uint64_t words4 __attribute__((vector_size(32)));
  for (; at + 34 <= count; at += 32) {
    const uint8_t *p = text + at;
    bytes32 a = *(const bytes32 *)p, b = *(const bytes32 *)(p + 1), c = *(const bytes32 *)(p + 2);
    words4 hit = (words4)((a == (uint8_t)three[0]) & (b == (uint8_t)three[1]) & (c == (uint8_t)three[2]));
    if (hit[0] | hit[1] | hit[2] | hit[3]) return find_three(text, at, count, three);
  }
  return find_three(text, at, count, three);
}

/// Ellipses of three full stops, and the characters of web addresses: from the scheme to white space or a bracket.
void text_count_marks(const uint8_t *text, size_t count, int plain, ck_text_measures *measures) {
  for (size_t at = 0; (at = next_three(text, at, count, "...", plain)) < count; at += 3) measures->ellipses++;
  for (size_t at = 0; (at = next_three(text, at, count, "://", plain)) < count;) {
    size_t start = at;
    while (start > 0 && (uint8_t)((text[start - 1] | 0x20) - 'a') <= 25) start--;
    if (at - start < 3 || at - start > 5) {
      at += 3;
      continue;
    }
    for (; at < count && text[at] > 0x20 && text[at] < 0x80 && !memchr("<>\")]", text[at], 5); at++) {}
    measures->links++;
    measures->link_characters += at - start;
  }
}

static void measure(ck_text_meter *meter, const uint8_t *text, size_t count, ck_text_measures *measures) {
  *measures = (ck_text_measures){0};
  ck_units *units = &meter->units;
  units->count = 0;
  units->planes->base = units->planes->end = 0;
  units->planes->level = meter->level;
  meter->suspect_known = 0;
  units->function_words = units->stop_words = units->stop_words_any_case = 0;
  text_count_characters(meter, text, count, measures);
  text_count_marks(text, count, meter->plain, measures);
  text_count_lines(meter, text, count, measures);
  close_window(meter, measures);
  if (!measures->repetition_characters) measures->repetition_characters = measures->scalars;
  measures->function_words = units->function_words;
  // Kinds 1...8.
  measures->stop_words = units->stop_words >> 1 & 0xFF;
  measures->stop_words_any_case = units->stop_words_any_case >> 1 & 0xFF;
}

void ck_text_measure_at(int level, ck_text_meter *meter, const uint8_t *text, size_t count,
                        ck_text_measures *measures) {
  meter->plain = 0;
  meter->level = level;
  measure(meter, text, count, measures);
}

void ck_text_measure(ck_text_meter *meter, const uint8_t *text, size_t count, ck_text_measures *measures) {
  ck_text_measure_at(ck_cpu_level(), meter, text, count, measures);
}

void ck_text_measure_reference(ck_text_meter *meter, const uint8_t *text, size_t count, ck_text_measures *measures) {
  meter->plain = 1;
  meter->level = CK_PLAIN;
  measure(meter, text, count, measures);
}
