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

/// Whether two ASCII characters are a face or the like.
int unit_is_face(uint8_t first, uint8_t second);
/// Whether faces may be in the bytes: they are ASCII and hold one of : ; = < '
int unit_may_hold_faces(const unit_text *text, size_t from, size_t to);
/// Puts such pairs together again among the units from `first` on, which are the ASCII bytes from `at` on.
void unit_join_faces(const unit_text *text, size_t at, size_t first, ck_units *units);
#endif
