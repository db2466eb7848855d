#ifndef UNIT_AFFIXES_H
#define UNIT_AFFIXES_H
#include "unit_parts.h"

// What is cut off a word's ends and between its parts: the rules of spaCy's English tokenizer.

/// Bytes of the prefix of `from`..<`to`, 0 when there is none.
size_t unit_prefix(const unit_text *text, size_t from, size_t to);
/// Bytes of its suffix.
size_t unit_suffix(const unit_text *text, size_t from, size_t to);
/// The first infix at or behind `at` within `from`..<`to`: its start, `to` when there is none, and its length.
size_t unit_infix(const unit_text *text, size_t from, size_t at, size_t to, size_t *length);
#endif
