// Words of ASCII, many at a time. What most words are, letters and digits with marks around them, is found for all
// words of 56 bytes at once by their bit planes: where the marks in front end, where those behind begin, where infixes
// are. A word about which the general rules may say anything else is left to them.
#include "unit_word.h"

typedef struct {
  const unit_text *text;
  const unit_planes *planes;
  ck_units *units;
  /// The first byte, which the lowest bit of everything below is about.
  size_t at;
  /// Bytes of the words; first bytes; the white space behind each, words that the general rules split among them.
  uint64_t all, starts, ends, slow_ends;
  /// What is left without marks at both ends, its first and last bytes.
  uint64_t core, first, last;
  uint64_t behind, infix;
} word_window;

UNIT_INLINE uint64_t bits(const word_window *window, enum unit_plane plane) {
  return unit_bits(window->planes, plane, window->at);
}

/// Bits behind the runs of `all` in which there is one of `some`.
UNIT_INLINE uint64_t behind_runs(uint64_t all, uint64_t some) { return (all + (all & some)) & ~all; }

/// The highest of the bits up to `bit`.
UNIT_INLINE size_t highest_upto(uint64_t set, size_t bit) {
  return 63 - (size_t)__builtin_clzll(set & unit_ones(bit + 1));
}

/// The suffixes that reach to the end of words: up to eight marks.
UNIT_INLINE uint64_t marks_behind(uint64_t marks, uint64_t ends) {
  uint64_t found = marks & ends >> 1;
  found |= marks & found >> 1;
  marks &= marks >> 1;
  found |= marks & found >> 2;
  marks &= marks >> 2;
  return found | (marks & found >> 4);
}

/// Parts the words into marks in front, core and marks behind; and notes those that the general rules have to split.
UNIT_INLINE void part_words(word_window *window) {
  uint64_t all = window->all, single = window->starts & window->ends >> 1;
  uint64_t prefixes = bits(window, PLANE_LEAD) & all, suffixes = bits(window, PLANE_TRAIL) & all;
  uint64_t front = prefixes & ~(prefixes + (prefixes & window->starts));
  uint64_t behind = marks_behind(suffixes, window->ends);
  uint64_t core = all & ~front & ~behind, first = core & ~(core << 1), last = core & ~(core >> 1);
  uint64_t alpha = bits(window, PLANE_ALPHA), digit = bits(window, PLANE_DIGIT) & core;
  uint64_t slow = bits(window, PLANE_SLOW) | (suffixes & behind >> 1 & ~behind);
  // A core begins and ends with a letter or digit, and is not one alone: faces are.
  slow |= ((first | last) & ~(alpha | digit)) | (first & last);
  // Behind a digit may be a unit of measure; in front of one, a sign.
  slow |= (behind_runs(core, digit) >> 1 & alpha & last) | (first & digit & ~window->starts);
  // A full stop behind a capital may be part of it. <space> is a word.
  slow |= (last & bits(window, PLANE_UPPER)) << 1 & behind & bits(window, PLANE_DOT);
  slow |= first & bits(window, PLANE_LESS) << 1;
  // Nothing but marks, and not such that are all cut off in front.
  uint64_t none = window->ends & ~behind_runs(all, alpha | bits(window, PLANE_DIGIT)) & behind_runs(all, ~front);
  window->slow_ends = (behind_runs(all, slow & ~single) | none) & ~(single << 1);
  window->core = core;
  window->first = first;
  window->last = last;
  window->behind = behind;
  window->infix = bits(window, PLANE_INFIX) & core & ~first & ~last;
}

/// Whether the bytes from `from` on that end somewhere in `last`...`end` are known to have parts.
UNIT_INLINE int has_known_parts(const word_window *window, size_t from, size_t last, size_t end) {
  const ck_word_parts *parts = window->units->parts;
  uint8_t byte = window->text->bytes[window->at + from];
  uint64_t lengths = parts->lengths_by_first[byte] | parts->odd_lengths_by_first[byte];
  for (lengths &= unit_ones(end - from + 1) & ~unit_ones(last - from); lengths; lengths &= lengths - 1) {
    size_t at = window->at + from, length = (size_t)__builtin_ctzll(lengths);
    if (unit_look_for_parts(window->text, at, at + length, window->units)) return 1;
  }
  return 0;
}

