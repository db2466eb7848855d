#include "gemm_internal.h"

#if defined(__x86_64__)
#include <immintrin.h>

// 12 x 32 outputs in 24 registers, named one by one because an array may be spilled to memory.
#define EACH_ROW(DO) DO(0) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6) DO(7) DO(8) DO(9) DO(10) DO(11)
#define DECLARE(i) __m512 low##i = _mm512_setzero_ps(), high##i = _mm512_setzero_ps();
#define MULTIPLY(i)                                    \
  {                                                    \
    __m512 value = _mm512_set1_ps(a[i]);               \
    low##i = _mm512_fmadd_ps(value, b0, low##i);       \
    high##i = _mm512_fmadd_ps(value, b1, high##i);     \
  }
#define PREFETCH(i)                                          \
  _mm_prefetch((const char *)(c + (i) * c_row), _MM_HINT_T0); \
  _mm_prefetch((const char *)(c + (i) * c_row + 16), _MM_HINT_T0);
#define ADD(i)                                                            \
  low##i = _mm512_add_ps(_mm512_loadu_ps(add + (i) * c_row), low##i);     \
  high##i = _mm512_add_ps(_mm512_loadu_ps(add + (i) * c_row + 16), high##i);
#define STORE(i)                                \
  _mm512_storeu_ps(c + (i) * c_row, low##i);    \
  _mm512_storeu_ps(c + (i) * c_row + 16, high##i);

__attribute__((target("avx512f,fma"))) void ck_micro_avx512(const float *a, const float *b, size_t depth, float *c,
                                                             const float *add, size_t c_row) {
  // The outputs are on their way while the products are summed.
  EACH_ROW(PREFETCH)
  EACH_ROW(DECLARE)
  for (size_t k = 0; k < depth; k++, a += CK_GEMM_ROWS, b += CK_GEMM_LANES) {
    __m512 b0 = _mm512_loadu_ps(b), b1 = _mm512_loadu_ps(b + 16);
    EACH_ROW(MULTIPLY)
  }
  if (add) {
    EACH_ROW(ADD)
  }
  EACH_ROW(STORE)
}
#endif
