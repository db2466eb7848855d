#include "ck_rope.h"

#include "vector.h"

CK_INLINE void rotate(float *x, size_t half, const float *cosine, const float *sine, float direction) {
  size_t i = 0;
  for (; i + 16 <= half; i += 16) {
    f16 a = load16(x + i), b = load16(x + half + i), c = load16(cosine + i), s = load16(sine + i) * direction;
    store16(x + i, a * c - b * s);
    store16(x + half + i, b * c + a * s);
  }
  for (; i < half; i++) {
    float a = x[i], b = x[half + i], s = sine[i] * direction;
    x[i] = a * cosine[i] - b * s;
    x[half + i] = b * cosine[i] + a * s;
  }
}

CK_INLINE void ck_rope_body(float *x, size_t row_stride, size_t first_row, size_t rows, size_t length, size_t heads,
                            size_t dimension, const float *cosines, const float *sines, float direction) {
  size_t half = dimension / 2;
  for (size_t r = 0; r < rows; r++) {
    size_t position = (first_row + r) % length;
    for (size_t head = 0; head < heads; head++)
      rotate(x + r * row_stride + head * dimension, half, cosines + position * half, sines + position * half,
             direction);
  }
}

CK_KERNEL(ck_rope,
          (float *x, size_t row_stride, size_t first_row, size_t rows, size_t length, size_t heads, size_t dimension,
           const float *cosines, const float *sines, float direction),
          (x, row_stride, first_row, rows, length, heads, dimension, cosines, sines, direction))

// As written in the model's definition: x * cos + rotate_half(x) * sin.
void ck_rope_reference(float *x, size_t row_stride, size_t first_row, size_t rows, size_t length, size_t heads,
                       size_t dimension, const float *cosines, const float *sines, float direction) {
  size_t half = dimension / 2;
  for (size_t r = 0; r < rows; r++)
    for (size_t head = 0; head < heads; head++) {
      float *row = x + r * row_stride + head * dimension;
      float before[dimension];
      memcpy(before, row, sizeof before);
      for (size_t i = 0; i < dimension; i++) {
        float rotated = i < half ? -before[i + half] : before[i - half];
        size_t at = (first_row + r) % length * half + i % half;
        row[i] = before[i] * cosines[at] + rotated * sines[at] * direction;
      }
    }
}
