#include "unit_planes.h"

#include "ck_cpu.h"
#if defined(__x86_64__)
#include <immintrin.h>
#define AVX512 __attribute__((target("avx512f,avx512bw")))
#define AVX2 __attribute__((target("avx2")))
#endif

enum { SETS = PLANE_BEYOND };

/// By set and low half of a byte: a bit for each high half that makes it one of the set.
static uint8_t rows[SETS][16] __attribute__((aligned(16)));
/// By byte: a bit for each set.
static uint64_t sets_of[128];

static int is_one_of(uint8_t byte, const char *set) { return byte && strchr(set, byte) != 0; }

static int is_in_set(int plane, uint8_t byte) {
  uint16_t class = unit_ascii_classes[byte];
  switch (plane) {
  case PLANE_WHITE: return byte <= 0x20;
  case PLANE_UPPER: return class & UNIT_UPPER ? 1 : 0;
  case PLANE_LOWER: return class & UNIT_LOWER ? 1 : 0;
  case PLANE_DIGIT: return class & UNIT_DIGIT ? 1 : 0;
  case PLANE_PREFIX: return class & UNIT_PREFIX ? 1 : 0;
  case PLANE_SUFFIX: return class & UNIT_SUFFIX ? 1 : 0;
  case PLANE_STOPPED: return class & UNIT_STOPPED ? 1 : 0;
  case PLANE_MARK: return class & UNIT_MARK ? 1 : 0;
  case PLANE_PUNCTUATION: return class & UNIT_PUNCTUATION ? 1 : 0;
  case PLANE_QUOTE: return class & UNIT_QUOTE ? 1 : 0;
  case PLANE_COMMA: return byte == ',';
  case PLANE_DOT: return byte == '.';
  case PLANE_HYPHEN: return byte == '-';
  case PLANE_DOLLAR: return byte == '$';
  case PLANE_JOINT: return is_one_of(byte, ":<>=/-~");
  case PLANE_SIGN: return is_one_of(byte, "+*^-");
  case PLANE_FACE: return is_one_of(byte, ":()[]=;8<'");
  case PLANE_FACE_END: return is_one_of(byte, ")](}/|1PpOo0*3>XxD:=;'");
  // Together they hold all pairs that are faces (two apostrophes are peculiar) or begin ;_; and a few that are none.
  case PLANE_FACE_1: return byte == ':';
  case PLANE_FACE_END_1: return is_one_of(byte, ")](}/|1PpOo0*3>XxD");
  case PLANE_FACE_2: return is_one_of(byte, "([");
  case PLANE_FACE_END_2: return is_one_of(byte, ":=;");
  case PLANE_FACE_3: return is_one_of(byte, ")]");
  case PLANE_FACE_END_3: return is_one_of(byte, ":=");
  case PLANE_FACE_4: return is_one_of(byte, "=;");
  case PLANE_FACE_END_4: return is_one_of(byte, ")[](/|3D_");
  case PLANE_FACE_5: return is_one_of(byte, "8<");
  case PLANE_FACE_END_5: return is_one_of(byte, ")3");
  case PLANE_PECULIAR: return is_one_of(byte, "+'$");
  case PLANE_LESS: return byte == '<';
  case PLANE_ENDS: return is_one_of(byte, ".!?");
  case PLANE_LEAD: return class & UNIT_PREFIX ? 1 : 0;
  case PLANE_TRAIL: return class & UNIT_SUFFIX || byte == '.';
  case PLANE_ALPHA: return class & UNIT_ALPHA ? 1 : 0;
  default: return byte > 0x20 && !(class & (UNIT_ALPHA | UNIT_DIGIT)) && byte != '\'' && byte != '.';
  }
}

__attribute__((constructor)) static void fill_sets(void) {
  for (int plane = 0; plane < SETS; plane++)
    for (int byte = 0; byte < 128; byte++)
      if (is_in_set(plane, (uint8_t)byte)) {
        rows[plane][byte & 15] |= (uint8_t)(1 << (byte >> 4));
        sets_of[byte] |= (uint64_t)1 << plane;
      }
}

static void fill_block_plain(const uint8_t *bytes, size_t block, unit_planes *planes) {
  uint64_t words[PLANE_COUNT] = {0};
  for (int at = 0; at < 64; at++) {
    if (bytes[at] >= 0x80) words[PLANE_BEYOND] |= (uint64_t)1 << at;
    else
      for (uint64_t sets = sets_of[bytes[at]]; sets; sets &= sets - 1)
        words[__builtin_ctzll(sets)] |= (uint64_t)1 << at;
  }
  for (int plane = 0; plane < PLANE_COUNT; plane++) planes->bits[plane][block] = words[plane];
}

static void fill_plain(const uint8_t *bytes, size_t blocks, size_t first, unit_planes *planes) {
  for (size_t block = 0; block < blocks; block++) fill_block_plain(bytes + 64 * block, first + block, planes);
}

#if defined(__x86_64__)
AVX512 static void fill_avx512(const uint8_t *bytes, size_t blocks, size_t first, unit_planes *planes) {
  // By the high half of a byte: its bit; none beyond ASCII.
  const __m512i bits = _mm512_broadcast_i32x4(_mm_setr_epi8(1, 2, 4, 8, 16, 32, 64, -128, 0, 0, 0, 0, 0, 0, 0, 0));
  const __m512i half = _mm512_set1_epi8(15);
  for (size_t block = 0; block < blocks; block++) {
    __m512i text = _mm512_loadu_si512((const void *)(bytes + 64 * block));
    __m512i low = _mm512_and_si512(text, half), high = _mm512_and_si512(_mm512_srli_epi16(text, 4), half);
    __m512i bit = _mm512_shuffle_epi8(bits, high);
    for (int plane = 0; plane < SETS; plane++) {
      __m512i row = _mm512_broadcast_i32x4(_mm_load_si128((const __m128i *)rows[plane]));
      planes->bits[plane][first + block] = _mm512_test_epi8_mask(_mm512_shuffle_epi8(row, low), bit);
    }
    planes->bits[PLANE_BEYOND][first + block] = _mm512_movepi8_mask(text);
  }
}

