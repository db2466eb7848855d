#include "ck_norm.h"

#include <math.h>

#include "vector.h"

CK_INLINE void ck_rms_norm_body(const float *x, const float *weight, size_t rows, size_t columns, float epsilon,
                                float *y, float *inverse) {
  for (size_t r = 0; r < rows; r++, x += columns, y += columns) {
    f16 sums = 0;
    size_t i = 0;
    for (; i + 16 <= columns; i += 16) sums = load16(x + i) * load16(x + i) + sums;
    float sum = sum_lanes(sums);
    for (; i < columns; i++) sum += x[i] * x[i];
    float scale = 1.0f / sqrtf(sum / (float)columns + epsilon);
    inverse[r] = scale;
    for (i = 0; i + 16 <= columns; i += 16) store16(y + i, load16(weight + i) * (load16(x + i) * scale));
    for (; i < columns; i++) y[i] = weight[i] * (x[i] * scale);
  }
}

CK_KERNEL(ck_rms_norm,
          (const float *x, const float *weight, size_t rows, size_t columns, float epsilon, float *y, float *inverse),
          (x, weight, rows, columns, epsilon, y, inverse))

// With n = x * inverse: dx = inverse * (w dy - n * mean(w dy n)), dw = dy n.
CK_INLINE void ck_rms_norm_backward_body(const float *dy, const float *x, const float *weight, const float *inverse,
                                         size_t rows, size_t columns, float *dx, float *dweight) {
  for (size_t r = 0; r < rows; r++, x += columns, dy += columns, dx += columns) {
    float scale = inverse[r];
    f16 sums = 0;
    size_t i = 0;
    for (; i + 16 <= columns; i += 16) {
      f16 product = load16(dy + i) * load16(x + i);
      sums = product * load16(weight + i) + sums;
      store16(dweight + i, product * scale + load16(dweight + i));
    }
    float sum = sum_lanes(sums);
    for (; i < columns; i++) {
      sum += dy[i] * x[i] * weight[i];
      dweight[i] += dy[i] * x[i] * scale;
    }
    float back = sum * scale * scale * scale / (float)columns;
    for (i = 0; i + 16 <= columns; i += 16)
      store16(dx + i, load16(dx + i) + (load16(weight + i) * load16(dy + i) * scale - load16(x + i) * back));
    for (; i < columns; i++) dx[i] += weight[i] * dy[i] * scale - x[i] * back;
  }
}

CK_KERNEL(ck_rms_norm_backward,
          (const float *dy, const float *x, const float *weight, const float *inverse, size_t rows, size_t columns,
           float *dx, float *dweight),
          (dy, x, weight, inverse, rows, columns, dx, dweight))

void ck_rms_norm_reference(const float *x, const float *weight, size_t rows, size_t columns, float epsilon, float *y,
                           float *inverse) {
  for (size_t r = 0; r < rows; r++) {
    double sum = 0;
    for (size_t i = 0; i < columns; i++) sum += (double)x[r * columns + i] * x[r * columns + i];
    inverse[r] = (float)(1 / sqrt(sum / (double)columns + epsilon));
    for (size_t i = 0; i < columns; i++) y[r * columns + i] = weight[i] * x[r * columns + i] * inverse[r];
  }
}

void ck_rms_norm_backward_reference(const float *dy, const float *x, const float *weight, const float *inverse,
                                    size_t rows, size_t columns, float *dx, float *dweight) {
  for (size_t r = 0; r < rows; r++) {
    double mean = 0;
    for (size_t i = 0; i < columns; i++) {
      size_t at = r * columns + i;
      mean += (double)weight[i] * dy[at] * x[at] * inverse[r] / (double)columns;
      dweight[i] += dy[at] * x[at] * inverse[r];
    }
    for (size_t i = 0; i < columns; i++) {
      size_t at = r * columns + i;
      dx[at] += (float)(inverse[r] * ((double)weight[i] * dy[at] - x[at] * inverse[r] * mean));
    }
  }
}
