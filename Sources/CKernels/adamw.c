#include "ck_adamw.h"

#include <math.h>

#include "vector.h"

CK_INLINE f16 root16(f16 x) { return __builtin_elementwise_sqrt(x); }

CK_INLINE void adamw16(f16 *w, f16 g, f16 *m, f16 *v, ck_adamw_options o) {
  g = g * o.gradient_scale;
  *m = *m * o.beta1 + g * (1 - o.beta1);
  *v = *v * o.beta2 + g * g * (1 - o.beta2);
  *w = *w * o.decay - *m * o.rate / (root16(*v) * o.root_correction + o.epsilon);
}

CK_INLINE void ck_adamw_body(float *w, const float *gradient, float *m, float *v, size_t count,
                             ck_adamw_options options) {
  size_t i = 0;
  for (; i + 16 <= count; i += 16) {
    f16 w16 = load16(w + i), m16 = load16(m + i), v16 = load16(v + i);
    adamw16(&w16, load16(gradient + i), &m16, &v16, options);
    store16(w + i, w16);
    store16(m + i, m16);
    store16(v + i, v16);
  }
  size_t rest = count - i;
  if (rest > 0) {
    f16 w16 = load_part(w + i, rest, 0), m16 = load_part(m + i, rest, 0), v16 = load_part(v + i, rest, 0);
    adamw16(&w16, load_part(gradient + i, rest, 0), &m16, &v16, options);
    store_part(w + i, w16, rest);
    store_part(m + i, m16, rest);
    store_part(v + i, v16, rest);
  }
}

CK_KERNEL(ck_adamw,
          (float *w, const float *gradient, float *m, float *v, size_t count, ck_adamw_options options),
          (w, gradient, m, v, count, options))

void ck_adamw_reference(float *w, const float *gradient, float *m, float *v, size_t count, ck_adamw_options o) {
  for (size_t i = 0; i < count; i++) {
    float g = gradient[i] * o.gradient_scale;
    m[i] = o.beta1 * m[i] + (1 - o.beta1) * g;
    v[i] = o.beta2 * v[i] + (1 - o.beta2) * g * g;
    w[i] = w[i] * o.decay - o.rate * m[i] / (sqrtf(v[i]) * o.root_correction + o.epsilon);
  }
}

CK_INLINE void ck_sum_squares_body(const float *x, size_t count, double *sum) {
  double total = 0;
  for (size_t start = 0; start < count; start += 4096) {
    size_t end = count - start < 4096 ? count : start + 4096, i = start;
    f16 s0 = 0, s1 = 0;
    for (; i + 32 <= end; i += 32) {
      s0 = load16(x + i) * load16(x + i) + s0;
      s1 = load16(x + i + 16) * load16(x + i + 16) + s1;
    }
    float part = sum_lanes(s0 + s1);
    for (; i < end; i++) part += x[i] * x[i];
    total += part;
  }
  *sum = total;
}

CK_KERNEL(ck_sum_squares, (const float *x, size_t count, double *sum), (x, count, sum))

void ck_sum_squares_reference(const float *x, size_t count, double *sum) {
  *sum = 0;
  for (size_t i = 0; i < count; i++) *sum += (double)x[i] * x[i];
}
