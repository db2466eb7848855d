#ifndef UNIT_WORD_H
#define UNIT_WORD_H
#include "unit_parts.h"
#include "unit_planes.h"

/// Adds a word of at most 56 ASCII bytes that the planes reach. 0: nothing was added, the slow rules are needed.
int unit_split_ascii(const unit_text *text, size_t at, size_t length, ck_units *units);
#endif
