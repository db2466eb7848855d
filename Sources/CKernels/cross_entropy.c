#include "ck_cross_entropy.h"

#include <math.h>

#include "vector.h"

CK_INLINE float largest(const float *x, size_t count) {
  f16 top = -INFINITY;
  size_t i = 0;
  for (; i + 16 <= count; i += 16) top = max16(load16(x + i), top);
  if (i < count) top = max16(load_part(x + i, count - i, -INFINITY), top);
  return max_lanes(top);
}

/// Sum of exp(x - top); keeps the exponentials in `out` if given. Missing lanes are masked, not exp(-infinity).
CK_INLINE float sum_exponentials(const float *x, size_t count, float top, float *out) {
  f16 sums = 0;
  size_t i = 0;
  for (; i + 16 <= count; i += 16) {
    f16 e = exp16(load16(x + i) - top);
    if (out) store16(out + i, e);
    sums += e;
  }
  float rest = 0;
  if (i < count) {
    float lanes[16];
    store16(lanes, exp16(load_part(x + i, count - i, 0) - top));
    for (size_t lane = 0; lane < count - i; lane++) rest += lanes[lane];
    if (out) memcpy(out + i, lanes, (count - i) * sizeof(float));
  }
  return sum_lanes(sums) + rest;
}

CK_INLINE void ck_cross_entropy_body(float *logits, size_t rows, size_t vocabulary, const int32_t *targets,
                                     float scale, float *losses) {
  for (size_t r = 0; r < rows; r++, logits += vocabulary) {
    if (targets[r] < 0) {
      losses[r] = 0;
      memset(logits, 0, vocabulary * sizeof(float));
      continue;
    }
    float top = largest(logits, vocabulary), said = logits[targets[r]];
    float sum = sum_exponentials(logits, vocabulary, top, logits), factor = scale / sum;
    losses[r] = logf(sum) + top - said;
    size_t i = 0;
    for (; i + 16 <= vocabulary; i += 16) store16(logits + i, load16(logits + i) * factor);
    for (; i < vocabulary; i++) logits[i] *= factor;
    logits[targets[r]] -= scale;
  }
}

CK_KERNEL(ck_cross_entropy,
          (float *logits, size_t rows, size_t vocabulary, const int32_t *targets, float scale, float *losses),
          (logits, rows, vocabulary, targets, scale, losses))

CK_INLINE void ck_token_scores_body(const float *logits, size_t rows, size_t vocabulary, const int32_t *targets,
                                    float *log_probabilities, int32_t *ranks) {
  for (size_t r = 0; r < rows; r++, logits += vocabulary) {
    float top = largest(logits, vocabulary), said = logits[targets[r]];
    log_probabilities[r] = said - top - logf(sum_exponentials(logits, vocabulary, top, NULL));
    i16 above = 0;
    size_t i = 0;
    for (; i + 16 <= vocabulary; i += 16) above -= load16(logits + i) > (f16)said;
    int32_t lanes[16], rank = 0;
    memcpy(lanes, &above, sizeof lanes);
    for (int lane = 0; lane < 16; lane++) rank += lanes[lane];
    for (; i < vocabulary; i++) rank += logits[i] > said;
    ranks[r] = rank;
  }
}

CK_KERNEL(ck_token_scores,
          (const float *logits, size_t rows, size_t vocabulary, const int32_t *targets, float *log_probabilities,
           int32_t *ranks),
          (logits, rows, vocabulary, targets, log_probabilities, ranks))

static double reference_log_sum(const float *logits, size_t vocabulary) {
  double top = -INFINITY, sum = 0;
  for (size_t i = 0; i < vocabulary; i++) top = logits[i] > top ? logits[i] : top;
  for (size_t i = 0; i < vocabulary; i++) sum += exp(logits[i] - top);
  return top + log(sum);
}

void ck_cross_entropy_reference(float *logits, size_t rows, size_t vocabulary, const int32_t *targets, float scale,
                                float *losses) {
  for (size_t r = 0; r < rows; r++, logits += vocabulary) {
    double log_sum = reference_log_sum(logits, vocabulary);
    losses[r] = targets[r] < 0 ? 0 : (float)(log_sum - logits[targets[r]]);
    for (size_t i = 0; i < vocabulary; i++) {
      double hit = (int32_t)i == targets[r] ? 1 : 0;
      logits[i] = targets[r] < 0 ? 0 : (float)(scale * (exp(logits[i] - log_sum) - hit));
    }
  }
}

void ck_token_scores_reference(const float *logits, size_t rows, size_t vocabulary, const int32_t *targets,
                               float *log_probabilities, int32_t *ranks) {
  for (size_t r = 0; r < rows; r++, logits += vocabulary) {
    log_probabilities[r] = (float)(logits[targets[r]] - reference_log_sum(logits, vocabulary));
    ranks[r] = 0;
    for (size_t i = 0; i < vocabulary; i++) ranks[r] += logits[i] > logits[targets[r]];
  }
}
