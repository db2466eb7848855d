#ifndef CK_LINE_TALLY_H
#define CK_LINE_TALLY_H

#include <stddef.h>
#include <stdint.h>

/// Bytes of a line by kind: ASCII letters, marks that source code is full of, lead bytes of Han (E4 to E9) and of all
/// other characters beyond ASCII (from C2), bytes that begin something visible, backslashes and dollar signs.
typedef struct {
  uint32_t letters, symbols, han, wide, visible, backslashes, dollars;
} ck_line_tally;

/// Counts from `from` to the next line feed, or to `limit`, and returns that place.
size_t ck_tally_line(const uint8_t *text, size_t from, size_t limit, ck_line_tally *tally);
size_t ck_tally_line_reference(const uint8_t *text, size_t from, size_t limit, ck_line_tally *tally);

#endif