AVX2 static void fill_avx2(const uint8_t *bytes, size_t blocks, size_t first, unit_planes *planes) {
  const __m256i bits = _mm256_broadcastsi128_si256(
      _mm_setr_epi8(1, 2, 4, 8, 16, 32, 64, -128, 0, 0, 0, 0, 0, 0, 0, 0));
  const __m256i half = _mm256_set1_epi8(15), zero = _mm256_setzero_si256();
  for (size_t block = 0; block < blocks; block++)
    for (int part = 0; part < 2; part++) {
      __m256i text = _mm256_loadu_si256((const __m256i *)(bytes + 64 * block + 32 * part));
      __m256i low = _mm256_and_si256(text, half), high = _mm256_and_si256(_mm256_srli_epi16(text, 4), half);
      __m256i bit = _mm256_shuffle_epi8(bits, high);
      for (int plane = 0; plane < SETS; plane++) {
        __m256i row = _mm256_broadcastsi128_si256(_mm_load_si128((const __m128i *)rows[plane]));
        __m256i absent = _mm256_cmpeq_epi8(_mm256_and_si256(_mm256_shuffle_epi8(row, low), bit), zero);
        uint32_t word = ~(uint32_t)_mm256_movemask_epi8(absent);
        memcpy((uint8_t *)&planes->bits[plane][first + block] + 4 * part, &word, 4);
      }
      uint32_t beyond = (uint32_t)_mm256_movemask_epi8(text);
      memcpy((uint8_t *)&planes->bits[PLANE_BEYOND][first + block] + 4 * part, &beyond, 4);
    }
}
#endif

static void fill(int level, const uint8_t *bytes, size_t blocks, size_t first, unit_planes *planes) {
#if defined(__x86_64__)
  if (level >= CK_AVX512) return fill_avx512(bytes, blocks, first, planes);
  if (level == CK_AVX2) return fill_avx2(bytes, blocks, first, planes);
#else
  (void)level;
#endif
  fill_plain(bytes, blocks, first, planes);
}

/// Makes the planes that are made of others; what is beyond the last word was set to 0.
static void fill_derived(size_t blocks, unit_planes *planes) {
  uint64_t(*bits)[PLANE_WORDS + 1] = planes->bits;
  for (size_t word = 0; word < blocks; word++) {
#define HERE(plane) (bits[plane][word])
#define NEXT(plane) (bits[plane][word] >> 1 | bits[plane][word + 1] << 63)
#define LAST(plane) (bits[plane][word] << 1 | (word ? bits[plane][word - 1] >> 63 : 0))
    uint64_t faces = (HERE(PLANE_FACE_1) & NEXT(PLANE_FACE_END_1)) | (HERE(PLANE_FACE_2) & NEXT(PLANE_FACE_END_2)) |
                     (HERE(PLANE_FACE_3) & NEXT(PLANE_FACE_END_3)) | (HERE(PLANE_FACE_4) & NEXT(PLANE_FACE_END_4)) |
                     (HERE(PLANE_FACE_5) & NEXT(PLANE_FACE_END_5));
    uint64_t runs = (HERE(PLANE_DOT) & NEXT(PLANE_DOT)) | (HERE(PLANE_HYPHEN) & NEXT(PLANE_HYPHEN));
    HERE(PLANE_SLOW) = faces | runs | HERE(PLANE_PECULIAR);
    uint64_t before = LAST(PLANE_ALPHA), behind = NEXT(PLANE_ALPHA), digit = LAST(PLANE_DIGIT);
    uint64_t joint = HERE(PLANE_JOINT) & (before | digit) & behind, comma = HERE(PLANE_COMMA) & before & behind;
    uint64_t sign = HERE(PLANE_SIGN) & digit & (NEXT(PLANE_DIGIT) | NEXT(PLANE_HYPHEN));
    uint64_t dot = HERE(PLANE_DOT) & (LAST(PLANE_LOWER) | LAST(PLANE_QUOTE)) & (NEXT(PLANE_UPPER) | NEXT(PLANE_QUOTE));
    HERE(PLANE_INFIX) = joint | comma | sign | dot;
  }
}

void unit_fill_planes(const unit_text *text, size_t base, unit_planes *planes) {
  size_t left = text->count - base, bytes = left < PLANE_BYTES ? left : PLANE_BYTES, blocks = bytes / 64;
  planes->base = base;
  planes->end = base + bytes;
  fill(planes->level, text->bytes + base, blocks, 0, planes);
  if (blocks < PLANE_WORDS) {
    uint8_t last[64] = {0};
    memcpy(last, text->bytes + base + 64 * blocks, bytes - 64 * blocks);
    fill(planes->level, last, 1, blocks++, planes);
  }
  // What is read behind the text is white.
  for (int plane = 0; plane < PLANE_COUNT; plane++) planes->bits[plane][blocks] = 0;
  fill_derived(blocks, planes);
  planes->bits[PLANE_WHITE][blocks] = ~(uint64_t)0;
}
