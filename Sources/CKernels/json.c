#include "ck_json.h"

#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

static int is_plain(uint8_t byte) { return byte >= 0x20 && byte != '"' && byte != '\\'; }

size_t ck_json_string_end_reference(const uint8_t *bytes, size_t from, size_t count) {
  while (from < count) {
    if (bytes[from] == '\\') from += 2;
    else if (!is_plain(bytes[from])) return from;
    else from++;
  }
  return count;
}

/// The four digits at `from`; 0 when they are none.
static int hexadecimal(const uint8_t *bytes, size_t from, size_t count, uint32_t *value) {
  if (from + 4 > count) return 0;
  *value = 0;
  for (size_t i = from; i < from + 4; i++) {
    uint8_t byte = bytes[i], letter = byte | 0x20;
    if (byte >= '0' && byte <= '9') *value = *value << 4 | (uint32_t)(byte - '0');
    else if (letter >= 'a' && letter <= 'f') *value = *value << 4 | (uint32_t)(letter - 'a' + 10);
    else return 0;
  }
  return 1;
}

static size_t put(uint32_t scalar, uint8_t *out) {
  if (scalar < 0x80) return out[0] = (uint8_t)scalar, 1;
  if (scalar < 0x800) {
    out[0] = (uint8_t)(0xC0 | scalar >> 6);
    return out[1] = (uint8_t)(0x80 | (scalar & 0x3F)), 2;
  }
  if (scalar < 0x10000) {
    out[0] = (uint8_t)(0xE0 | scalar >> 12);
    out[1] = (uint8_t)(0x80 | (scalar >> 6 & 0x3F));
    return out[2] = (uint8_t)(0x80 | (scalar & 0x3F)), 3;
  }
  out[0] = (uint8_t)(0xF0 | scalar >> 18);
  out[1] = (uint8_t)(0x80 | (scalar >> 12 & 0x3F));
  out[2] = (uint8_t)(0x80 | (scalar >> 6 & 0x3F));
  return out[3] = (uint8_t)(0x80 | (scalar & 0x3F)), 4;
}

/// Where the text goes, and what is told of it.
typedef struct {
  uint8_t *out;
  size_t written, unicode;
} sink;

/// `\u` and four digits at `from`, a surrogate pair taken together; `from` when its digits are none.
static size_t unicode(const uint8_t *bytes, size_t from, size_t count, sink *to) {
  uint32_t first, second;
  if (!hexadecimal(bytes, from + 2, count, &first)) return from;
  size_t next = from + 6;
  if ((first & 0xFC00) == 0xD800 && next + 1 < count && bytes[next] == '\\' && bytes[next + 1] == 'u') {
    if (!hexadecimal(bytes, next + 2, count, &second)) return from;
    if ((second & 0xFC00) == 0xDC00) {
      to->written += put(0x10000 + ((first & 0x3FF) << 10) + (second & 0x3FF), to->out + to->written);
      return next + 6;
    }
  }
  to->written += put((first & 0xF800) == 0xD800 ? 0xFFFD : first, to->out + to->written);
  return next;
}

/// The offset behind the escape at `from`, or `from` when it is none.
static size_t escape(const uint8_t *bytes, size_t from, size_t count, sink *to) {
  if (from + 1 >= count) return from;
  uint8_t byte = bytes[from + 1];
  switch (byte) {
  case 'u': to->unicode++; return unicode(bytes, from, count, to);
  case 'n': byte = '\n'; break;
  case 't': byte = '\t'; break;
  case 'r': byte = '\r'; break;
  case 'b': byte = '\b'; break;
  case 'f': byte = '\f'; break;
  case '"':
  case '\\':
  case '/': break;
  default: return from;
  }
  to->out[to->written++] = byte;
  return from + 2;
}

/// The same from any place on, for what a vector loop leaves over.
static size_t text_from(const uint8_t *bytes, size_t from, size_t count, sink *to) {
  while (from < count) {
    if (is_plain(bytes[from])) {
      to->out[to->written++] = bytes[from++];
      continue;
    }
    size_t next = bytes[from] == '\\' ? escape(bytes, from, count, to) : from;
    if (next == from) return from;
    from = next;
  }
  return count;
}

size_t ck_json_text_reference(const uint8_t *bytes, size_t from, size_t count, uint8_t *out, size_t *written,
                              size_t *unicode) {
  sink to = {out, 0, 0};
  size_t stop = text_from(bytes, from, count, &to);
  *written = to.written;
  *unicode = to.unicode;
  return stop;
}

#if defined(__x86_64__)
#define AVX2 __attribute__((target("avx2,bmi")))

/// A bit for every byte of the block that a plain run ends at.
AVX2 static inline uint32_t stops(__m256i block) {
  __m256i control = _mm256_cmpeq_epi8(_mm256_min_epu8(block, _mm256_set1_epi8(0x1F)), block);
  __m256i quote = _mm256_cmpeq_epi8(block, _mm256_set1_epi8('"'));
  __m256i backslash = _mm256_cmpeq_epi8(block, _mm256_set1_epi8('\\'));
  return (uint32_t)_mm256_movemask_epi8(_mm256_or_si256(control, _mm256_or_si256(quote, backslash)));
}

AVX2 static size_t string_end_avx2(const uint8_t *bytes, size_t from, size_t count) {
  while (from + 32 <= count) {
    uint32_t mask = stops(_mm256_loadu_si256((const __m256i *)(bytes + from)));
    if (!mask) {
      from += 32;
      continue;
    }
    from += (size_t)__builtin_ctz(mask);
    if (bytes[from] != '\\') return from;
    from += 2;
  }
  return ck_json_string_end_reference(bytes, from, count);
}

AVX2 static size_t text_avx2(const uint8_t *bytes, size_t from, size_t count, sink *to) {
  while (from + 32 <= count) {
    __m256i block = _mm256_loadu_si256((const __m256i *)(bytes + from));
    // What is written of the block beyond its plain run is written over by what follows.
    _mm256_storeu_si256((__m256i *)(to->out + to->written), block);
    uint32_t mask = stops(block);
    size_t plain = mask ? (size_t)__builtin_ctz(mask) : 32;
    from += plain;
    to->written += plain;
    if (!mask) continue;
    size_t next = bytes[from] == '\\' ? escape(bytes, from, count, to) : from;
    if (next == from) return from;
    from = next;
  }
  return text_from(bytes, from, count, to);
}
#endif

size_t ck_json_string_end(const uint8_t *bytes, size_t from, size_t count) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return string_end_avx2(bytes, from, count);
#endif
  return ck_json_string_end_reference(bytes, from, count);
}

size_t ck_json_text(const uint8_t *bytes, size_t from, size_t count, uint8_t *out, size_t *written, size_t *unicode) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) {
    sink to = {out, 0, 0};
    size_t stop = text_avx2(bytes, from, count, &to);
    *written = to.written;
    *unicode = to.unicode;
    return stop;
  }
#endif
  return ck_json_text_reference(bytes, from, count, out, written, unicode);
}
