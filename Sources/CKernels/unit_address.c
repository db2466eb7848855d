// Web addresses, which no infix splits: an optional scheme and user, a host (names or four numbers), port and path.
#include "unit_parts.h"

static int is_word(uint8_t byte) {
  return (uint8_t)(byte - '0') <= 9 || (uint8_t)((byte | 0x20) - 'a') <= 25 || byte >= 0x80 || byte == '_';
}
static int is_name(uint8_t byte) { return byte != '_' && is_word(byte); }

/// What may stand behind a host: nothing, a port of two to five digits, a path, a query, a fragment.
static int is_rest(const uint8_t *p, const uint8_t *end) {
  if (p < end && *p == ':') {
    size_t digits = 0;
    for (p++; p < end && (uint8_t)(*p - '0') <= 9; p++) digits++;
    if (digits < 2 || digits > 5) return 0;
  }
  return p == end || *p == '/' || *p == '?' || *p == '#';
}

static int is_label(const uint8_t *p, const uint8_t *end) {
  return p < end && end - p <= 64 && is_name(p[0]) && is_name(end[-1]);
}

static int is_top_level(const unit_text *text, const uint8_t *p, const uint8_t *end) {
  size_t characters = 0, length;
  for (size_t at = (size_t)(p - text->bytes), to = (size_t)(end - text->bytes); at < to; at += length, characters++)
    if (!(unit_class_at(text, at, &length) & UNIT_LOWER)) return 0;
  return characters >= 2 && characters <= 63;
}

static int is_named_host(const unit_text *text, const uint8_t *p, const uint8_t *end) {
  const uint8_t *stop = p, *dot = 0, *label = p;
  for (; stop < end && (is_word(*stop) || *stop == '-' || *stop == '.'); stop++)
    if (*stop == '.') {
      if (!is_label(label, stop)) return 0;
      dot = stop;
      label = stop + 1;
    }
  return dot && is_top_level(text, dot + 1, stop) && is_rest(stop, end);
}

/// Four numbers that are no private network's.
static int is_numbered_host(const uint8_t *p, const uint8_t *end) {
  unsigned parts[4];
  for (int part = 0; part < 4; part++) {
    unsigned value = 0, digits = 0;
    for (; p < end && (uint8_t)(*p - '0') <= 9 && digits < 4; p++, digits++) value = value * 10 + (*p - '0');
    if (!digits || digits > 3 || value > 255) return 0;
    parts[part] = value;
    if (part < 3 && (p >= end || *p++ != '.')) return 0;
  }
  if (parts[0] == 0 || parts[0] > 223 || parts[0] == 10 || parts[0] == 127 || parts[3] == 0 || parts[3] > 254) return 0;
  if ((parts[0] == 169 && parts[1] == 254) || (parts[0] == 192 && parts[1] == 168)) return 0;
  if (parts[0] == 172 && parts[1] >= 16 && parts[1] <= 31) return 0;
  return is_rest(p, end);
}

static int is_host(const unit_text *text, const uint8_t *p, const uint8_t *end) {
  return is_named_host(text, p, end) || is_numbered_host(p, end);
}

static int is_host_with_user(const unit_text *text, const uint8_t *p, const uint8_t *end) {
  for (const uint8_t *at = end - 1; at > p; at--)
    if (*at == '@' && is_host(text, at + 1, end)) return 1;
  return is_host(text, p, end);
}

int unit_is_address(const unit_text *text, size_t from, size_t to) {
  const uint8_t *p = text->bytes + from, *end = text->bytes + to, *scheme = p;
  if (!memchr(p, '.', to - from)) return 0;
  while (scheme < end && (is_word(*scheme) || *scheme == '+' || *scheme == '-' || *scheme == '.')) scheme++;
  if (scheme - p >= 2 && end - scheme > 3 && !memcmp(scheme, "://", 3) && is_host_with_user(text, scheme + 3, end))
    return 1;
  return is_host_with_user(text, p, end);
}
