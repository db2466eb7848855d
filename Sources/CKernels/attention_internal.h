#ifndef CK_ATTENTION_INTERNAL_H
#define CK_ATTENTION_INTERNAL_H
#include "ck_attention.h"
#include "ck_cpu.h"
#include "ck_gemm.h"

/// Which scores of a block of query rows count: column c of row r is key lo + c, seen by query start + r.
typedef struct {
  size_t start, rows, lo, columns;
  const int32_t *first;  // by position
  float scale;
} ck_score_block;

static inline size_t ck_round_lanes(size_t n) { return (n + CK_GEMM_LANES - 1) / CK_GEMM_LANES * CK_GEMM_LANES; }

/// Query rows per block: a multiple of the GEMM's rows, small enough that a block's scores stay in the L2 cache.
static inline size_t ck_query_rows(size_t length) { return length <= 1024 ? 96 : 48; }

static inline ck_score_block ck_block_at(const ck_attention *task, size_t start) {
  size_t rows = ck_query_rows(task->length);
  if (rows > task->length - start) rows = task->length - start;
  size_t lo = (size_t)task->first[start] / CK_GEMM_LANES * CK_GEMM_LANES;
  return (ck_score_block){start, rows, lo, start + rows - lo, task->first, task->scale};
}

/// Scores to probabilities, unseen keys 0; log_sums by position.
void ck_softmax_rows_at(int level, float *scores, size_t row, const ck_score_block *block, float *log_sums);
/// Scores to probabilities P, and dP to the gradient of the scores: P (dP - delta) scale; delta by row of the block.
void ck_softmax_gradient_at(int level, float *scores, float *gradients, size_t row, const ck_score_block *block,
                            const float *log_sums, const float *delta);
#endif
