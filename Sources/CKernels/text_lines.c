// Lines and paragraphs: what they begin and end with, how long they are, which were there before.
#include <stdlib.h>

#include "text_meter.h"
#if defined(__x86_64__)
#include <emmintrin.h>
#endif

/// What is counted of the bytes of a line.
typedef struct {
  uint64_t scalars, visible, wide, digits;
} line_counts;

static void count_bytes(const uint8_t *bytes, size_t count, line_counts *counts) {
  for (size_t at = 0; at < count; at++) {
    uint8_t byte = bytes[at];
    int leads = (byte & 0xC0) != 0x80;
    counts->scalars += leads;
    counts->visible += leads & (byte > 0x20);
    counts->wide += byte >= 0xE3;
    counts->digits += (uint8_t)(byte - '0') <= 9;
  }
}

#if defined(__x86_64__)
static inline uint64_t ones(__m128i mask) {
  __m128i sums = _mm_sad_epu8(_mm_and_si128(mask, _mm_set1_epi8(1)), _mm_setzero_si128());
  return (uint64_t)_mm_cvtsi128_si64(_mm_add_epi64(sums, _mm_unpackhi_epi64(sums, sums)));
}

static inline void count_block(__m128i block, line_counts *counts) {
  __m128i leads = _mm_cmpgt_epi8(block, _mm_set1_epi8((char)0xBF));
  __m128i space = _mm_cmpeq_epi8(_mm_min_epu8(block, _mm_set1_epi8(0x20)), block);
  __m128i wide = _mm_cmpeq_epi8(_mm_max_epu8(block, _mm_set1_epi8((char)0xE3)), block);
  __m128i digit = _mm_sub_epi8(block, _mm_set1_epi8('0'));
  digit = _mm_cmpeq_epi8(_mm_min_epu8(digit, _mm_set1_epi8(9)), digit);
  counts->scalars += (uint64_t)__builtin_popcount((uint32_t)_mm_movemask_epi8(leads));
  counts->visible += ones(_mm_andnot_si128(space, leads));
  counts->wide += (uint64_t)__builtin_popcount((uint32_t)_mm_movemask_epi8(wide));
  counts->digits += (uint64_t)__builtin_popcount((uint32_t)_mm_movemask_epi8(digit));
}

/// - readable: bytes that may be read, `count` at least.
static void count_line(const uint8_t *bytes, size_t count, size_t readable, line_counts *counts) {
  // What lies behind the line becomes bytes that no count sees.
  static const uint8_t beyond[32] = {[16] = 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
                                     0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80};
  static const uint8_t within[32] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                     0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
  size_t at = 0;
  for (; at + 16 <= count; at += 16) count_block(_mm_loadu_si128((const __m128i *)(bytes + at)), counts);
  if (at == count) return;
  if (at + 16 > readable) return count_bytes(bytes + at, count - at, counts);
  size_t left = count - at;
  __m128i block = _mm_loadu_si128((const __m128i *)(bytes + at));
  block = _mm_and_si128(block, _mm_loadu_si128((const __m128i *)(within + 16 - left)));
  count_block(_mm_or_si128(block, _mm_loadu_si128((const __m128i *)(beyond + 16 - left))), counts);
}
#else
static void count_line(const uint8_t *bytes, size_t count, size_t readable, line_counts *counts) {
  (void)readable;
  count_bytes(bytes, count, counts);
}
#endif

static uint32_t last_scalar(const unit_text *text, size_t from, size_t to) {
  size_t length;
  return from < to ? unit_decode(text, unit_back(text, from, to), &length) : 0;
}

static int is_white(const unit_text *text, size_t at, size_t *length) {
  if (text->bytes[at] <= 0x20) return *length = 1, 1;
  return text->bytes[at] >= 0x80 && unit_class_at(text, at, length) & UNIT_SPACE;
}

/// Takes the white space off both ends.
static void trim(const unit_text *text, size_t *from, size_t *to) {
  size_t length;
  while (*from < *to && is_white(text, *from, &length)) *from += length;
  while (*from < *to) {
    size_t last = unit_back(text, *from, *to);
    if (!is_white(text, last, &length)) return;
    *to = last;
  }
}

/// Marks that end a sentence or a verse, Latin and Chinese.
static int ends_sentence(uint32_t scalar) {
  switch (scalar) {
  case '.': case '!': case '?': case '"': case '\'': case ':': case ';': case ')': case 0x2026: case 0x201D:
  case 0x2019:
  case 0x3002: case 0xFF01: case 0xFF1F: case 0xFF1B: case 0xFF1A: case 0x300D: case 0x300F: case 0x300B: case 0xFF09:
  case 0xFF0C: case 0xFF0E:
    return 1;
  default: return 0;
  }
}

/// datatrove's full stops of the world's scripts, but for rare ones.
static int is_full_stop(uint32_t scalar) {
  switch (scalar) {
  case '.': case '!': case '?': case 0x589: case 0x61D: case 0x61E: case 0x61F: case 0x6D4: case 0x964: case 0x965:
  case 0x104A: case 0x104B: case 0x1362: case 0x17D4: case 0x17D5: case 0x203C: case 0x203D: case 0x2047: case 0x2048:
  case 0x2049: case 0x2E2E: case 0x2E3C: case 0x3002: case 0xFF01: case 0xFF0E: case 0xFF1F: case 0xFF61: case 0xFE52:
  case 0xFE56: case 0xFE57:
    return 1;
  default: return 0;
  }
}

