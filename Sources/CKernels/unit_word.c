// Words of ASCII by their bit planes: the same rules as unit_affixes.c, for a whole word at once.
#include "unit_word.h"

#include "unit_affixes.h"

/// The planes of a word, its first byte the lowest bit, and where units begin in it.
typedef struct {
  const unit_text *text;
  const unit_planes *planes;
  ck_units *units;
  const uint8_t *bytes;
  size_t at, length;
  uint64_t all, upper, lower, digit, prefix, suffix, stopped, odd;
  uint64_t starts;
} ascii_word;

UNIT_INLINE uint64_t bits(const ascii_word *word, enum unit_plane plane) {
  return unit_bits(word->planes, plane, word->at) & word->all;
}

/// Bits `from`..<`to`, both below 64.
UNIT_INLINE uint64_t range(size_t from, size_t to) { return unit_ones(to) & ~unit_ones(from); }

UNIT_INLINE const uint8_t *parts_of(const ascii_word *word, size_t from, size_t to) {
  const ck_word_parts *parts = word->units->parts;
  const uint32_t *lengths = word->odd & range(from, to) ? parts->odd_lengths_by_first : parts->lengths_by_first;
  size_t length = to - from;
  if (length >= 32 || !(lengths[word->bytes[from]] >> length & 1)) return 0;
  uint64_t first;
  return unit_find_parts(parts, unit_hash_word(word->text, word->at + from, length, &first));
}

UNIT_INLINE size_t prefix_at(const ascii_word *word, size_t from, size_t to) {
  if (!(word->prefix >> from & 1)) return 0;
  return word->bytes[from] == '+' && from + 1 < to && word->digit >> (from + 1) & 1 ? 0 : 1;
}

/// Bytes of the suffix of `from`..<`to`; -1: the slow rules are needed.
UNIT_INLINE int suffix_before(const ascii_word *word, size_t from, size_t to) {
  if (from >= to) return 0;
  uint8_t byte = word->bytes[to - 1];
  size_t length = to - from;
  if (byte == '.') {
    if (length < 2) return 0;
    if (word->stopped >> (to - 2) & 1) return 1;
    return length > 2 && (word->upper >> (to - 3) & 3) == 3;
  }
  if (byte == '+') return length > 1 && word->digit >> (to - 2) & 1;
  if (word->suffix >> (to - 1) & 1) return 1;
  if (length < 2) return 0;
  if ((byte | 0x20) == 's' && word->bytes[to - 2] == '\'') return 2;
  // A unit of measure may be behind a digit.
  int is_measured = (word->upper | word->lower) >> (to - 1) & 1 || byte == '%';
  return is_measured && word->digit & range(from, to - 1) ? -1 : 0;
}

/// Cuts off prefixes and suffixes; what is left is `from`..<`to`. 0: the slow rules are needed.
UNIT_INLINE int cut_affixes(ascii_word *word, size_t *first, size_t *last) {
  size_t from = 0, to = word->length;
  const uint8_t *known = parts_of(word, from, to);
  while (from < to && !known) {
    size_t prefix = prefix_at(word, from, to);
    int suffix = suffix_before(word, from + prefix, to);
    if (suffix < 0) return 0;
    if (!prefix && !suffix) break;
    size_t start = from + prefix, end = to - (size_t)suffix;
    if (prefix && start < to && (known = parts_of(word, start, to)) != 0) end = to;
    else if (suffix && from < end && (known = parts_of(word, from, end)) != 0) start = from;
    else if (prefix && suffix && start < end) known = parts_of(word, start, end);
    word->starts |= (uint64_t)1 << start | (uint64_t)1 << end;
    from = start;
    to = end;
  }
  for (int part = 0; known && part < 3 && known[part]; from += known[part++]) word->starts |= (uint64_t)1 << from;
  *first = from;
  *last = to;
  return 1;
}

/// Where nothing but marks is around a core of letters and digits, they are cut off at once: no step of the loop above
/// can find an abbreviation or face in between. 0: it has to be gone through.
UNIT_INLINE int cut_marks(ascii_word *word, size_t *first, size_t *last) {
  uint64_t alpha = word->upper | word->lower, core = alpha | word->digit, dot = bits(word, PLANE_DOT);
  if (!core || (word->odd | core | dot) != word->all) return 0;
  size_t from = (size_t)__builtin_ctzll(core), to = 64 - (size_t)__builtin_clzll(core), length = to - from;
  uint64_t inside = range(from, to), suffixes = (word->suffix & word->odd) | dot;
  int is_plain = (core & inside) == inside && length > 1 && (from == 0 || alpha >> from & 1);
  // Faces and the like with marks have no core as long as that, but for <space>.
  if (!(is_plain || length >= 8) || (length == 5 && word->bytes[from] == 's')) return 0;
  if (word->digit && !(word->digit >> (to - 1) & 1)) return 0;
  if ((word->prefix & unit_ones(from)) != unit_ones(from) || (suffixes | unit_ones(to)) != word->all) return 0;
  // A plus is a sign in front of a digit, and no suffix but behind one.
  if (bits(word, PLANE_SIGN) & word->suffix & ~bits(word, PLANE_PUNCTUATION)) return 0;
  if (dot >> to & 1 && (!(word->stopped >> (to - 1) & 1) || parts_of(word, from, to + 1))) return 0;
  const uint8_t *known = parts_of(word, from, to);
  word->starts |= (unit_ones(from + 1)) | (word->all & ~unit_ones(to));
  for (int part = 0; known && part < 3 && known[part]; from += known[part++]) word->starts |= (uint64_t)1 << from;
  *first = from;
  *last = to;
  return 1;
}

