#include "ck_candidates.h"
#include "candidates_internal.h"

typedef struct {
  const uint8_t *bytes;
  size_t count;
} text_view;

// Offsets below 0 wrap around and are beyond the end too.
static uint8_t at(const text_view *text, size_t index) { return index < text->count ? text->bytes[index] : 0; }
static int is_digit(uint8_t byte) { return (uint8_t)(byte - '0') <= 9; }
static int is_capital(uint8_t byte) { return (uint8_t)(byte - 'A') <= 25; }
static int is_code(uint8_t byte) { return is_digit(byte) || is_capital(byte); }
static int is_hex(uint8_t byte) { return is_digit(byte) || (uint8_t)((byte | 0x20) - 'a') <= 5; }
static int is_hex_colon(uint8_t byte) { return is_hex(byte) || byte == ':'; }

static int digits(const text_view *text, size_t from, size_t length) {
  for (size_t i = 0; i < length; i++)
    if (!is_digit(at(text, from + i))) return 0;
  return 1;
}

static int is_number(const text_view *text, size_t i) {
  if (at(text, i) == '+') return is_digit(at(text, i + 1));
  if (!digits(text, i, 3)) return 0;
  if (!is_digit(at(text, i - 1)) && digits(text, i, 7)) return 1;
  uint8_t separator = at(text, i + 3);
  if ((separator == ' ' || separator == '-' || separator == '.') && digits(text, i + 4, 4)) return 1;
  return separator == '-' && digits(text, i + 4, 2) && at(text, i + 6) == '-' && digits(text, i + 7, 4);
}

static int is_inner_dot(const text_view *text, size_t i) {
  return at(text, i) == '.' && is_digit(at(text, i - 1)) && is_digit(at(text, i + 1));
}

static int is_dotted(const text_view *text, size_t i) {
  return is_inner_dot(text, i) &&
         (is_inner_dot(text, i + 2) || is_inner_dot(text, i + 3) || is_inner_dot(text, i + 4));
}

static int is_colons(const text_view *text, size_t i) {
  uint8_t mark = at(text, i);
  if ((mark == ':' || mark == '-') && at(text, i + 3) == mark && at(text, i + 6) == mark && is_hex(at(text, i + 1)) &&
      is_hex(at(text, i + 4)))
    return 1;
  if (is_hex_colon(at(text, i - 1))) return 0;
  int colon = 0;
  for (size_t k = 0; k < 7; k++) {
    uint8_t byte = at(text, i + k);
    if (!is_hex_colon(byte)) return 0;
    colon |= byte == ':' && k < 5;
  }
  return colon;
}

static int is_plate(const text_view *text, size_t i) {
  if (!is_capital(at(text, i)) || at(text, i - 1) < 0x80) return 0;
  if (at(text, i + 1) == 0xC2 && at(text, i + 2) == 0xB7) return 1;
  for (size_t k = 1; k <= 5; k++)
    if (!is_code(at(text, i + k))) return 0;
  return 1;
}

static int is_long_code(const text_view *text, size_t i) {
  if (is_code(at(text, i - 1))) return 0;
  for (size_t k = 0; k < 15; k++)
    if (!is_code(at(text, i + k))) return 0;
  return 1;
}

static uint8_t shapes(const text_view *text, size_t i) {
  return (uint8_t)((at(text, i) == '@' ? CK_AT : 0) | (is_number(text, i) ? CK_NUMBER : 0) |
                   (is_dotted(text, i) ? CK_DOTTED : 0) | (is_colons(text, i) ? CK_COLONS : 0) |
                   (is_plate(text, i) ? CK_PLATE : 0) | (is_long_code(text, i) ? CK_CODE : 0));
}

static int is_letter(uint8_t byte) { return (uint8_t)((byte | 0x20) - 'a') <= 25; }
static int begins_word(const text_view *text, size_t i) {
  uint8_t here = at(text, i), before = at(text, i - 1);
  return (is_letter(here) && !is_letter(before)) || (is_capital(here) && !is_capital(before));
}

static int is_literal(const text_view *text, size_t i, const ck_literals *literals) {
  uint8_t sets = begins_word(text, i) ? 0xFF : 0xF0;
  uint32_t four = 0;
  for (size_t k = 0; k < 4; k++) {
    uint8_t byte = at(text, i + k);
    sets &= literals->low[k][byte & 15] & literals->high[k][byte >> 4];
    four |= (uint32_t)byte << (8 * k);
  }
  uint32_t hash = ck_literal_hash(four);
  return sets && (literals->hashes[hash >> 6] >> (hash & 63) & 1);
}

size_t ck_candidates_reference(const uint8_t *bytes, size_t from, size_t count, const ck_literals *literals,
                               ck_candidate *found, size_t capacity, size_t *next) {
  text_view text = {bytes, count};
  size_t written = 0, index = from;
  for (; index < count && written < capacity; index++) {
    int all = shapes(&text, index) | (is_literal(&text, index, literals) ? CK_LITERAL : 0);
    if (!all) continue;
    found[written].place = index;
    found[written++].shapes = (uint8_t)all;
  }
  *next = index;
  return written;
}

size_t ck_candidates(const uint8_t *bytes, size_t from, size_t count, const ck_literals *literals, ck_candidate *found,
                     size_t capacity, size_t *next) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512bw"))
    return ck_candidates_avx512(bytes, from, count, literals, found, capacity, next);
  if (__builtin_cpu_supports("avx2"))
    return ck_candidates_avx2(bytes, from, count, literals, found, capacity, next);
#endif
  return ck_candidates_reference(bytes, from, count, literals, found, capacity, next);
}
