#ifndef CK_ROPE_H
#define CK_ROPE_H
#include <stddef.h>

/// Rotary positions, rotate-half as in Hugging Face: in every head, (x[i], x[i + d/2]) turns by the angle of
/// (position, i), times `direction` (1 forward, -1 backward). `x` points at row `first_row`, rows are `row_stride`
/// floats apart, the heads lie side by side; the position of row r is r % length. Tables are [length, d/2].
void ck_rope(float *x, size_t row_stride, size_t first_row, size_t rows, size_t length, size_t heads, size_t dimension,
             const float *cosines, const float *sines, float direction);
void ck_rope_at(int level, float *x, size_t row_stride, size_t first_row, size_t rows, size_t length, size_t heads,
                size_t dimension, const float *cosines, const float *sines, float direction);
void ck_rope_reference(float *x, size_t row_stride, size_t first_row, size_t rows, size_t length, size_t heads,
                       size_t dimension, const float *cosines, const float *sines, float direction);
#endif
