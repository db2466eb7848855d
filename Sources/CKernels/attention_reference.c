#include <math.h>
#include <string.h>

#include "ck_attention.h"

// Query by query, key by key, in double: what the blocked kernels are tested against.

static double dot(const float *a, const float *b, size_t count) {
  double sum = 0;
  for (size_t i = 0; i < count; i++) sum += (double)a[i] * b[i];
  return sum;
}

static double probability(const ck_attention *task, const float *q, size_t key, double log_sum) {
  return exp(dot(q, task->k + key * task->row, task->dimension) * task->scale - log_sum);
}

void ck_attention_forward_reference(const ck_attention *task) {
  size_t dimension = task->dimension;
  for (size_t head = 0; head < task->group; head++)
    for (size_t t = 0; t < task->length; t++) {
      const float *q = task->q + t * task->row + head * dimension;
      double sum = 0;
      for (size_t key = (size_t)task->first[t]; key <= t; key++) sum += probability(task, q, key, 0);
      task->log_sums[head * task->length + t] = (float)log(sum);
      for (size_t i = 0; i < dimension; i++) {
        double value = 0;
        for (size_t key = (size_t)task->first[t]; key <= t; key++)
          value += probability(task, q, key, log(sum)) * task->v[key * task->row + i];
        task->out[t * task->out_row + head * dimension + i] = (float)value;
      }
    }
}

static void backward_pair(const ck_attention *task, const ck_attention_gradients *g, size_t head, size_t t, size_t key,
                          double delta) {
  size_t dimension = task->dimension, row = task->row;
  const float *q = task->q + t * row + head * dimension, *k = task->k + key * row;
  const float *dout = g->dout + t * task->out_row + head * dimension;
  double p = probability(task, q, key, task->log_sums[head * task->length + t]);
  double ds = p * (dot(dout, task->v + key * row, dimension) - delta) * task->scale;
  for (size_t i = 0; i < dimension; i++) {
    g->dv[key * row + i] += (float)(p * dout[i]);
    g->dk[key * row + i] += (float)(ds * q[i]);
    g->dq[t * row + head * dimension + i] += (float)(ds * k[i]);
  }
}

void ck_attention_backward_reference(const ck_attention *task, const ck_attention_gradients *g) {
  size_t dimension = task->dimension;
  for (size_t t = 0; t < task->length; t++) {
    memset(g->dq + t * task->row, 0, task->group * dimension * sizeof(float));
    memset(g->dk + t * task->row, 0, dimension * sizeof(float));
    memset(g->dv + t * task->row, 0, dimension * sizeof(float));
  }
  for (size_t head = 0; head < task->group; head++)
    for (size_t t = 0; t < task->length; t++) {
      size_t at = t * task->out_row + head * dimension;
      double delta = dot(g->dout + at, task->out + at, dimension);
      for (size_t key = (size_t)task->first[t]; key <= t; key++) backward_pair(task, g, head, t, key, delta);
    }
}
