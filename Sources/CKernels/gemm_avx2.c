#include "gemm_internal.h"

#if defined(__x86_64__)
#include <immintrin.h>

// 6 x 16 outputs in 12 registers; four such quarters make the 12 x 32 tile.
#define EACH_ROW(DO) DO(0) DO(1) DO(2) DO(3) DO(4) DO(5)
#define DECLARE(i) __m256 low##i = _mm256_setzero_ps(), high##i = _mm256_setzero_ps();
#define MULTIPLY(i)                                    \
  {                                                    \
    __m256 value = _mm256_broadcast_ss(a + (i));       \
    low##i = _mm256_fmadd_ps(value, b0, low##i);       \
    high##i = _mm256_fmadd_ps(value, b1, high##i);     \
  }
#define ADD(i)                                                            \
  low##i = _mm256_add_ps(_mm256_loadu_ps(add + (i) * c_row), low##i);     \
  high##i = _mm256_add_ps(_mm256_loadu_ps(add + (i) * c_row + 8), high##i);
#define STORE(i)                                \
  _mm256_storeu_ps(c + (i) * c_row, low##i);    \
  _mm256_storeu_ps(c + (i) * c_row + 8, high##i);

__attribute__((target("avx2,fma"))) static void quarter(const float *a, const float *b, size_t depth, float *c,
                                                         const float *add, size_t c_row) {
  EACH_ROW(DECLARE)
  for (size_t k = 0; k < depth; k++, a += CK_GEMM_ROWS, b += CK_GEMM_LANES) {
    __m256 b0 = _mm256_loadu_ps(b), b1 = _mm256_loadu_ps(b + 8);
    EACH_ROW(MULTIPLY)
  }
  if (add) {
    EACH_ROW(ADD)
  }
  EACH_ROW(STORE)
}

void ck_micro_avx2(const float *a, const float *b, size_t depth, float *c, const float *add, size_t c_row) {
  for (size_t i = 0; i < CK_GEMM_ROWS; i += 6)
    for (size_t j = 0; j < CK_GEMM_LANES; j += 16) {
      size_t at = i * c_row + j;
      quarter(a + i, b + j, depth, c + at, add ? add + at : NULL, c_row);
    }
}
#endif
