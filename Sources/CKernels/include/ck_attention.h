#ifndef CK_ATTENTION_H
#define CK_ATTENTION_H
#include <stddef.h>
#include <stdint.h>

/// Causal attention of `group` query heads that share one key/value head, over one window of `length` positions.
/// Position t sees keys first[t] ... t (first is monotone: the start of t's document, or 0).
/// Heads of a group lie side by side (`dimension` floats each); rows of q, k, v are `row` floats apart.
typedef struct {
  const float *q, *k, *v;
  size_t row;
  float *out;  // heads side by side as in q, rows out_row apart
  size_t out_row;
  float *log_sums;  // [group, length]: log of the softmax's denominator
  const int32_t *first;
  size_t length, dimension, group;
  float scale;
} ck_attention;

/// What the backward pass reads and writes beside the forward's values (`out` and `log_sums` filled).
typedef struct {
  const float *dout;    // rows out_row apart
  float *dq, *dk, *dv;  // rows `row` apart; overwritten
} ck_attention_gradients;

/// Floats of scratch one call below needs: blocks of query rows, never length x length.
size_t ck_attention_scratch(size_t length, size_t dimension);

void ck_attention_forward(const ck_attention *task, float *scratch);
void ck_attention_forward_at(int level, const ck_attention *task, float *scratch);
void ck_attention_forward_reference(const ck_attention *task);

void ck_attention_backward(const ck_attention *task, const ck_attention_gradients *gradients, float *scratch);
void ck_attention_backward_at(int level, const ck_attention *task, const ck_attention_gradients *gradients,
                              float *scratch);
void ck_attention_backward_reference(const ck_attention *task, const ck_attention_gradients *gradients);

/// One query of one head over `count` cached keys and values (rows `row` apart); `scores` has room for `count` floats.
void ck_attention_decode(const float *q, const float *k, const float *v, size_t row, size_t count, size_t dimension,
                         float scale, float *scores, float *out);
#endif
