#include "ck_bpe.h"
#include "ck_cpu.h"
#include "word_spans.h"
#include "words_internal.h"

typedef struct {
  uint32_t *ends;
  size_t count, base;
} span_list;

static inline void add_end(span_list *list, size_t end, uint32_t cut) {
  list->ends[list->count++] = (uint32_t)(end - list->base) | cut;
}

/// Of a model over characters: the text is one word, cut where no token spans two characters, and before each U+2581
/// where words begin there.
static void cut_characters(const ck_bpe_tables *tables, const uint8_t *text, ck_word_cursor *cursor, size_t end,
                           span_list *list, size_t most) {
  size_t at = cursor->position;
  uint32_t previous = 0, length;
  while (at < end) {
    uint32_t code = decoded(text, at, end, &length);
    if (at > cursor->position) {
      uint32_t bit = ck_join_bit(previous, code);
      int is_mark = tables->rules == CK_WORDS_AT_MARKS && code == 0x2581;
      if (is_mark || !(tables->joints.pairs[bit >> 6] >> (bit & 63) & 1)) {
        add_end(list, at, CK_CUT);
        cursor->position = at;
        if (list->count == most) return;
      }
    }
    previous = code;
    at += length;
  }
  add_end(list, end, 0);
  cursor->position = end;
}

static inline int joined(const ck_joints *joints, uint32_t left, uint32_t right) {
  if (joints->flags[left] & CK_JOINS_AFTER || joints->flags[right] & CK_JOINS_BEFORE) return 1;
  uint32_t bit = ck_join_bit(left, right);
  return joints->pairs[bit >> 6] >> (bit & 63) & 1;
}

/// The ends of the pieces of a word from `at` on; the cursor stays inside the word when there is no room for all.
static void cut_word(const ck_joints *joints, const uint8_t *text, ck_word_cursor *cursor, span_list *list,
                     size_t most) {
  size_t at = cursor->position, end = cursor->word_end;
  uint32_t previous = 0;
  while (at + 2 < end) {
    if ((text[at] & 0xF0) != 0xE0 || !is_tail_byte(text[at + 1]) || !is_tail_byte(text[at + 2])) {
      previous = 0;
      at++;
      continue;
    }
    uint32_t code = (text[at] & 0x0Fu) << 12 | tail_bits(text[at + 1]) << 6 | tail_bits(text[at + 2]);
    if (previous && !joined(joints, previous, code)) {
      add_end(list, at, CK_CUT);
      cursor->position = at;
      if (list->count == most) return;
    }
    previous = code;
    at += 3;
  }
  add_end(list, end, 0);
  cursor->position = end;
  cursor->word_end = 0;
}

/// The code point of an ideograph at `at`, all of which are letters without case: U+4000...U+9FFF less U+4DC0...U+4DFF;
/// else 0.
static inline uint32_t ideograph_at(const uint8_t *text, size_t at, size_t end) {
  if (at + 3 > end || (uint8_t)(text[at] - 0xE4) > 5) return 0;
  if (!is_tail_byte(text[at + 1]) || !is_tail_byte(text[at + 2])) return 0;
  if (text[at] == 0xE4 && text[at + 1] == 0xB7) return 0;
  return (text[at] & 0x0Fu) << 12 | tail_bits(text[at + 1]) << 6 | tail_bits(text[at + 2]);
}

/// The length of what stands before letters in one word: one character that is neither letter, number nor line end,
/// where the rules take it; 0 where there is none.
static inline uint32_t prefix_length(int rules, const uint8_t *text, size_t at, size_t end, uint32_t *code) {
  *code = 0;
  if (rules == CK_WORDS_DEEPSEEK3) return 0;
  if (rules == CK_WORDS_GPT2 || rules == CK_WORDS_STARCODER) return text[at] == ' ';
  if (text[at] == '\n' || text[at] == '\r') return 0;
  if (text[at] < 0x80) return !is_ascii_letter(text[at]) && (uint8_t)(text[at] - '0') > 9;
  uint32_t length;
  *code = decoded(text, at, end, &length);
  if (length != 3) return 0;
  uint8_t classes = ck_unicode_class(*code);
  return classes & (CK_UNICODE_PUNCTUATION | CK_UNICODE_SYMBOL | CK_UNICODE_SPACE) ? 3 : 0;
}

