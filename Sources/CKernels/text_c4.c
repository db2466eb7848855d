// What C4 makes of a line (arXiv 1910.10683, section 2.2), as datatrove codes it.
#include "text_meter.h"

static int is_any_case(const uint8_t *bytes, const char *phrase, size_t length) {
  for (size_t at = 0; at < length; at++) {
    uint8_t byte = bytes[at];
    if ((byte >= 'A' && byte <= 'Z' ? byte + 32 : byte) != (uint8_t)phrase[at]) return 0;
  }
  return 1;
}

static int contains(const unit_text *text, size_t from, size_t to, const char *phrase) {
  size_t length = strlen(phrase);
  for (; from + length <= to; from++)
    if (is_any_case(text->bytes + from, phrase, length)) return 1;
  return 0;
}

/// Where the line ends without the reference mark at its end: [12], [edit], [citation needed].
static size_t without_citation(const unit_text *text, size_t from, size_t to) {
  static const char *const marks[] = {"[edit]", "[citation needed]"};
  while (to > from && text->bytes[to - 1] == ']') {
    size_t at = to - 1;
    while (at > from && (uint8_t)(text->bytes[at - 1] - '0') <= 9) at--;
    if (at > from && text->bytes[at - 1] == '[') {
      to = at - 1;
      continue;
    }
    size_t before = to;
    for (int mark = 0; mark < 2; mark++) {
      size_t length = strlen(marks[mark]);
      if (to - from >= length && !memcmp(text->bytes + to - length, marks[mark], length)) to -= length;
    }
    if (to == before) return to;
  }
  return to;
}

static int ends_well(const unit_text *text, size_t from, size_t to) {
  if (from == to) return 0;
  switch (text->bytes[to - 1]) {
  case '.': return to - from < 3 || memcmp(text->bytes + to - 3, "...", 3) != 0;
  case '?': case '!': case '"': case '\'': return 1;
  default: return 0;
  }
}

/// Whether a line with this last byte may end as C4 has it, a reference mark behind it or not.
static int may_end_well(uint8_t last) {
  return last == '.' || last == '?' || last == '!' || last == '"' || last == '\'' || last == ']';
}

/// Whether a word of more than a thousand characters is in the line.
static int has_long_word(const unit_text *text, size_t from, size_t to) {
  while (to - from > 1000) {
    // The last white space within reach: no word up to it is too long.
    size_t at = from + 1000;
    while (at > from && text->bytes[at] > 0x20) at--;
    if (at == from) {
      size_t characters = 0;
      for (at = from; at < to && text->bytes[at] > 0x20; at++) characters += (text->bytes[at] & 0xC0) != 0x80;
      if (characters > 1000) return 1;
    }
    from = at + 1 < to ? at + 1 : to;
  }
  return 0;
}

/// Three words at least, none above a thousand characters.
static int has_words(const unit_text *text, size_t from, size_t to) {
  size_t words = 0;
  int inside = 0;
  for (size_t at = from; at < to && words < 3; at++) {
    int is_word = text->bytes[at] > 0x20;
    words += is_word & !inside;
    inside = is_word;
  }
  return words >= 3 && !has_long_word(text, from, to);
}

static int is_about_policy(const unit_text *text, size_t from, size_t to) {
  static const char *const phrases[] = {"terms of use", "privacy policy", "cookie policy", "uses cookies",
                                        "use of cookies", "use cookies"};
  for (size_t index = 0; index < sizeof phrases / sizeof *phrases; index++)
    if (contains(text, from, to, phrases[index])) return 1;
  return 0;
}

/// Sentences in the units from `first` on: a unit that is no punctuation behind the end of one begins the next.
static uint64_t count_sentences(const ck_units *units, size_t first) {
  uint64_t sentences = 1, has_ended = 0;
  for (size_t unit = first; unit < units->count; unit++) {
    uint32_t flags = units->lengths[unit], ends = flags >> 29 & 1;
    uint64_t begins = !((flags >> 28 | flags >> 29 | flags >> 31) & 1);
    sentences += has_ended & begins;
    has_ended = (has_ended & ~begins) | ends;
  }
  return sentences;
}

int text_may_end_well(const unit_text *text, size_t from, size_t to) {
  while (from < to && text->bytes[to - 1] <= 0x20) to--;
  return from < to && may_end_well(text->bytes[to - 1]);
}

void text_judge_c4_line(ck_text_meter *meter, const unit_text *text, size_t from, size_t to, size_t first_unit,
                        ck_text_measures *measures) {
  while (from < to && text->bytes[to - 1] <= 0x20) to--;
  while (text->bytes[from] <= 0x20) from++;
  size_t end = without_citation(text, from, to);
  if (!ends_well(text, from, end) || !has_words(text, from, to)) return;
  int is_suspect = text_may_hold_phrase(meter, text, from, end);
  if (is_suspect) {
    if (contains(text, from, end, "lorem ipsum")) {
      measures->c4_lorem_ipsum = 1;
      return;
    }
    if (contains(text, from, end, "javascript")) return;
  }
  if (memchr(text->bytes + from, '{', end - from)) {
    measures->c4_brackets = 1;
    return;
  }
  if (is_suspect && is_about_policy(text, from, end)) return;
  measures->c4_sentences += count_sentences(&meter->units, first_unit);
}
