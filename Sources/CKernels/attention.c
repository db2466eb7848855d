#include "attention_internal.h"

#include <math.h>

// The products run on the packed GEMM: per head the keys and values are packed once, then for each block of query
// rows S = Q K^T, P = softmax(S), O = P V. Keys no row of the block sees are not touched.

typedef struct {
  float *keys;    // packed: lanes are keys, depth the dimension
  float *values;  // packed: lanes are dimensions, depth the keys
  float *scores;  // [query rows, rounded length]
  float *gemm;
} forward_scratch;

static forward_scratch cut_forward(const ck_attention *task, float *scratch) {
  size_t padded = ck_round_lanes(task->length);
  forward_scratch cut;
  cut.gemm = scratch;
  cut.keys = cut.gemm + CK_GEMM_SCRATCH;
  cut.values = cut.keys + padded * task->dimension;
  cut.scores = cut.values + ck_round_lanes(task->dimension) * task->length;
  return cut;
}

static void pack_all(const float *b, size_t lane_stride, size_t depth_stride, size_t lanes, size_t depth, float *out) {
  ck_gemm_pack(b, lane_stride, depth_stride, lanes, depth, 0, ck_round_lanes(lanes) / CK_GEMM_LANES, out);
}

void ck_attention_forward_at(int level, const ck_attention *task, float *scratch) {
  size_t length = task->length, dimension = task->dimension, padded = ck_round_lanes(length);
  forward_scratch at = cut_forward(task, scratch);
  pack_all(task->k, task->row, 1, length, dimension, at.keys);
  pack_all(task->v, 1, task->row, dimension, length, at.values);
  for (size_t head = 0; head < task->group; head++)
    for (size_t start = 0; start < length; start += ck_query_rows(length)) {
      ck_score_block block = ck_block_at(task, start);
      ck_gemm_tile_at(level, task->q + start * task->row + head * dimension, task->row, 1,
                      at.keys + block.lo * dimension, CK_GEMM_LANES * dimension, dimension, at.scores, NULL, padded,
                      block.rows, block.columns, at.gemm);
      ck_softmax_rows_at(level, at.scores, padded, &block, task->log_sums + head * length);
      ck_gemm_tile_at(level, at.scores, padded, 1, at.values + block.lo * CK_GEMM_LANES, CK_GEMM_LANES * length,
                      block.columns, task->out + start * task->out_row + head * dimension, NULL, task->out_row,
                      block.rows, dimension, at.gemm);
    }
}

void ck_attention_forward(const ck_attention *task, float *scratch) {
  ck_attention_forward_at(ck_cpu_level(), task, scratch);
}

void ck_attention_decode(const float *q, const float *k, const float *v, size_t row, size_t count, size_t dimension,
                         float scale, float *scores, float *out) {
  float top = -INFINITY, sum = 0;
  for (size_t t = 0; t < count; t++) {
    ck_matvec(k + t * row, q, dimension, 0, 1, NULL, scores + t);
    scores[t] *= scale;
    top = scores[t] > top ? scores[t] : top;
  }
  for (size_t i = 0; i < dimension; i++) out[i] = 0;
  for (size_t t = 0; t < count; t++) {
    float p = expf(scores[t] - top);
    sum += p;
    for (size_t i = 0; i < dimension; i++) out[i] += p * v[t * row + i];
  }
  for (size_t i = 0; i < dimension; i++) out[i] /= sum;
}
