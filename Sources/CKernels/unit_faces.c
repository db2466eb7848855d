// Faces and the like, which stay whole though a rule cut them apart.
#include "unit_affixes.h"

/// Faces and the like of two characters, which stay whole though a rule cut them apart.
int unit_is_face(uint8_t first, uint8_t second) {
  const char *seconds;
  switch (first) {
  case ':': seconds = ")](}/|1PpOo0*3>XxD"; break;
  case '(': seconds = ":=;"; break;
  case ')': case ']': seconds = first == ')' ? ":" : "="; break;
  case '[': seconds = ":="; break;
  case '=': seconds = ")](/|3D"; break;
  case ';': seconds = ")D"; break;
  case '8': seconds = ")"; break;
  case '<': seconds = "3"; break;
  case '\'': seconds = "'"; break;
  default: return 0;
  }
  return strchr(seconds, second) != 0;
}

/// Two quotes are one unit, more are not.
static int is_longer_run(const unit_text *text, size_t at, size_t from) {
  if (text->bytes[at] != '\'') return 0;
  return (at > from && text->bytes[at - 1] == '\'') || (at + 2 < text->count && text->bytes[at + 2] == '\'');
}

/// Puts such pairs together again among the units from `first` on, which are the ASCII bytes from `at` on.
void unit_join_faces(const unit_text *text, size_t at, size_t first, ck_units *units) {
  size_t kept = first, from = at;
  for (size_t unit = first; unit < units->count; unit++, kept++) {
    uint32_t length = units->lengths[unit];
    units->hashes[kept] = units->hashes[unit];
    units->lengths[kept] = length;
    length &= CK_UNIT_LENGTH;
    int is_pair = length == 1 && unit + 1 < units->count && (units->lengths[unit + 1] & CK_UNIT_LENGTH) == 1 &&
                  unit_is_face(text->bytes[at], text->bytes[at + 1]) && !is_longer_run(text, at, from);
    if (is_pair) {
      uint32_t marks = units->lengths[unit] & units->lengths[unit + 1] & (CK_UNIT_MARK | CK_UNIT_PUNCTUATION);
      units->hashes[kept] = ck_unit_hash(text->bytes + at, 2);
      units->lengths[kept] = 2 | marks;
      if (!(marks & CK_UNIT_MARK)) units->word_characters++;
      unit++;
      length = 2;
    }
    at += length;
  }
  units->count = kept;
}

/// Whether faces may be in the bytes: they are ASCII and hold one of : ; = < '
int unit_may_hold_faces(const unit_text *text, size_t from, size_t to) {
  uint16_t any = 0;
  for (size_t at = from; at < to; at++) {
    if (text->bytes[at] >= 0x80) return 0;
    any |= unit_ascii_classes[text->bytes[at]];
  }
  return any & UNIT_FACE ? 1 : 0;
}