/// Where infixes are in `from`..<`to`.
UNIT_INLINE uint64_t infixes(const ascii_word *word, size_t from, size_t to) {
  uint64_t inside = range(from, to), digit = word->digit & inside;
  uint64_t alpha = (word->upper | word->lower) & inside, either = alpha | digit;
  uint64_t hyphen = bits(word, PLANE_HYPHEN) & inside, quote = bits(word, PLANE_QUOTE) & inside;
  uint64_t joint = bits(word, PLANE_JOINT) & either << 1 & alpha >> 1;
  uint64_t sign = bits(word, PLANE_SIGN) & digit << 1 & (digit | hyphen) >> 1;
  uint64_t comma = bits(word, PLANE_COMMA) & alpha << 1 & alpha >> 1;
  uint64_t dot = bits(word, PLANE_DOT) & ((word->lower & inside) | quote) << 1 & ((word->upper & inside) | quote) >> 1;
  return (joint | sign | comma | dot) & inside;
}

static int has_face(const ascii_word *word) {
  uint64_t places = bits(word, PLANE_FACE) & bits(word, PLANE_FACE_END) >> 1;
  for (; places; places &= places - 1) {
    size_t at = (size_t)__builtin_ctzll(places);
    if (unit_is_face(word->bytes[at], word->bytes[at + 1])) return 1;
  }
  return 0;
}

/// Runs of full stops and hyphens, prices and faces have rules of their own.
UNIT_INLINE int is_common(const ascii_word *word) {
  uint64_t dot = bits(word, PLANE_DOT), hyphen = bits(word, PLANE_HYPHEN);
  return !((dot & dot >> 1) | (hyphen & hyphen >> 1) | bits(word, PLANE_DOLLAR)) && !has_face(word);
}

UNIT_INLINE void add_unit(const ascii_word *word, uint64_t mark, uint64_t punctuation, size_t from, size_t to) {
  uint64_t inside = range(from, to);
  size_t length = to - from;
  ck_units *units = word->units;
  if (length == 1 && mark & inside) return unit_add_mark(word->bytes[from], units);
  uint64_t first, hash = unit_hash_word(word->text, word->at + from, length, &first);
  uint64_t alpha = (word->upper | word->lower) & inside;
  if (alpha == inside) return unit_add_letters(length, hash, first, units);
  int is_mark = (mark & inside) == inside;
  uint32_t flags = (is_mark ? CK_UNIT_MARK : 0) | ((punctuation & inside) == inside ? CK_UNIT_PUNCTUATION : 0);
  unit_push(units, hash, (uint32_t)length | flags | (alpha ? CK_UNIT_LETTERS : 0));
}

int unit_split_ascii(const unit_text *text, size_t at, size_t length, ck_units *units) {
  ascii_word word = {.text = text, .planes = units->planes, .units = units, .bytes = text->bytes + at, .at = at,
                     .length = length, .all = unit_ones(length), .starts = 1};
  if (!is_common(&word)) return 0;
  word.upper = bits(&word, PLANE_UPPER);
  word.lower = bits(&word, PLANE_LOWER);
  word.digit = bits(&word, PLANE_DIGIT);
  word.prefix = bits(&word, PLANE_PREFIX);
  word.suffix = bits(&word, PLANE_SUFFIX);
  word.stopped = bits(&word, PLANE_STOPPED);
  word.odd = bits(&word, PLANE_ODD);
  size_t from, to;
  if (!cut_marks(&word, &from, &to) && !cut_affixes(&word, &from, &to)) return 0;
  if (from < to) {
    uint64_t found = infixes(&word, from, to);
    int is_whole = found && bits(&word, PLANE_DOT) & range(from, to) && unit_is_address(text, at + from, at + to);
    if (!is_whole) word.starts |= found | found << 1;
  }
  uint64_t mark = bits(&word, PLANE_MARK), punctuation = bits(&word, PLANE_PUNCTUATION);
  word.starts = (word.starts & word.all) | (uint64_t)1 << length;
  for (uint64_t starts = word.starts, next; (next = starts & (starts - 1)) != 0; starts = next)
    add_unit(&word, mark, punctuation, (size_t)__builtin_ctzll(starts), (size_t)__builtin_ctzll(next));
  return 1;
}
