#ifndef CK_CROSS_ENTROPY_H
#define CK_CROSS_ENTROPY_H
#include <stddef.h>
#include <stdint.h>

/// For every row of logits[rows, vocabulary]: losses[r] = -ln softmax(logits)[targets[r]], and the logits are replaced
/// by `scale` times the loss's gradient. A target of -1 counts nothing: loss and gradient are 0.
void ck_cross_entropy(float *logits, size_t rows, size_t vocabulary, const int32_t *targets, float scale,
                      float *losses);
void ck_cross_entropy_at(int level, float *logits, size_t rows, size_t vocabulary, const int32_t *targets, float scale,
                         float *losses);
void ck_cross_entropy_reference(float *logits, size_t rows, size_t vocabulary, const int32_t *targets, float scale,
                                float *losses);

/// For every row: ln p of its target and the number of ids with a larger logit.
void ck_token_scores(const float *logits, size_t rows, size_t vocabulary, const int32_t *targets,
                     float *log_probabilities, int32_t *ranks);
void ck_token_scores_at(int level, const float *logits, size_t rows, size_t vocabulary, const int32_t *targets,
                        float *log_probabilities, int32_t *ranks);
void ck_token_scores_reference(const float *logits, size_t rows, size_t vocabulary, const int32_t *targets,
                               float *log_probabilities, int32_t *ranks);
#endif
