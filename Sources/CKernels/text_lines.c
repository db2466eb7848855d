// Lines and paragraphs: what they begin and end with, how long they are, which were there before.
#include <stdlib.h>

#include "text_meter.h"
#if defined(__x86_64__)
#include <emmintrin.h>
#endif

/// Lines wait for each other to be split together, up to so many bytes.
enum { MOST_WAITING = 4096 };
#define NONE SIZE_MAX

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
/// Counts of sixteen places each, of 255 blocks at most.
typedef struct {
  __m128i scalars, visible, wide, digits;
} block_counts;

static inline void count_block(__m128i block, block_counts *counts) {
  __m128i leads = _mm_cmpgt_epi8(block, _mm_set1_epi8((char)0xBF));
  __m128i space = _mm_cmpeq_epi8(_mm_min_epu8(block, _mm_set1_epi8(0x20)), block);
  __m128i wide = _mm_cmpeq_epi8(_mm_max_epu8(block, _mm_set1_epi8((char)0xE3)), block);
  __m128i digit = _mm_sub_epi8(block, _mm_set1_epi8('0'));
  digit = _mm_cmpeq_epi8(_mm_min_epu8(digit, _mm_set1_epi8(9)), digit);
  counts->scalars = _mm_sub_epi8(counts->scalars, leads);
  counts->visible = _mm_sub_epi8(counts->visible, _mm_andnot_si128(space, leads));
  counts->wide = _mm_sub_epi8(counts->wide, wide);
  counts->digits = _mm_sub_epi8(counts->digits, digit);
}

static inline uint64_t sum_of(__m128i counts) {
  __m128i sums = _mm_sad_epu8(counts, _mm_setzero_si128());
  return (uint64_t)_mm_cvtsi128_si64(_mm_add_epi64(sums, _mm_unpackhi_epi64(sums, sums)));
}

static inline void add_blocks(const block_counts *blocks, line_counts *counts) {
  counts->scalars += sum_of(blocks->scalars);
  counts->visible += sum_of(blocks->visible);
  counts->wide += sum_of(blocks->wide);
  counts->digits += sum_of(blocks->digits);
}

