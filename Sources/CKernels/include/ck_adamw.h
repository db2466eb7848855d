#ifndef CK_ADAMW_H
#define CK_ADAMW_H
#include <stddef.h>

/// The numbers of one AdamW step (Loshchilov & Hutter 2019), bias corrections and clipping already worked in.
typedef struct {
  float gradient_scale;   // clipping
  float beta1, beta2;
  float decay;            // 1 - learning rate * weight decay
  float rate;             // learning rate / (1 - beta1^t)
  float root_correction;  // 1 / sqrt(1 - beta2^t)
  float epsilon;
} ck_adamw_options;

/// w = w * decay - rate * m / (sqrt(v) * root_correction + epsilon), after m and v took in the scaled gradient.
void ck_adamw(float *w, const float *gradient, float *m, float *v, size_t count, ck_adamw_options options);
void ck_adamw_at(int level, float *w, const float *gradient, float *m, float *v, size_t count,
                 ck_adamw_options options);
void ck_adamw_reference(float *w, const float *gradient, float *m, float *v, size_t count, ck_adamw_options options);

/// *sum = sum of x[i]^2 in a fixed order, in double after every 4,096 elements.
void ck_sum_squares(const float *x, size_t count, double *sum);
void ck_sum_squares_at(int level, const float *x, size_t count, double *sum);
void ck_sum_squares_reference(const float *x, size_t count, double *sum);
#endif
