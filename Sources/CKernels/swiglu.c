#include "ck_swiglu.h"

#include <math.h>

#include "vector.h"

CK_INLINE f16 sigmoid16(f16 x) { return 1.0f / (1.0f + exp16(-x)); }

CK_INLINE void ck_swiglu_body(const float *gate_up, size_t rows, size_t width, float *out) {
  for (size_t r = 0; r < rows; r++, gate_up += 2 * width, out += width) {
    const float *up = gate_up + width;
    size_t i = 0;
    for (; i + 16 <= width; i += 16) {
      f16 gate = load16(gate_up + i);
      store16(out + i, gate * sigmoid16(gate) * load16(up + i));
    }
    if (i < width) {
      f16 gate = load_part(gate_up + i, width - i, 0);
      store_part(out + i, gate * sigmoid16(gate) * load_part(up + i, width - i, 0), width - i);
    }
  }
}

CK_KERNEL(ck_swiglu, (const float *gate_up, size_t rows, size_t width, float *out), (gate_up, rows, width, out))

// silu'(g) = s (1 + g (1 - s)) with s = sigmoid(g).
CK_INLINE f16 gate_gradient(f16 gate, f16 sigmoid, f16 up, f16 dout) {
  return dout * up * sigmoid * (1.0f + gate * (1.0f - sigmoid));
}

CK_INLINE void ck_swiglu_backward_body(float *gate_up, const float *dout, size_t rows, size_t width) {
  for (size_t r = 0; r < rows; r++, gate_up += 2 * width, dout += width) {
    float *ups = gate_up + width;
    size_t i = 0;
    for (; i + 16 <= width; i += 16) {
      f16 gate = load16(gate_up + i), up = load16(ups + i), d = load16(dout + i), s = sigmoid16(gate);
      store16(gate_up + i, gate_gradient(gate, s, up, d));
      store16(ups + i, d * gate * s);
    }
    size_t rest = width - i;
    if (rest > 0) {
      f16 gate = load_part(gate_up + i, rest, 0), up = load_part(ups + i, rest, 0), d = load_part(dout + i, rest, 0);
      f16 s = sigmoid16(gate);
      store_part(gate_up + i, gate_gradient(gate, s, up, d), rest);
      store_part(ups + i, d * gate * s, rest);
    }
  }
}

CK_KERNEL(ck_swiglu_backward, (float *gate_up, const float *dout, size_t rows, size_t width),
          (gate_up, dout, rows, width))

void ck_swiglu_reference(const float *gate_up, size_t rows, size_t width, float *out) {
  for (size_t r = 0; r < rows; r++)
    for (size_t i = 0; i < width; i++) {
      float gate = gate_up[r * 2 * width + i], up = gate_up[r * 2 * width + width + i];
      out[r * width + i] = gate / (1 + expf(-gate)) * up;
    }
}

void ck_swiglu_backward_reference(float *gate_up, const float *dout, size_t rows, size_t width) {
  for (size_t r = 0; r < rows; r++)
    for (size_t i = 0; i < width; i++) {
      float *gate = gate_up + r * 2 * width + i, *up = gate + width, d = dout[r * width + i];
      float g = *gate, s = 1 / (1 + expf(-g));
      *gate = d * *up * (s + g * s * (1 - s));
      *up = d * g * s;
    }
}
