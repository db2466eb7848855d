#ifndef CK_NORM_H
#define CK_NORM_H
#include <stddef.h>

/// RMSNorm of `rows` rows: inverse[r] = 1 / sqrt(mean(x^2) + epsilon), y = weight * x * inverse.
void ck_rms_norm(const float *x, const float *weight, size_t rows, size_t columns, float epsilon, float *y,
                 float *inverse);
void ck_rms_norm_at(int level, const float *x, const float *weight, size_t rows, size_t columns, float epsilon,
                    float *y, float *inverse);
void ck_rms_norm_reference(const float *x, const float *weight, size_t rows, size_t columns, float epsilon, float *y,
                           float *inverse);

/// Adds the gradients of RMSNorm to dx[rows, columns] and, row after row, to dweight[columns].
void ck_rms_norm_backward(const float *dy, const float *x, const float *weight, const float *inverse, size_t rows,
                          size_t columns, float *dx, float *dweight);
void ck_rms_norm_backward_at(int level, const float *dy, const float *x, const float *weight, const float *inverse,
                             size_t rows, size_t columns, float *dx, float *dweight);
void ck_rms_norm_backward_reference(const float *dy, const float *x, const float *weight, const float *inverse,
                                    size_t rows, size_t columns, float *dx, float *dweight);
#endif