/// A word of ideographs, with a prefix perhaps, cut on the way: most words of Chinese text. Returns 0, with nothing
/// done, where the word might be another.
static inline int ideograph_word(const ck_bpe_tables *tables, const uint8_t *text, ck_word_cursor *cursor, size_t end,
                                 span_list *list, size_t most) {
  size_t at = cursor->position, count = list->count;
  uint32_t previous, code = ideograph_at(text, at, end);
  if (!code) {
    uint32_t prefix = prefix_length(tables->rules, text, at, end, &previous);
    at += prefix;
    if (!prefix || !(code = ideograph_at(text, at, end))) return 0;
    if (prefix == 3 && !joined(&tables->joints, previous, code))
      list->ends[count++] = (uint32_t)(at - list->base) | CK_CUT;
  }
  int is_apart = tables->rules == CK_WORDS_DEEPSEEK3;
  for (;;) {
    if (is_apart && !is_set_apart(code)) return 0;
    at += 3;
    previous = code;
    if (!(code = ideograph_at(text, at, end))) break;
    if (joined(&tables->joints, previous, code)) continue;
    if (count + 1 == most) return 0;
    list->ends[count++] = (uint32_t)(at - list->base) | CK_CUT;
  }
  if (at < end) {
    uint32_t length, next = decoded(text, at, end, &length);
    if (next == '\'' || next == UINT32_MAX || ck_unicode_class(next) & (CK_UNICODE_LETTER | CK_UNICODE_MARK)) return 0;
  }
  list->count = count;
  add_end(list, at, 0);
  cursor->position = at;
  return 1;
}

/// Words of fewer bytes are not worth cutting.
enum { SHORTEST_CUT = 6, BLOCK = 64, FEWEST_KNOWN = 12 };

/// One word, or one block of words.
static inline void next_words(block_reader read, ascii_rules ascii, const ck_bpe_tables *tables, const uint8_t *text,
                              ck_word_cursor *cursor, size_t end, span_list *list, size_t most) {
  size_t at = cursor->position;
  if (read && at + BLOCK < end) {
    block_classes classes = read(text + at);
    uint64_t beyond = classes.beyond | (ascii.stops_at_controls ? classes.control : 0);
    size_t known = beyond ? (size_t)__builtin_ctzll(beyond) : BLOCK;
    if (known >= FEWEST_KNOWN) {
      contraction_bits contractions = {0, 0};
      if (ascii.contractions)
        for (uint64_t left = classes.apostrophe; left; left &= left - 1) {
          size_t place = (size_t)__builtin_ctzll(left);
          piece all = {text, end, PIECE_ANY};
          size_t length = contraction_end(all, at + place, !ascii.is_gpt2) - at - place;
          contractions.one |= (uint64_t)(length == 2) << place;
          contractions.two |= (uint64_t)(length == 3) << place;
        }
      size_t sure;
      uint64_t starts = block_starts(classes, known, ascii, contractions, &sure);
      starts &= (UINT64_C(2) << sure) - 2;
      if (starts) {
        cursor->position = at + 63 - (size_t)__builtin_clzll(starts);
        uint32_t base = (uint32_t)(at - list->base);
        for (; starts; starts &= starts - 1) list->ends[list->count++] = base + (uint32_t)__builtin_ctzll(starts);
        return;
      }
    }
  }
  if (ideograph_word(tables, text, cursor, end, list, most)) return;
  size_t word_end = ck_word_end(tables->rules, text, at, end);
  if (word_end - at >= SHORTEST_CUT && (text[at] >= 0xE0 || text[word_end - 1] >= 0x80)) {
    cursor->word_end = word_end;
    cut_word(&tables->joints, text, cursor, list, most);
  } else {
    add_end(list, word_end, 0);
    cursor->position = word_end;
  }
}

size_t ck_word_spans_at(int level, const ck_bpe_tables *tables, const uint8_t *text, ck_word_cursor *cursor, size_t end,
                        uint32_t *ends, size_t most) {
  span_list list = {ends, 0, cursor->position};
  block_reader read = ck_block_reader(level);
  ascii_rules ascii = ascii_rules_of(tables->rules);
  // Offsets have 31 bits: a batch ends well before.
  while (list.count + BLOCK <= most && cursor->position < end && cursor->position - list.base < (size_t)1 << 30) {
    if (tables->symbols) cut_characters(tables, text, cursor, end, &list, most);
    else if (cursor->word_end) cut_word(&tables->joints, text, cursor, &list, most);
    else next_words(read, ascii, tables, text, cursor, end, &list, most);
  }
  return list.count;
}