static int ends_in_ellipsis(const unit_text *text, size_t from, size_t to) {
  return to >= from + 3 &&
         (!memcmp(text->bytes + to - 3, "...", 3) || !memcmp(text->bytes + to - 3, "\xE2\x80\xA6", 3));
}

/// A line that is not blank; its characters.
static uint64_t note_line(ck_text_meter *meter, const unit_text *text, size_t from, size_t to,
                          ck_text_measures *measures) {
  size_t start = from, end = to;
  trim(text, &start, &end);
  line_counts outside = {0}, inside = {0};
  count_bytes(text->bytes + from, start - from, &outside);
  count_bytes(text->bytes + end, to - end, &outside);
  if (start == end) return outside.scalars;
  if (meter->plain) count_bytes(text->bytes + start, end - start, &inside);
  else count_line(text->bytes + start, end - start, text->count - start, &inside);
  uint64_t characters = inside.scalars + outside.scalars;
  uint32_t last = last_scalar(text, start, end);
  measures->lines++;
  measures->line_characters += inside.visible;
  if (inside.visible > measures->longest_line) measures->longest_line = inside.visible;
  measures->ended_lines += ends_sentence(last);
  measures->short_lines += inside.visible + inside.wide <= 30;
  measures->numeric_lines += inside.digits * 2 > inside.visible;
  measures->stopped_lines += end == to && is_full_stop(last);
  measures->brief_lines += characters <= 30;
  int is_dot = end >= start + 3 && !memcmp(text->bytes + start, "\xE2\x80\xA2", 3);
  measures->bullet_lines += is_dot || text->bytes[start] == '-';
  measures->ellipsis_lines += ends_in_ellipsis(text, start, end);
  return characters;
}

typedef struct {
  uint64_t hash, characters;
  int open;
} open_paragraph;

static void end_paragraph(ck_text_meter *meter, open_paragraph *paragraph, ck_text_measures *measures) {
  if (!paragraph->open) return;
  measures->paragraphs++;
  if (!text_set_insert(&meter->paragraphs, paragraph->hash)) {
    measures->repeated_paragraphs++;
    measures->repeated_paragraph_characters += paragraph->characters;
  }
  *paragraph = (open_paragraph){0};
}

static void note_part(ck_text_meter *meter, const unit_text *text, size_t from, size_t to, uint64_t characters,
                      int blank, open_paragraph *paragraph, ck_text_measures *measures) {
  uint64_t hash = from < to ? ck_unit_hash(text->bytes + from, to - from) : 0;
  measures->parts++;
  if (!text_set_insert(&meter->lines, hash)) {
    measures->repeated_parts++;
    measures->repeated_part_characters += characters;
    if (!blank) measures->repeated_line_characters += characters;
  }
  if (from == to) return;
  paragraph->characters += characters + (paragraph->open ? 1 : 0);
  paragraph->hash = unit_mix(paragraph->hash ^ hash, 0x9E3779B97F4A7C15u) + 1;
  paragraph->open = 1;
}

/// Splits a line into units, in windows whose repetition is measured apart so that memory is bounded.
static void split(ck_text_meter *meter, const unit_text *text, size_t from, size_t to, ck_text_measures *measures) {
  ck_units *units = &meter->units;
  units->sentences = 1;
  units->sentence_ended = 0;
  if (meter->plain) ck_split_line_reference(text->bytes, text->count, from, to, units);
  else ck_split_line(text->bytes, text->count, from, to, units);
  text_judge_c4_line(meter, text, from, to, measures);
}

void text_count_lines(ck_text_meter *meter, const uint8_t *bytes, size_t count, ck_text_measures *measures) {
  unit_text text = {bytes, count};
  open_paragraph paragraph = {0};
  text_set_clear(&meter->lines, measures->newlines + 2);
  text_set_clear(&meter->paragraphs, measures->newlines / 2 + 2);
  for (size_t from = 0, to; from <= count; from = to + 1) {
    const uint8_t *end = from < count ? memchr(bytes + from, '\n', count - from) : 0;
    to = end ? (size_t)(end - bytes) : count;
    measures->all_lines += end || from < to;
    if (from < to) {
      uint64_t before = measures->lines, characters = note_line(meter, &text, from, to, measures);
      int blank = before == measures->lines;
      note_part(meter, &text, from, to, characters, blank, &paragraph, measures);
      if (blank) continue;
      text_reserve_units(meter, to - from, measures);
      split(meter, &text, from, to, measures);
    } else {
      end_paragraph(meter, &paragraph, measures);
      // What stands before a leading line feed and behind the last one is a part too, an empty one.
      if (from == 0 || from == count) note_part(meter, &text, from, to, 0, 1, &paragraph, measures);
    }
  }
  end_paragraph(meter, &paragraph, measures);
}