/// - readable: bytes that may be read, `count` at least.
static void count_line(const uint8_t *bytes, size_t count, size_t readable, line_counts *counts) {
  // What lies behind the line becomes bytes that no count sees.
  static const uint8_t beyond[32] = {[16] = 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
                                     0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80};
  static const uint8_t within[32] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                     0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
  size_t at = 0;
  while (count - at > 254 * 16) {
    block_counts blocks = {0};
    for (size_t end = at + 254 * 16; at < end; at += 16)
      count_block(_mm_loadu_si128((const __m128i *)(bytes + at)), &blocks);
    add_blocks(&blocks, counts);
  }
  block_counts blocks = {0};
  for (; at + 16 <= count; at += 16) count_block(_mm_loadu_si128((const __m128i *)(bytes + at)), &blocks);
  size_t left = count - at;
  if (left && at + 16 > readable) {
    count_bytes(bytes + at, left, counts);
  } else if (left) {
    __m128i block = _mm_loadu_si128((const __m128i *)(bytes + at));
    block = _mm_and_si128(block, _mm_loadu_si128((const __m128i *)(within + 16 - left)));
    count_block(_mm_or_si128(block, _mm_loadu_si128((const __m128i *)(beyond + 16 - left))), &blocks);
  }
  add_blocks(&blocks, counts);
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

static int is_wide_white(const unit_text *text, size_t at, size_t *length) {
  return text->bytes[at] >= 0x80 && unit_class_at(text, at, length) & UNIT_SPACE;
}

UNIT_INLINE int is_white(const unit_text *text, size_t at, size_t *length) {
  if (text->bytes[at] <= 0x20) return *length = 1, 1;
  return text->bytes[at] >= 0x80 && is_wide_white(text, at, length);
}

/// Bytes of white space of ASCII from `at` on, eight at a time.
UNIT_INLINE size_t skip_white(const unit_text *text, size_t at, size_t to) {
  for (uint64_t eight; at + 8 <= to; at += 8) {
    memcpy(&eight, text->bytes + at, 8);
    // The top bit of a byte is set when it is above the space.
    uint64_t black = ((eight & 0x7F7F7F7F7F7F7F7Fu) + 0x5F5F5F5F5F5F5F5Fu) | eight;
    black &= 0x8080808080808080u;
    if (black) return at + (size_t)__builtin_ctzll(black) / 8;
  }
  while (at < to && text->bytes[at] <= 0x20) at++;
  return at;
}

/// Takes the white space off both ends.
static void trim(const unit_text *text, size_t *from, size_t *to) {
  size_t length;
  *from = skip_white(text, *from, *to);
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

/// Characters of white space.
static uint64_t characters_of(const unit_text *text, size_t from, size_t to) {
  uint64_t bytes = 0;
  for (size_t at = from; at < to; at++) bytes += (text->bytes[at] & 0xC0) != 0x80;
  return bytes;
}

/// A line that is not blank; its characters.
static uint64_t note_line(ck_text_meter *meter, const unit_text *text, size_t from, size_t to,
                          ck_text_measures *measures) {
  size_t start = from, end = to;
  trim(text, &start, &end);
  uint64_t outside = characters_of(text, from, start) + characters_of(text, end, to);
  if (start == end) return outside;
  line_counts inside = {0};
  if (meter->plain) count_bytes(text->bytes + start, end - start, &inside);
  else count_line(text->bytes + start, end - start, text->count - start, &inside);
  uint64_t characters = inside.scalars + outside;
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
  uint64_t first, hash = from < to ? unit_hash_word(text, from, to - from, &first) : 0;
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

/// Splits lines into units, in windows whose repetition is measured apart so that memory is bounded; the first of them.
static size_t split(ck_text_meter *meter, const unit_text *text, size_t from, size_t to, ck_text_measures *measures) {
  text_reserve_units(meter, to - from, measures);
  size_t first = meter->units.count;
  if (meter->plain) ck_split_line_reference(text->bytes, text->count, from, to, &meter->units);
  else ck_split_line(text->bytes, text->count, from, to, &meter->units);
  return first;
}

/// Splits a line. It waits for those behind it where nothing is asked about its own units: `waiting` is where the first
/// line begins that does, or none.
static size_t split_line(ck_text_meter *meter, const unit_text *text, size_t from, size_t to, size_t waiting,
                         ck_text_measures *measures) {
  int is_judged = text_may_end_well(text, from, to);
  // A window ends between two lines.
  int is_full = waiting != NONE && (to - waiting > MOST_WAITING || meter->units.count + from - waiting >= TEXT_WINDOW);
  if (waiting != NONE && (is_judged || is_full)) {
    split(meter, text, waiting, from, measures);
    waiting = NONE;
  }
  if (!is_judged) return waiting == NONE ? from : waiting;
  size_t first = split(meter, text, from, to, measures);
  text_judge_c4_line(meter, text, from, to, first, measures);
  return NONE;
}

void text_count_lines(ck_text_meter *meter, const uint8_t *bytes, size_t count, ck_text_measures *measures) {
  unit_text text = {bytes, count};
  open_paragraph paragraph = {0};
  size_t waiting = NONE;
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
      if (!blank) waiting = split_line(meter, &text, from, to, waiting, measures);
    } else {
      end_paragraph(meter, &paragraph, measures);
      // What stands before a leading line feed and behind the last one is a part too, an empty one.
      if (from == 0 || from == count) note_part(meter, &text, from, to, 0, 1, &paragraph, measures);
    }
  }
  end_paragraph(meter, &paragraph, measures);
  if (waiting != NONE) split(meter, &text, waiting, count, measures);
}
