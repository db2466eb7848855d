#ifndef CK_EMOJI_H
#define CK_EMOJI_H

#include <stddef.h>
#include <stdint.h>

// Names of pictographs, Unicode 16.0: ascending code points times two, plus one for those that are pictures only with
// a variation selector behind them; where each name begins; the names, each with a space behind it.
extern const uint32_t ck_emoji_points[];
extern const size_t ck_emoji_count;
extern const uint16_t ck_emoji_starts[];
extern const char ck_emoji_names[];

/// The name of a picture, words joined by `_`, a space behind it; NULL when the code point is none.
/// `selected`: a variation selector 16 follows.
static inline const char *ck_emoji_name(uint32_t code_point, int selected) {
  size_t low = 0, high = ck_emoji_count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (ck_emoji_points[middle] / 2 < code_point) low = middle + 1;
    else high = middle;
  }
  if (low == ck_emoji_count || ck_emoji_points[low] / 2 != code_point) return NULL;
  return selected || ck_emoji_points[low] % 2 == 0 ? ck_emoji_names + ck_emoji_starts[low] : NULL;
}

#endif
