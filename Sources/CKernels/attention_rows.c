#include <math.h>

#include "attention_internal.h"
#include "vector.h"

CK_INLINE void softmax_row(float *x, size_t count, float scale, float *log_sum) {
  f16 top16 = -INFINITY;
  size_t i = 0;
  for (; i + 16 <= count; i += 16) top16 = max16(load16(x + i), top16);
  if (i < count) top16 = max16(load_part(x + i, count - i, -INFINITY), top16);
  float top = max_lanes(top16) * scale;
  f16 sums = 0;
  for (i = 0; i + 16 <= count; i += 16) {
    f16 e = exp16(load16(x + i) * scale - top);
    store16(x + i, e);
    sums += e;
  }
  float rest = 0;
  if (i < count) {
    store_part(x + i, exp16(load_part(x + i, count - i, 0) * scale - top), count - i);
    for (size_t lane = i; lane < count; lane++) rest += x[lane];
  }
  float sum = sum_lanes(sums) + rest, factor = 1.0f / sum;
  for (i = 0; i + 16 <= count; i += 16) store16(x + i, load16(x + i) * factor);
  for (; i < count; i++) x[i] *= factor;
  *log_sum = top + logf(sum);
}

CK_INLINE void clear_unseen(float *x, size_t begin, size_t end, size_t columns) {
  memset(x, 0, begin * sizeof(float));
  memset(x + end, 0, (columns - end) * sizeof(float));
}

CK_INLINE void ck_softmax_rows_body(float *scores, size_t row, const ck_score_block *block, float *log_sums) {
  for (size_t r = 0; r < block->rows; r++, scores += row) {
    size_t position = block->start + r;
    size_t begin = (size_t)block->first[position] - block->lo, end = position + 1 - block->lo;
    clear_unseen(scores, begin, end, block->columns);
    softmax_row(scores + begin, end - begin, block->scale, log_sums + position);
  }
}

void ck_softmax_rows(float *scores, size_t row, const ck_score_block *block, float *log_sums);
CK_KERNEL(ck_softmax_rows, (float *scores, size_t row, const ck_score_block *block, float *log_sums),
          (scores, row, block, log_sums))

CK_INLINE void gradient_row(float *x, float *d, size_t count, float scale, float log_sum, float delta) {
  size_t i = 0;
  for (; i + 16 <= count; i += 16) {
    f16 p = exp16(load16(x + i) * scale - log_sum);
    store16(x + i, p);
    store16(d + i, p * (load16(d + i) - delta) * scale);
  }
  size_t rest = count - i;
  if (rest > 0) {
    f16 p = exp16(load_part(x + i, rest, 0) * scale - log_sum);
    store_part(x + i, p, rest);
    store_part(d + i, p * (load_part(d + i, rest, 0) - delta) * scale, rest);
  }
}

CK_INLINE void ck_softmax_gradient_body(float *scores, float *gradients, size_t row, const ck_score_block *block,
                                        const float *log_sums, const float *delta) {
  for (size_t r = 0; r < block->rows; r++, scores += row, gradients += row) {
    size_t position = block->start + r;
    size_t begin = (size_t)block->first[position] - block->lo, end = position + 1 - block->lo;
    clear_unseen(scores, begin, end, block->columns);
    clear_unseen(gradients, begin, end, block->columns);
    gradient_row(scores + begin, gradients + begin, end - begin, block->scale, log_sums[position], delta[r]);
  }
}

void ck_softmax_gradient(float *scores, float *gradients, size_t row, const ck_score_block *block,
                         const float *log_sums, const float *delta);
CK_KERNEL(ck_softmax_gradient,
          (float *scores, float *gradients, size_t row, const ck_score_block *block, const float *log_sums,
           const float *delta),
          (scores, gradients, row, block, log_sums, delta))
