#include "ck_sha256.h"

#include <string.h>

static const uint32_t K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t rotate(uint32_t x, int n) { return (x >> n) | (x << (32 - n)); }

static void compress_reference(uint32_t state[8], const uint8_t *p, size_t blocks) {
  while (blocks-- > 0) {
    uint32_t w[64];
    for (int i = 0; i < 16; i++)
      w[i] = (uint32_t)p[4 * i] << 24 | (uint32_t)p[4 * i + 1] << 16 | (uint32_t)p[4 * i + 2] << 8 | p[4 * i + 3];
    for (int i = 16; i < 64; i++) {
      uint32_t s0 = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ (w[i - 15] >> 3);
      uint32_t s1 = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ (w[i - 2] >> 10);
      w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
    uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
    for (int i = 0; i < 64; i++) {
      uint32_t t1 = h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i];
      uint32_t t2 = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      h = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + t2;
    }
    state[0] += a, state[1] += b, state[2] += c, state[3] += d;
    state[4] += e, state[5] += f, state[6] += g, state[7] += h;
    p += 64;
  }
}

#if defined(__x86_64__)
#include <immintrin.h>

__attribute__((target("sha,sse4.1,ssse3")))
static void compress_sha(uint32_t state[8], const uint8_t *p, size_t blocks) {
  const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
  __m128i low = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0xB1);         // CDAB
  __m128i high = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(state + 4)), 0x1B);  // EFGH
  __m128i abef = _mm_alignr_epi8(low, high, 8);
  __m128i cdgh = _mm_blend_epi16(high, low, 0xF0);
  while (blocks-- > 0) {
    __m128i start_abef = abef, start_cdgh = cdgh, w[4];
    for (int i = 0; i < 4; i++) w[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(p + 16 * i)), swap);
    for (int round = 0; round < 16; round++) {
      __m128i k = _mm_add_epi32(w[round & 3], _mm_loadu_si128((const __m128i *)(K + 4 * round)));
      cdgh = _mm_sha256rnds2_epu32(cdgh, abef, k);
      abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(k, 0x0E));
      if (round < 12) {
        __m128i next = _mm_sha256msg1_epu32(w[round & 3], w[(round + 1) & 3]);
        next = _mm_add_epi32(next, _mm_alignr_epi8(w[(round + 3) & 3], w[(round + 2) & 3], 4));
        w[round & 3] = _mm_sha256msg2_epu32(next, w[(round + 3) & 3]);
      }
    }
    abef = _mm_add_epi32(abef, start_abef);
    cdgh = _mm_add_epi32(cdgh, start_cdgh);
    p += 64;
  }
  __m128i feba = _mm_shuffle_epi32(abef, 0x1B), dchg = _mm_shuffle_epi32(cdgh, 0xB1);
  _mm_storeu_si128((__m128i *)state, _mm_blend_epi16(feba, dchg, 0xF0));
  _mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

static void compress(uint32_t state[8], const uint8_t *p, size_t blocks) {
  if (__builtin_cpu_supports("sha")) {
    compress_sha(state, p, blocks);
  } else {
    compress_reference(state, p, blocks);
  }
}
#else
static void compress(uint32_t state[8], const uint8_t *p, size_t blocks) { compress_reference(state, p, blocks); }
#endif

typedef void compress_function(uint32_t state[8], const uint8_t *p, size_t blocks);

void ck_sha256_init(ck_sha256 *hash) {
  static const uint32_t start[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  memcpy(hash->state, start, sizeof start);
  hash->count = 0;
}

static void update(ck_sha256 *hash, const uint8_t *p, size_t count, compress_function *compress_with) {
  size_t held = hash->count & 63;
  hash->count += count;
  if (held > 0) {
    size_t take = count < 64 - held ? count : 64 - held;
    memcpy(hash->pending + held, p, take);
    p += take, count -= take;
    if (held + take < 64) return;
    compress_with(hash->state, hash->pending, 1);
  }
  compress_with(hash->state, p, count / 64);
  memcpy(hash->pending, p + (count & ~(size_t)63), count & 63);
}

static void finish(ck_sha256 *hash, uint8_t digest[32], compress_function *compress_with) {
  uint64_t bits = hash->count * 8;
  size_t padding = 1 + ((119 - (hash->count & 63)) & 63);
  uint8_t tail[72] = {0x80};
  for (int i = 0; i < 8; i++) tail[padding + i] = (uint8_t)(bits >> (56 - 8 * i));
  update(hash, tail, padding + 8, compress_with);
  for (int i = 0; i < 8; i++)
    for (int j = 0; j < 4; j++) digest[4 * i + j] = (uint8_t)(hash->state[i] >> (24 - 8 * j));
}

void ck_sha256_update(ck_sha256 *hash, const void *bytes, size_t count) {
  if (count > 0) update(hash, bytes, count, compress);
}

void ck_sha256_finish(ck_sha256 *hash, uint8_t digest[32]) { finish(hash, digest, compress); }

void ck_sha256_reference(const void *bytes, size_t count, uint8_t digest[32]) {
  ck_sha256 hash;
  ck_sha256_init(&hash);
  if (count > 0) update(&hash, bytes, count, compress_reference);
  finish(&hash, digest, compress_reference);
}
