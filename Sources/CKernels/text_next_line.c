// The next line of a text: its end, what is white at its ends, what is counted of its bytes.
#include "ck_cpu.h"
#include "text_meter.h"
#if defined(__x86_64__)
#include <immintrin.h>
#endif


/// Of bytes between white space.
static void count_bytes(const uint8_t *bytes, size_t count, text_line *counts) {
  for (size_t at = 0; at < count; at++) {
    uint8_t byte = bytes[at];
    int leads = (byte & 0xC0) != 0x80;
    counts->characters += leads;
    counts->visible += leads & (byte > 0x20);
    counts->wide += byte >= 0xE3;
    counts->digits += (uint8_t)(byte - '0') <= 9;
  }
}

#if defined(__x86_64__)
/// Counts of sixteen places each, of 255 blocks at most.
typedef struct {
  __m128i scalars, visible, wide, digits;
} block_counts;

static inline void count_block(__m128i block, block_counts *counts) {
  __m128i leads = _mm_cmpgt_epi8(block, _mm_set1_epi8((char)0xBF));
  __m128i space = _mm_cmpeq_epi8(_mm_min_epu8(block, _mm_set1_epi8(0x20)), block);
  __m128i wide = _mm_cmpeq_epi8(_mm_max_epu8(block, _mm_set1_epi8((char)0xE3)), block);
  __m128i digit = _mm_sub_epi8(block, _mm_set1_epi8('0'));
  digit = _mm_cmpeq_epi8(_mm_min_epu8(digit, _mm_set1_epi8(9)), digit);
  counts->scalars = _mm_sub_epi8(counts->scalars, leads);
  counts->visible = _mm_sub_epi8(counts->visible, _mm_andnot_si128(space, leads));
  counts->wide = _mm_sub_epi8(counts->wide, wide);
  counts->digits = _mm_sub_epi8(counts->digits, digit);
}

static inline uint64_t sum_of(__m128i counts) {
  __m128i sums = _mm_sad_epu8(counts, _mm_setzero_si128());
  return (uint64_t)_mm_cvtsi128_si64(_mm_add_epi64(sums, _mm_unpackhi_epi64(sums, sums)));
}

static inline void add_blocks(const block_counts *blocks, text_line *counts) {
  counts->characters += sum_of(blocks->scalars);
  counts->visible += sum_of(blocks->visible);
  counts->wide += sum_of(blocks->wide);
  counts->digits += sum_of(blocks->digits);
}

/// - readable: bytes that may be read, `count` at least.
static void count_line(const uint8_t *bytes, size_t count, size_t readable, text_line *counts) {
  // What lies behind the line becomes bytes that no count sees.
  static const uint8_t beyond[32] = {[16] = 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
                                     0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80};
  static const uint8_t within[32] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                     0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
  size_t at = 0;
  while (count - at > 254 * 16) {
    block_counts blocks = {0};
    for (size_t end = at + 254 * 16; at < end; at += 16)
      count_block(_mm_loadu_si128((const __m128i *)(bytes + at)), &blocks);
    add_blocks(&blocks, counts);
  }
  block_counts blocks = {0};
  for (; at + 16 <= count; at += 16) count_block(_mm_loadu_si128((const __m128i *)(bytes + at)), &blocks);
  size_t left = count - at;
  if (left && at + 16 > readable) {
    count_bytes(bytes + at, left, counts);
  } else if (left) {
    __m128i block = _mm_loadu_si128((const __m128i *)(bytes + at));
    block = _mm_and_si128(block, _mm_loadu_si128((const __m128i *)(within + 16 - left)));
    count_block(_mm_or_si128(block, _mm_loadu_si128((const __m128i *)(beyond + 16 - left))), &blocks);
  }
  add_blocks(&blocks, counts);
}

