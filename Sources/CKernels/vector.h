#ifndef CK_VECTOR_H
#define CK_VECTOR_H
// Sixteen floats at a time, lowered by the compiler to what the surrounding function's target has.
// One body per kernel is inlined into three functions, one per instruction set (CK_KERNEL).
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "ck_cpu.h"

#pragma clang diagnostic ignored "-Wpsabi"

#define CK_INLINE static inline __attribute__((always_inline))
#define CK_UNWRAP(...) __VA_ARGS__

typedef float f16 __attribute__((ext_vector_type(16)));
typedef int32_t i16 __attribute__((ext_vector_type(16)));

#if defined(__x86_64__)
#define CK_TARGET_AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx2,fma")))
#define CK_TARGET_AVX2 __attribute__((target("avx2,fma")))
#define CK_KERNEL(name, params, args)                                                   \
  CK_TARGET_AVX512 static void name##_avx512 params { name##_body args; }               \
  CK_TARGET_AVX2 static void name##_avx2 params { name##_body args; }                   \
  static void name##_plain params { name##_body args; }                                 \
  void name##_at(int level, CK_UNWRAP params) {                                         \
    if (level >= CK_AVX512) return name##_avx512 args;                                  \
    if (level == CK_AVX2) return name##_avx2 args;                                      \
    name##_plain args;                                                                  \
  }                                                                                     \
  void name params { name##_at(ck_cpu_level(), CK_UNWRAP args); }
#else
#define CK_KERNEL(name, params, args)                              \
  void name##_at(int level, CK_UNWRAP params) {                    \
    (void)level;                                                   \
    name##_body args;                                              \
  }                                                                \
  void name params { name##_at(CK_PLAIN, CK_UNWRAP args); }
#endif

CK_INLINE f16 load16(const float *p) {
  f16 v;
  memcpy(&v, p, sizeof v);
  return v;
}
CK_INLINE void store16(float *p, f16 v) { memcpy(p, &v, sizeof v); }
/// The first `count` < 16 floats; the other lanes hold `fill`.
CK_INLINE f16 load_part(const float *p, size_t count, float fill) {
  f16 v = fill;
  memcpy(&v, p, count * sizeof(float));
  return v;
}
CK_INLINE void store_part(float *p, f16 v, size_t count) { memcpy(p, &v, count * sizeof(float)); }
CK_INLINE f16 max16(f16 a, f16 b) { return a > b ? a : b; }

CK_INLINE float sum_lanes(f16 v) {
  float lanes[16];
  memcpy(lanes, &v, sizeof v);
  for (int width = 8; width > 0; width /= 2)
    for (int i = 0; i < width; i++) lanes[i] += lanes[i + width];
  return lanes[0];
}
CK_INLINE float max_lanes(f16 v) {
  float lanes[16];
  memcpy(lanes, &v, sizeof v);
  for (int i = 1; i < 16; i++) lanes[0] = lanes[i] > lanes[0] ? lanes[i] : lanes[0];
  return lanes[0];
}

/// exp(x), error about 1e-7 relative (Cephes expf's polynomial); arguments are clamped to +-87.3, NaN stays NaN.
CK_INLINE f16 exp16(f16 x) {
  const float log2e = 1.44269504f, magic = 12582912.0f;  // 1.5 * 2^23: adding it rounds to an integer
  const f16 low = -87.33f, high = 87.33f;
  x = low > x ? low : x;
  x = high < x ? high : x;
  f16 shifted = x * log2e + magic;
  i16 exponent;
  memcpy(&exponent, &shifted, sizeof exponent);
  f16 n = shifted - magic;
  f16 r = x - n * 0.693359375f;
  r = r + n * 2.12194440e-4f;
  f16 p = r * 1.9875691500e-4f + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * (r * r) + r + 1.0f;
  exponent = (exponent + 127) << 23;
  f16 scale;
  memcpy(&scale, &exponent, sizeof scale);
  return p * scale;
}
#endif
