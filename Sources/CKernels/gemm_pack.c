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

enum { DEPTH_STEP = 64, PANEL_GROUP = 8, AHEAD = 12 };

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

/// One whole panel from lanes that are contiguous along the depth: 4 lanes at a time, so that few rows are read at
/// once, and a short depth, so that the lines written stay in the first cache until they are full.
static void pack_transposed(const float *source, size_t lane_stride, size_t depth, size_t width, float *out) {
  for (size_t from = 0; from < depth; from += DEPTH_STEP) {
    size_t end = smaller(from + DEPTH_STEP, depth);
    for (size_t lane = 0; lane < width; lane += 4) {
      const float *row = source + lane * lane_stride;
      size_t k = from;
      for (; k + 4 <= end; k += 4) transpose4(row + k, lane_stride, out + k * width + lane, width);
      for (; k < end; k++)
        for (size_t i = 0; i < 4; i++) out[k * width + lane + i] = row[i * lane_stride + k];
    }
  }
}

/// Whole panels from a source whose lanes lie side by side: several at once, so that its rows are read in long pieces.
__attribute__((always_inline)) static inline void copy_panels(const float *source, size_t depth_stride, size_t depth,
                                                              size_t panels, const size_t width, float *out,
                                                              size_t panel_stride) {
  for (size_t first = 0; first < panels; first += PANEL_GROUP) {
    size_t last = smaller(first + PANEL_GROUP, panels);
    for (size_t k = 0; k < depth; k++) {
      const float *row = source + k * depth_stride;
      // Rows lie on different pages, where the hardware does not look ahead.
      for (size_t i = first * width; i < last * width; i += 16) __builtin_prefetch(row + AHEAD * depth_stride + i);
      for (size_t panel = first; panel < last; panel++)
        memcpy(out + panel * panel_stride + k * width, row + panel * width, width * sizeof(float));
    }
  }
}

static void pack_partial(const float *source, size_t lane_stride, size_t depth_stride, size_t lanes, size_t depth,
                         size_t width, float *out) {
  memset(out, 0, depth * width * sizeof(float));
  for (size_t k = 0; k < depth; k++)
    for (size_t lane = 0; lane < lanes; lane++)
      out[k * width + lane] = source[lane * lane_stride + k * depth_stride];
}

void ck_pack_panels(const float *source, size_t lane_stride, size_t depth_stride, size_t lanes, size_t depth,
                    size_t width, float *out, size_t panel_stride) {
  size_t whole = lanes / width, rest = lanes % width;
  if (lane_stride == 1) {
    // A constant width makes each copy a few vector moves.
    if (width == CK_GEMM_LANES)
      copy_panels(source, depth_stride, depth, whole, CK_GEMM_LANES, out, panel_stride);
    else
      copy_panels(source, depth_stride, depth, whole, CK_GEMM_ROWS, out, panel_stride);
  } else {
    for (size_t panel = 0; panel < whole; panel++)
      pack_transposed(source + panel * width * lane_stride, lane_stride, depth, width, out + panel * panel_stride);
  }
  if (rest > 0)
    pack_partial(source + whole * width * lane_stride, lane_stride, depth_stride, rest, depth, width,
                 out + whole * panel_stride);
}

size_t ck_gemm_packed_count(size_t lanes, size_t depth) {
  return (lanes + CK_GEMM_LANES - 1) / CK_GEMM_LANES * CK_GEMM_LANES * depth;
}

void ck_gemm_pack(const float *b, size_t lane_stride, size_t depth_stride, size_t lanes, size_t depth,
                  size_t first_panel, size_t last_panel, float *packed) {
  size_t lane = first_panel * CK_GEMM_LANES, end = smaller(last_panel * CK_GEMM_LANES, lanes);
  ck_pack_panels(b + lane * lane_stride, lane_stride, depth_stride, end - lane, depth, CK_GEMM_LANES,
                 packed + lane * depth, CK_GEMM_LANES * depth);
}
