#include <string.h>

#include "gemm_internal.h"

#if defined(__x86_64__)
#include <immintrin.h>

/// 4 lanes x 4 depths, source contiguous along depth, written [depth][lane].
static void transpose4(const float *source, size_t lane_stride, float *out, size_t width) {
  __m128 r0 = _mm_loadu_ps(source), r1 = _mm_loadu_ps(source + lane_stride);
  __m128 r2 = _mm_loadu_ps(source + 2 * lane_stride), r3 = _mm_loadu_ps(source + 3 * lane_stride);
  _MM_TRANSPOSE4_PS(r0, r1, r2, r3);
  _mm_storeu_ps(out, r0);
  _mm_storeu_ps(out + width, r1);
  _mm_storeu_ps(out + 2 * width, r2);
  _mm_storeu_ps(out + 3 * width, r3);
}
#else
static void transpose4(const float *source, size_t lane_stride, float *out, size_t width) {
  for (size_t k = 0; k < 4; k++)
    for (size_t lane = 0; lane < 4; lane++) out[k * width + lane] = source[lane * lane_stride + k];
}
#endif

static void pack_transposed(const float *source, size_t lane_stride, size_t depth, size_t width, float *out) {
  size_t k = 0;
  for (; k + 4 <= depth; k += 4)
    for (size_t lane = 0; lane < width; lane += 4)
      transpose4(source + lane * lane_stride + k, lane_stride, out + k * width + lane, width);
  for (; k < depth; k++)
    for (size_t lane = 0; lane < width; lane++) out[k * width + lane] = source[lane * lane_stride + k];
}

void ck_pack_panel(const float *source, size_t lane_stride, size_t depth_stride, size_t lanes, size_t depth,
                   size_t width, float *out) {
  if (lanes == width && depth_stride == 1) return pack_transposed(source, lane_stride, depth, width, out);
  if (lanes == width && lane_stride == 1) {
    // Constant sizes become a few vector moves.
    if (width == CK_GEMM_LANES)
      for (size_t k = 0; k < depth; k++) memcpy(out + k * 32, source + k * depth_stride, 32 * sizeof(float));
    else
      for (size_t k = 0; k < depth; k++) memcpy(out + k * 12, source + k * depth_stride, 12 * sizeof(float));
    return;
  }
  memset(out, 0, depth * width * sizeof(float));
  for (size_t k = 0; k < depth; k++)
    for (size_t lane = 0; lane < lanes; lane++)
      out[k * width + lane] = source[lane * lane_stride + k * depth_stride];
}

size_t ck_gemm_packed_count(size_t lanes, size_t depth) {
  return (lanes + CK_GEMM_LANES - 1) / CK_GEMM_LANES * CK_GEMM_LANES * depth;
}

void ck_gemm_pack(const float *b, size_t lane_stride, size_t depth_stride, size_t lanes, size_t depth,
                  size_t first_panel, size_t last_panel, float *packed) {
  for (size_t panel = first_panel; panel < last_panel; panel++) {
    size_t lane = panel * CK_GEMM_LANES;
    size_t count = lanes - lane < CK_GEMM_LANES ? lanes - lane : CK_GEMM_LANES;
    ck_pack_panel(b + lane * lane_stride, lane_stride, depth_stride, count, depth, CK_GEMM_LANES,
                  packed + lane * depth);
  }
}