/// Looks at cores with marks in them and at those with a full stop behind: abbreviations and the like are left to the
/// general rules. Nothing like that begins with a mark in front of such a core.
UNIT_INLINE void look_at_cores(word_window *window) {
  uint64_t dots = bits(window, PLANE_DOT);
  uint64_t marks = window->core & ~(bits(window, PLANE_ALPHA) | bits(window, PLANE_DIGIT));
  uint64_t marked = behind_runs(window->core, marks) >> 1, stopped = window->last & (window->behind & dots) >> 1;
  // Addresses are not split; there is a full stop in each.
  uint64_t split = behind_runs(window->core, window->infix) & behind_runs(window->core, dots & window->core);
  for (uint64_t looked = marked | stopped; looked; looked &= looked - 1) {
    size_t last = (size_t)__builtin_ctzll(looked), from = highest_upto(window->first, last);
    uint64_t ends = window->ends & ~unit_ones(last + 1);
    size_t end = (size_t)__builtin_ctzll(ends);
    if (has_known_parts(window, from, last + 1, marked >> last & 1 ? end : last + 2)) window->slow_ends |= ends & -ends;
    if (split >> (last + 1) & 1 && unit_is_address(window->text, window->at + from, window->at + last + 1))
      window->infix &= ~unit_ones(last + 1) | unit_ones(from);
  }
}

/// What units are told by.
typedef struct {
  uint64_t alpha, mark, punctuation, ends;
} unit_kinds;

UNIT_INLINE void add_unit(const word_window *window, const unit_kinds *kinds, size_t from, size_t to) {
  ck_units *units = window->units;
  uint64_t inside = unit_ones(to) & ~unit_ones(from), begin = (uint64_t)1 << from;
  size_t length = to - from, at = window->at + from;
  uint64_t first, hash = unit_hash_word(window->text, at, length, &first);
  // Both at once: either alone is true too often to be foreseen.
  uint64_t may = units->parts->sieve[(hash & UNIT_SIEVE) >> 6] >> (hash & 63);
  may &= units->parts->lengths_by_first[window->text->bytes[at]] >> (length & 31);
  if (__builtin_expect(may & 1, 0) && begin & window->first && window->last >> (to - 1) & 1 &&
      unit_add_parts(window->text, at, at + length, units))
    return;
  uint32_t flags = (uint32_t)length;
  flags |= inside & kinds->alpha ? CK_UNIT_LETTERS : 0;
  flags |= inside & ~kinds->mark ? 0 : CK_UNIT_MARK;
  flags |= inside & ~kinds->punctuation ? 0 : CK_UNIT_PUNCTUATION;
  flags |= begin & kinds->ends ? CK_UNIT_ENDS : 0;
  unit_push(units, hash, flags);
  // Only letters are the letters of a known word.
  unit_note_known_word(first, units);
}

static void add_words(word_window *window) {
  uint64_t infixes = window->infix | (window->infix << 1 & window->core);
  // Each mark around a core is a unit, and so is a mark that is a word.
  uint64_t units = (window->all & ~window->core) | window->first | infixes, stops = units | window->ends;
  unit_kinds kinds = {bits(window, PLANE_ALPHA), bits(window, PLANE_MARK), bits(window, PLANE_PUNCTUATION),
                      bits(window, PLANE_ENDS)};
  for (uint64_t slow = window->slow_ends;; slow &= slow - 1) {
    size_t end = slow ? (size_t)__builtin_ctzll(slow) : 63, start = slow ? highest_upto(window->starts, end) : 63;
    for (uint64_t some = units & unit_ones(start); some; some &= some - 1) {
      size_t from = (size_t)__builtin_ctzll(some);
      add_unit(window, &kinds, from, (size_t)__builtin_ctzll(stops & (uint64_t)-2 << from));
    }
    if (!slow) return;
    unit_split_known_ascii(window->text, window->at + start, window->at + end, window->units);
    units &= ~unit_ones(end);
  }
}

size_t unit_split_window(const unit_text *text, size_t at, size_t to, ck_units *units) {
  word_window window = {.text = text, .planes = units->planes, .units = units, .at = at};
  size_t limit = to - at < PLANE_LONGEST ? to - at : PLANE_LONGEST;
  uint64_t white = bits(&window, PLANE_WHITE), beyond = bits(&window, PLANE_BEYOND) & unit_ones(limit);
  if (beyond) limit = (size_t)__builtin_ctzll(beyond);
  // The end of the text, or an ideograph, ends a word as white space does.
  if (at + limit == to || (beyond && unit_parts_words(text, at + limit))) white |= (uint64_t)1 << limit;
  uint64_t black = ~white & unit_ones(limit), ends = black << 1 & white;
  if (!ends) return black ? (size_t)__builtin_ctzll(black) : limit;
  size_t last = 63 - (size_t)__builtin_clzll(ends);
  window.all = black & unit_ones(last);
  window.starts = window.all & ~(window.all << 1);
  window.ends = ends;
  part_words(&window);
  look_at_cores(&window);
  add_words(&window);
  uint64_t rest = black & ~unit_ones(last);
  return rest ? (size_t)__builtin_ctzll(rest) : limit;
}
