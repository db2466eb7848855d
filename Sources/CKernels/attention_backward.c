#include "attention_internal.h"

// With P = softmax(S): dV = P^T dO, dP = dO V^T, dS = P (dP - rowsum(dO O)) scale, dQ = dS K, dK = dS^T Q.
// P is computed again from the scores and the kept logarithms of the sums.

typedef struct {
  float *gemm;
  float *keys, *values;                 // packed: lanes are keys, depth the dimension
  float *keys_across;                   // packed: lanes are dimensions, depth the keys
  float *queries_across, *dout_across;  // packed: lanes are dimensions, depth the block's rows
  float *scores, *gradients;            // [query rows, rounded length]
  float *delta;                         // [query rows]
} backward_scratch;

static backward_scratch cut_backward(size_t length, size_t dimension, float *scratch) {
  size_t padded = ck_round_lanes(length), wide = ck_round_lanes(dimension), rows = ck_query_rows(length);
  backward_scratch cut;
  cut.gemm = scratch;
  cut.keys = cut.gemm + CK_GEMM_SCRATCH;
  cut.values = cut.keys + padded * dimension;
  cut.keys_across = cut.values + padded * dimension;
  cut.queries_across = cut.keys_across + wide * length;
  cut.dout_across = cut.queries_across + wide * rows;
  cut.scores = cut.dout_across + wide * rows;
  cut.gradients = cut.scores + rows * padded;
  cut.delta = cut.gradients + rows * padded;
  return cut;
}

size_t ck_attention_scratch(size_t length, size_t dimension) {
  float *base = NULL;
  backward_scratch cut = cut_backward(length, dimension, base);
  return (size_t)(cut.delta - base) + ck_query_rows(length);
}

static void pack_all(const float *b, size_t lane_stride, size_t depth_stride, size_t lanes, size_t depth, float *out) {
  ck_gemm_pack(b, lane_stride, depth_stride, lanes, depth, 0, ck_round_lanes(lanes) / CK_GEMM_LANES, out);
}

static void clear_rows(float *x, size_t row, size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; r++)
    for (size_t i = 0; i < columns; i++) x[r * row + i] = 0;
}

static void row_products(const float *a, const float *b, size_t row, size_t rows, size_t columns, float *out) {
  for (size_t r = 0; r < rows; r++) ck_matvec(a + r * row, b + r * row, columns, 0, 1, NULL, out + r);
}

/// One block of query rows of one head, all pointers at the block's first row.
static void backward_block(int level, const ck_attention *task, const ck_attention_gradients *g,
                           const ck_score_block *block, size_t head, const backward_scratch *at) {
  size_t dimension = task->dimension, length = task->length, padded = ck_round_lanes(length), row = task->row;
  size_t panel = CK_GEMM_LANES * dimension, column = head * dimension, rows = block->rows, lo = block->lo;
  const float *q = task->q + block->start * row + column;
  const float *dout = g->dout + block->start * task->out_row + column;
  row_products(dout, task->out + block->start * task->out_row + column, task->out_row, rows, dimension, at->delta);
  ck_gemm_tile_at(level, q, row, 1, at->keys + lo * dimension, panel, dimension, at->scores, NULL, padded, rows,
                  block->columns, at->gemm);
  ck_gemm_tile_at(level, dout, task->out_row, 1, at->values + lo * dimension, panel, dimension, at->gradients, NULL,
                  padded, rows, block->columns, at->gemm);
  ck_softmax_gradient_at(level, at->scores, at->gradients, padded, block, task->log_sums + head * length, at->delta);
  ck_gemm_tile_at(level, at->gradients, padded, 1, at->keys_across + lo * CK_GEMM_LANES, CK_GEMM_LANES * length,
                  block->columns, g->dq + block->start * row + column, NULL, row, rows, dimension, at->gemm);
  pack_all(q, 1, row, dimension, rows, at->queries_across);
  pack_all(dout, 1, task->out_row, dimension, rows, at->dout_across);
  float *dk = g->dk + lo * row, *dv = g->dv + lo * row;
  ck_gemm_tile_at(level, at->gradients, 1, padded, at->queries_across, CK_GEMM_LANES * rows, rows, dk, dk, row,
                  block->columns, dimension, at->gemm);
  ck_gemm_tile_at(level, at->scores, 1, padded, at->dout_across, CK_GEMM_LANES * rows, rows, dv, dv, row,
                  block->columns, dimension, at->gemm);
}

void ck_attention_backward_at(int level, const ck_attention *task, const ck_attention_gradients *gradients,
                              float *scratch) {
  size_t length = task->length, dimension = task->dimension;
  backward_scratch at = cut_backward(length, dimension, scratch);
  pack_all(task->k, task->row, 1, length, dimension, at.keys);
  pack_all(task->v, task->row, 1, length, dimension, at.values);
  pack_all(task->k, 1, task->row, dimension, length, at.keys_across);
  clear_rows(gradients->dk, task->row, length, dimension);
  clear_rows(gradients->dv, task->row, length, dimension);
  for (size_t head = 0; head < task->group; head++)
    for (size_t start = 0; start < length; start += ck_query_rows(length)) {
      ck_score_block block = ck_block_at(task, start);
      backward_block(level, task, gradients, &block, head, &at);
    }
}

void ck_attention_backward(const ck_attention *task, const ck_attention_gradients *gradients, float *scratch) {
  ck_attention_backward_at(ck_cpu_level(), task, gradients, scratch);
}
