#ifndef CK_SWIGLU_H
#define CK_SWIGLU_H
#include <stddef.h>

/// out[rows, width] = silu(gate) * up, where a row of gate_up[rows, 2 * width] holds the gate, then the up projection.
void ck_swiglu(const float *gate_up, size_t rows, size_t width, float *out);
void ck_swiglu_at(int level, const float *gate_up, size_t rows, size_t width, float *out);
void ck_swiglu_reference(const float *gate_up, size_t rows, size_t width, float *out);

/// Replaces gate_up by its gradient, given the gradient `dout` of the output.
void ck_swiglu_backward(float *gate_up, const float *dout, size_t rows, size_t width);
void ck_swiglu_backward_at(int level, float *gate_up, const float *dout, size_t rows, size_t width);
void ck_swiglu_backward_reference(float *gate_up, const float *dout, size_t rows, size_t width);
#endif
