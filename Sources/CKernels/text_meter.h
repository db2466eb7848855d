#ifndef TEXT_METER_H
#define TEXT_METER_H
#include "ck_text_measures.h"
#include "unit_text.h"

// Characters below U+10000 have a counter each, the others share some.
enum { TEXT_COUNTERS = 0x14000, TEXT_PREFIX = 1024, TEXT_LOGARITHMS = 1024 };

/// Repetition is measured in windows of so many units: longer than any document of the rules' 100,000 words.
enum { TEXT_WINDOW = 1 << 18 };

/// A set of 64-bit hashes.
typedef struct {
  uint64_t *slots;
  size_t capacity, mask, used;
} text_hash_set;

struct ck_text_meter {
  const uint8_t *stop_places;
  /// How often each character is there; all zero between two texts.
  uint32_t *counters;
  /// Those of ASCII, in four tables that are summed up into the counters.
  uint32_t ascii[4][128];
  /// The characters beyond ASCII that are there.
  uint32_t *seen;
  size_t seen_count;
  ck_units units;
  /// The next place where one of C4's phrases may be, once it was looked for.
  size_t suspect;
  int suspect_known;
  text_hash_set lines, paragraphs;
  ck_repetition_memory repetition;
  /// n ln n of small n.
  double logarithms[TEXT_LOGARITHMS];
  /// Whether by the reference twins, and CK_PLAIN, CK_AVX2 or CK_AVX512.
  int plain, level;
};

/// A line and what is counted of it.
typedef struct {
  /// Where it ends: at a line feed, or at the end of the text; what is left of it without white space at its ends.
  size_t to, start, end;
  /// Of the whole line; of what is left, bytes that begin characters above the space, wide characters and ASCII digits.
  uint64_t characters, visible, wide, digits;
  uint64_t hash;
} text_line;

/// The line that begins at `from`, by what a CPU of a level has. Hashes of one level can be compared.
text_line text_next_line(const unit_text *text, size_t from, int level);

void text_count_characters(ck_text_meter *meter, const uint8_t *text, size_t count, ck_text_measures *measures);
void text_count_marks(const uint8_t *text, size_t count, int plain, ck_text_measures *measures);
void text_count_lines(ck_text_meter *meter, const uint8_t *text, size_t count, ck_text_measures *measures);
/// Whether a line may end as C4 has it: most lines of code do not.
int text_may_end_well(const unit_text *text, size_t from, size_t to);
/// What C4 makes of such a line, whose units are those from `first_unit` on.
void text_judge_c4_line(ck_text_meter *meter, const unit_text *text, size_t from, size_t to, size_t first_unit,
                        ck_text_measures *measures);
/// Whether one of C4's phrases may be in the bytes; asked for one line after the other.
int text_may_hold_phrase(ck_text_meter *meter, const unit_text *text, size_t from, size_t to);

/// Adds up the units that are not marks alone; returns how many of them are ideographs.
uint64_t text_count_words(const ck_units *units, int level, ck_text_measures *measures);
/// How often the most common unit is there: of the fullest of many buckets, the unit that is there most.
uint64_t text_most_common(const ck_units *units, int level);

/// Makes room for the units of so many bytes; a full window is measured first.
void text_reserve_units(ck_text_meter *meter, size_t bytes, ck_text_measures *measures);

/// Makes room for so many hashes and empties the set.
void text_set_clear(text_hash_set *set, size_t most);
/// 1 when the hash is new.
static inline int text_set_insert(text_hash_set *set, uint64_t hash) {
  uint64_t key = hash ? hash : 1;
  size_t at = (key * 0xD6E8FEB86659FD93u >> 24) & set->mask;
  while (__builtin_expect((set->slots[at] != 0) & (set->slots[at] != key), 0)) at = (at + 1) & set->mask;
  int is_new = !set->slots[at];
  set->slots[at] = key;
  return is_new;
}
#endif
