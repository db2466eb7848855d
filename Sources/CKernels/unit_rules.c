// A word by the general rules: prefixes, suffixes, then infixes in what is left.
#include "unit_affixes.h"

static void push_suffix(ck_units *units, size_t *count, size_t length) {
  // The table is as long as the longest line; a suffix is a byte at least.
  units->suffixes[(*count)++] = (uint32_t)length;
}

/// Cuts prefixes (added at once) and suffixes (kept for later) off; what is left is `from`..<`to`.
static void cut_affixes(const unit_text *text, size_t *from, size_t *to, size_t *suffixes, ck_units *units) {
  while (*from < *to && !unit_has_parts(text, *from, *to, units)) {
    size_t prefix = unit_prefix(text, *from, *to);
    if (prefix && prefix < *to - *from && unit_has_parts(text, *from + prefix, *to, units)) {
      unit_add(text, *from, *from + prefix, units);
      *from += prefix;
      return;
    }
    size_t suffix = unit_suffix(text, *from + prefix, *to);
    if (suffix && suffix < *to - *from && unit_has_parts(text, *from, *to - suffix, units)) {
      push_suffix(units, suffixes, suffix);
      *to -= suffix;
      return;
    }
    if (!prefix && !suffix) return;
    if (prefix) {
      unit_add(text, *from, *from + prefix, units);
      *from += prefix;
    }
    if (suffix && suffix <= *to - *from) {
      push_suffix(units, suffixes, suffix);
      *to -= suffix;
    }
  }
}

static void add_middle(const unit_text *text, size_t from, size_t to, ck_units *units) {
  if (unit_add_parts(text, from, to, units)) return;
  size_t length, infix = unit_infix(text, from, from, to, &length);
  if (infix == to || unit_is_address(text, from, to)) return unit_add(text, from, to, units);
  size_t start = from;
  for (; infix < to; infix = unit_infix(text, from, infix + length, to, &length)) {
    // An infix in front of everything is none.
    if (infix == from) continue;
    if (infix != start) unit_add(text, start, infix, units);
    unit_add(text, infix, infix + length, units);
    start = infix + length;
  }
  if (start < to) unit_add(text, start, to, units);
}

void unit_split_word(const unit_text *text, size_t from, size_t to, ck_units *units) {
  size_t suffixes = 0, start = from, first = units->count;
  cut_affixes(text, &from, &to, &suffixes, units);
  if (from < to) add_middle(text, from, to, units);
  while (suffixes > 0) {
    size_t length = units->suffixes[--suffixes];
    unit_add(text, to, to + length, units);
    to += length;
  }
  if (units->count > first + 1 && unit_may_hold_faces(text, start, to)) unit_join_faces(text, start, first, units);
}