/// Finds the line's end and looks at all of it, 64 bytes at a time. White space of ASCII alone is known as such.
__attribute__((target("avx512f,avx512bw,avx512dq,bmi,lzcnt,popcnt"))) static text_line look_avx512(
    const unit_text *text, size_t from) {
  const __m512i factors = _mm512_set_epi64(
      (int64_t)0x9E3779B97F4A7C15u, (int64_t)0xD6E8FEB86659FD93u, (int64_t)0xC2B2AE3D27D4EB4Fu,
      (int64_t)0x165667B19E3779F9u, (int64_t)0x85EBCA77C2B2AE63u, (int64_t)0x27D4EB2F165667C5u,
      (int64_t)0xFF51AFD7ED558CCDu, (int64_t)0xC4CEB9FE1A85EC53u);
  text_line line = {.start = from, .end = from};
  size_t at = from;
  for (__mmask64 feeds = 0; !feeds && at < text->count;) {
    size_t left = text->count - at;
    __mmask64 all = left < 64 ? ((__mmask64)1 << left) - 1 : ~(__mmask64)0;
    __m512i block = _mm512_maskz_loadu_epi8(all, text->bytes + at);
    feeds = _mm512_cmpeq_epi8_mask(block, _mm512_set1_epi8('\n'));
    if (feeds) {
      all = (feeds & -feeds) - 1;
      block = _mm512_maskz_mov_epi8(all, block);
    }
    // No byte is as low as those that are not there.
    __mmask64 leads = _mm512_mask_cmpgt_epi8_mask(all, block, _mm512_set1_epi8((char)0xBF));
    __mmask64 black = _mm512_cmpgt_epu8_mask(block, _mm512_set1_epi8(0x20));
    __m512i digit = _mm512_sub_epi8(block, _mm512_set1_epi8('0'));
    line.characters += (uint64_t)__builtin_popcountll(leads);
    line.visible += (uint64_t)__builtin_popcountll(leads & black);
    line.wide += (uint64_t)__builtin_popcountll(_mm512_cmpge_epu8_mask(block, _mm512_set1_epi8((char)0xE3)));
    line.digits += (uint64_t)__builtin_popcountll(_mm512_cmple_epu8_mask(digit, _mm512_set1_epi8(9)));
    if (black) {
      if (line.start == line.end) line.start = at + (size_t)__builtin_ctzll(black);
      line.end = at + 64 - (size_t)__builtin_clzll(black);
    }
    __m512i product = _mm512_mullo_epi64(_mm512_xor_si512(block, _mm512_srli_epi64(block, 29)), factors);
    product = _mm512_xor_si512(product, _mm512_srli_epi64(product, 32));
    line.hash = unit_mix(line.hash ^ (uint64_t)_mm512_reduce_add_epi64(product), 0xD6E8FEB86659FD93u);
    at += feeds ? (size_t)__builtin_ctzll(feeds) : left < 64 ? left : 64;
  }
  line.to = at;
  line.hash = at > from ? unit_mix(line.hash ^ (at - from), 0x9E3779B97F4A7C15u) : 0;
  return line;
}
#else
static void count_line(const uint8_t *bytes, size_t count, size_t readable, text_line *counts) {
  (void)readable;
  count_bytes(bytes, count, counts);
}
#endif

static int is_wide_white(const unit_text *text, size_t at, size_t *length) {
  return text->bytes[at] >= 0x80 && unit_class_at(text, at, length) & UNIT_SPACE;
}

UNIT_INLINE int is_white(const unit_text *text, size_t at, size_t *length) {
  if (text->bytes[at] <= 0x20) return *length = 1, 1;
  return text->bytes[at] >= 0x80 && is_wide_white(text, at, length);
}

/// Bytes of white space of ASCII from `at` on, eight at a time.
UNIT_INLINE size_t skip_white(const unit_text *text, size_t at, size_t to) {
  for (uint64_t eight; at + 8 <= to; at += 8) {
    memcpy(&eight, text->bytes + at, 8);
    // The top bit of a byte is set when it is above the space.
    uint64_t black = ((eight & 0x7F7F7F7F7F7F7F7Fu) + 0x5F5F5F5F5F5F5F5Fu) | eight;
    black &= 0x8080808080808080u;
    if (black) return at + (size_t)__builtin_ctzll(black) / 8;
  }
  while (at < to && text->bytes[at] <= 0x20) at++;
  return at;
}

/// Finds what is between the white space at both ends; how many characters that is.
static uint64_t trim(const unit_text *text, size_t from, size_t to, text_line *line) {
  size_t length;
  line->start = skip_white(text, from, to);
  line->end = to;
  uint64_t white = line->start - from;
  for (; line->start < to && is_white(text, line->start, &length); white++) line->start += length;
  for (; line->start < line->end; white++) {
    size_t last = unit_back(text, line->start, line->end);
    if (!is_white(text, last, &length)) return white;
    line->end = last;
  }
  return white;
}

/// The line from `from` to `to`, one step after the other.
static text_line look(const unit_text *text, size_t from, size_t to, int level) {
  text_line line = {.to = to};
  uint64_t first;
  line.hash = from < to ? unit_hash_word(text, from, to - from, &first) : 0;
  uint64_t white = trim(text, from, to, &line);
  if (level == CK_PLAIN) count_bytes(text->bytes + line.start, line.end - line.start, &line);
  else count_line(text->bytes + line.start, line.end - line.start, text->count - line.start, &line);
  line.characters += white;
  return line;
}

text_line text_next_line(const unit_text *text, size_t from, int level) {
#if defined(__x86_64__)
  if (level >= CK_AVX512) {
    text_line line = look_avx512(text, from);
    size_t length;
    // Wide white space is at the ends of few lines, and so is a space with the rest of a broken character behind it.
    int is_known = line.start == line.end || !(is_wide_white(text, line.start, &length) ||
                                               is_white(text, unit_back(text, line.start, line.end), &length));
    if (is_known) return line;
    uint64_t hash = line.hash;
    line = look(text, from, line.to, level);
    line.hash = hash;
    return line;
  }
#endif
  const uint8_t *end = from < text->count ? memchr(text->bytes + from, '\n', text->count - from) : 0;
  return look(text, from, end ? (size_t)(end - text->bytes) : text->count, level);
}
