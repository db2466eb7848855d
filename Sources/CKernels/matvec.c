#include "ck_gemm.h"
#include "vector.h"

CK_INLINE void ck_matvec_body(const float *w, const float *x, size_t depth, size_t first, size_t last,
                              const float *add, float *y) {
  for (size_t n = first; n < last; n++) {
    const float *row = w + n * depth;
    f16 s0 = 0, s1 = 0;
    size_t k = 0;
    for (; k + 32 <= depth; k += 32) {
      s0 = load16(row + k) * load16(x + k) + s0;
      s1 = load16(row + k + 16) * load16(x + k + 16) + s1;
    }
    float sum = sum_lanes(s0 + s1);
    for (; k < depth; k++) sum += row[k] * x[k];
    y[n] = add ? add[n] + sum : sum;
  }
}

CK_KERNEL(ck_matvec,
          (const float *w, const float *x, size_t depth, size_t first, size_t last, const float *add, float *y),
          (w, x, depth, first, last, add, y))

void ck_matvec_reference(const float *w, const float *x, size_t depth, size_t first, size_t last, const float *add,
                         float *y) {
  for (size_t n = first; n < last; n++) {
    double sum = add ? add[n] : 0;
    for (size_t k = 0; k < depth; k++) sum += (double)w[n * depth + k] * x[k];
    y[n] = (float)sum;
  }
}
