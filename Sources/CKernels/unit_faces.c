// Faces and the like, which stay whole though a rule cut them apart.
#include "unit_affixes.h"

/// By their first character: the second one.
static const char *const faces[] = {":)](}/|1PpOo0*3>XxD", "(:=;", "):", "]=", "[:=", "=)](/|3D", ";)D", "8)", "<3", "''"};
static uint8_t second_of_face[128][16];

__attribute__((constructor)) static void fill_faces(void) {
  for (size_t face = 0; face < sizeof faces / sizeof *faces; face++)
    for (const char *second = faces[face] + 1; *second; second++)
      second_of_face[(uint8_t)faces[face][0]][*second >> 3] |= (uint8_t)(1 << (*second & 7));
}

int unit_is_face(uint8_t first, uint8_t second) {
  return ((first | second) & 0x80) == 0 && second_of_face[first][second >> 3] >> (second & 7) & 1;
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
      uint32_t letters = (units->lengths[unit] | units->lengths[unit + 1]) & CK_UNIT_LETTERS;
      units->hashes[kept] = ck_unit_hash(text->bytes + at, 2);
      units->lengths[kept] = 2 | marks | letters;
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
