#include "unit_affixes.h"

static size_t dots(const unit_text *text, size_t at, size_t to) {
  size_t count = 0;
  while (at + count < to && text->bytes[at + count] == '.') count++;
  return count;
}

static int is_digit(uint8_t byte) { return (uint8_t)(byte - '0') <= 9; }

size_t unit_prefix(const unit_text *text, size_t from, size_t to) {
  uint8_t byte = text->bytes[from];
  size_t length;
  uint16_t class = unit_class_at(text, from, &length);
  if (byte == '.') {
    size_t count = dots(text, from, to);
    return count >= 2 ? count : 0;
  }
  if (byte == '+') return from + 1 < to && is_digit(text->bytes[from + 1]) ? 0 : 1;
  if (class & UNIT_PREFIX) return length;
  if (byte == 'U' || byte == 'C' || byte == 'A') {
    if (byte == 'U' && to - from >= 3 && text->bytes[from + 1] == 'S' && text->bytes[from + 2] == '$') return 3;
    if (byte != 'U' && to - from >= 2 && text->bytes[from + 1] == '$') return 2;
  }
  return 0;
}

/// A full stop that ends a word: cut off but behind a single capital or a sign.
static size_t full_stop(const unit_text *text, size_t from, size_t to) {
  size_t count = 0, length;
  while (to - count > from && text->bytes[to - count - 1] == '.') count++;
  if (count >= 2) return count;
  if (to - from < 2) return 0;
  size_t before = unit_back(text, from, to - 1);
  uint16_t class = unit_class_at(text, before, &length);
  if (class & UNIT_STOPPED) return 1;
  if (!(class & UNIT_UPPER) || before == from) return 0;
  size_t second = unit_back(text, from, before);
  return unit_class_at(text, second, &length) & UNIT_UPPER ? 1 : 0;
}

/// Units of measure, which are cut off the number before them.
static int is_measure(const uint8_t *bytes, size_t length) {
  static const char names[] =
    " km km² km³ m m² m³ dm dm² dm³ cm cm² cm³ mm mm² mm³ ha µm nm yd in ft kg g mg µg t lb oz m/s km/h kmh mph hPa Pa "
    "mbar mb MB kb KB gb GB tb TB T G M K % ";
  if (length > 6) return 0;
  char sought[10] = " ";
  memcpy(sought + 1, bytes, length);
  sought[length + 1] = ' ';
  return strstr(names, sought) != 0;
}

/// What stands behind the last digit, when it is a measure.
static size_t measure(const unit_text *text, size_t from, size_t to) {
  size_t at = to;
  while (at > from && to - at < 7 && !is_digit(text->bytes[at - 1])) at--;
  if (at == from || at == to || !is_digit(text->bytes[at - 1])) return 0;
  return is_measure(text->bytes + at, to - at) ? to - at : 0;
}

size_t unit_suffix(const unit_text *text, size_t from, size_t to) {
  if (from >= to) return 0;
  uint8_t byte = text->bytes[to - 1];
  if (byte == '.') return full_stop(text, from, to);
  size_t last = unit_back(text, from, to), length;
  if ((byte | 0x20) == 's' && last > from) {
    // 's and ’s.
    if (text->bytes[last - 1] == '\'') return 2;
    if (last >= from + 3 && !memcmp(text->bytes + last - 3, "\xE2\x80\x99", 3)) return 4;
  }
  if (byte == '+') return last > from && is_digit(text->bytes[last - 1]) ? 1 : 0;
  uint16_t class = unit_class_at(text, last, &length);
  if (class & UNIT_SUFFIX) return to - last;
  if (last == from) return 0;
  if (class & UNIT_CURRENCY && is_digit(text->bytes[last - 1])) return to - last;
  if (class & UNIT_UPPER || class & UNIT_LOWER || byte == '%' || byte >= 0x80) return measure(text, from, to);
  return 0;
}

static uint16_t class_before(const unit_text *text, size_t from, size_t at) {
  size_t length;
  return at > from ? unit_class_at(text, unit_back(text, from, at), &length) : 0;
}

static uint16_t class_behind(const unit_text *text, size_t at, size_t to) {
  size_t length;
  return at < to ? unit_class_at(text, at, &length) : 0;
}

/// Bytes of a hyphen between letters, or a digit and a letter: -, --, ---, ~, en and em dash.
static size_t hyphen(const unit_text *text, size_t at, size_t to, uint16_t before, size_t length) {
  if (!(before & (UNIT_ALPHA | UNIT_DIGIT))) return 0;
  uint8_t byte = text->bytes[at];
  size_t most = byte == '-' ? 3 : byte == 0xE2 && text->bytes[at + 2] == 0x94 ? 2 : 1;
  for (size_t times = 1; times <= most; times++) {
    size_t end = at + times * length;
    if (class_behind(text, end, to) & UNIT_ALPHA) return times * length;
    if (end >= to || memcmp(text->bytes + at, text->bytes + end, length) != 0) return 0;
  }
  return 0;
}

static size_t infix_at(const unit_text *text, size_t from, size_t at, size_t to, uint16_t class, size_t length) {
  uint8_t byte = text->bytes[at];
  if (byte == '.') {
    size_t count = dots(text, at, to);
    if (count >= 2) return count;
    uint16_t before = class_before(text, from, at), behind = class_behind(text, at + 1, to);
    return before & (UNIT_LOWER | UNIT_QUOTE) && behind & (UNIT_UPPER | UNIT_QUOTE) ? 1 : 0;
  }
  if (class & UNIT_ICON || (length == 3 && !(class & UNIT_HYPHEN))) return length;
  uint16_t before = class_before(text, from, at), behind = class_behind(text, at + length, to);
  switch (byte) {
  case '+': case '*': case '^':
    return before & UNIT_DIGIT && (behind & UNIT_DIGIT || (at + 1 < to && text->bytes[at + 1] == '-'));
  case ',': return before & UNIT_ALPHA && behind & UNIT_ALPHA;
  case ':': case '<': case '>': case '=': case '/':
    return before & (UNIT_ALPHA | UNIT_DIGIT) && behind & UNIT_ALPHA;
  case '-':
    if (before & UNIT_DIGIT && at + 1 < to && (behind & UNIT_DIGIT || text->bytes[at + 1] == '-')) return 1;
    return hyphen(text, at, to, before, 1);
  default: return hyphen(text, at, to, before, length);
  }
}

size_t unit_infix(const unit_text *text, size_t from, size_t at, size_t to, size_t *length) {
  for (size_t step; at < to; at += step) {
    uint16_t class = unit_class_at(text, at, &step);
    if (!(class & UNIT_INFIX)) continue;
    *length = infix_at(text, from, at, to, class, step);
    if (*length) return at;
  }
  return to;
}
