// Lines and paragraphs: what they begin and end with, how long they are, which were there before.
#include <stdlib.h>

#include "text_meter.h"

/// Lines wait for each other to be split together, up to so many bytes.
enum { MOST_WAITING = 4096 };
#define NONE SIZE_MAX

static uint32_t last_scalar(const unit_text *text, size_t from, size_t to) {
  size_t length;
  return from < to ? unit_decode(text, unit_back(text, from, to), &length) : 0;
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

/// Notes a line that is not blank.
static void note_line(const unit_text *text, const text_line *line, ck_text_measures *measures) {
  size_t start = line->start, end = line->end;
  uint32_t last = last_scalar(text, start, end);
  measures->lines++;
  measures->line_characters += line->visible;
  if (line->visible > measures->longest_line) measures->longest_line = line->visible;
  measures->ended_lines += ends_sentence(last);
  measures->short_lines += line->visible + line->wide <= 30;
  measures->numeric_lines += line->digits * 2 > line->visible;
  measures->stopped_lines += end == line->to && is_full_stop(last);
  measures->brief_lines += line->characters <= 30;
  int is_dot = end >= start + 3 && !memcmp(text->bytes + start, "\xE2\x80\xA2", 3);
  measures->bullet_lines += is_dot || text->bytes[start] == '-';
  measures->ellipsis_lines += ends_in_ellipsis(text, start, end);
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

/// Notes what stands between two line feeds. Whether it was there before is as good as random: no branch on it.
static void note_part(ck_text_meter *meter, const text_line *line, int blank, ck_text_measures *measures) {
  uint64_t repeated = !text_set_insert(&meter->lines, line->hash), characters = line->characters & -repeated;
  measures->parts++;
  measures->repeated_parts += repeated;
  measures->repeated_part_characters += characters;
  measures->repeated_line_characters += blank ? 0 : characters;
}

static void extend(open_paragraph *paragraph, const text_line *line) {
  paragraph->characters += line->characters + (paragraph->open ? 1 : 0);
  paragraph->hash = unit_mix(paragraph->hash ^ line->hash, 0x9E3779B97F4A7C15u) + 1;
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
    text_line line = text_next_line(&text, from, meter->level);
    to = line.to;
    measures->all_lines += to < count || from < to;
    int is_blank = line.start == line.end;
    if (from < to) {
      note_part(meter, &line, is_blank, measures);
      extend(&paragraph, &line);
    } else {
      end_paragraph(meter, &paragraph, measures);
      // What stands before a leading line feed and behind the last one is a part too, an empty one.
      if (from == 0 || from == count) note_part(meter, &line, 1, measures);
    }
    if (is_blank) continue;
    note_line(&text, &line, measures);
    waiting = split_line(meter, &text, from, to, waiting, measures);
  }
  end_paragraph(meter, &paragraph, measures);
  if (waiting != NONE) split(meter, &text, waiting, count, measures);
}
