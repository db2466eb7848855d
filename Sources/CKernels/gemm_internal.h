#ifndef CK_GEMM_INTERNAL_H
#define CK_GEMM_INTERNAL_H
#include "ck_cpu.h"
#include "ck_gemm.h"

/// c[12][32] (row stride c_row) = add + a[k][12]^T b[k][32]; add may be NULL.
typedef void (*ck_micro_kernel)(const float *a, const float *b, size_t depth, float *c, const float *add, size_t c_row);

void ck_micro_plain(const float *a, const float *b, size_t depth, float *c, const float *add, size_t c_row);
#if defined(__x86_64__)
void ck_micro_avx2(const float *a, const float *b, size_t depth, float *c, const float *add, size_t c_row);
void ck_micro_avx512(const float *a, const float *b, size_t depth, float *c, const float *add, size_t c_row);
#endif

/// Packs `lanes` lanes of depth `depth` into panels out[panel][depth][width], `panel_stride` floats apart, missing
/// lanes
/// of the last one zero. The lanes or the depths are contiguous in the source (one stride is 1).
void ck_pack_panels(const float *source, size_t lane_stride, size_t depth_stride, size_t lanes, size_t depth,
                    size_t width, float *out, size_t panel_stride);
#endif
