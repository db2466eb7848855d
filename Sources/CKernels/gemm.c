#include <string.h>

#include "gemm_internal.h"

void ck_micro_plain(const float *a, const float *b, size_t depth, float *c, const float *add, size_t c_row) {
  float sums[CK_GEMM_ROWS][CK_GEMM_LANES] = {{0}};
  for (size_t k = 0; k < depth; k++)
    for (size_t i = 0; i < CK_GEMM_ROWS; i++)
      for (size_t j = 0; j < CK_GEMM_LANES; j++)
        sums[i][j] += a[k * CK_GEMM_ROWS + i] * b[k * CK_GEMM_LANES + j];
  for (size_t i = 0; i < CK_GEMM_ROWS; i++)
    for (size_t j = 0; j < CK_GEMM_LANES; j++)
      c[i * c_row + j] = add ? add[i * c_row + j] + sums[i][j] : sums[i][j];
}

static ck_micro_kernel micro_kernel(int level) {
#if defined(__x86_64__)
  if (level >= CK_AVX512) return ck_micro_avx512;
  if (level == CK_AVX2) return ck_micro_avx2;
#endif
  (void)level;
  return ck_micro_plain;
}

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

/// A micro tile at the edge: computed whole beside C, then only its real part is written.
static void edge(ck_micro_kernel micro, const float *a, const float *b, size_t depth, float *c, const float *add,
                 size_t c_row, size_t rows, size_t columns) {
  float whole[CK_GEMM_ROWS * CK_GEMM_LANES];
  micro(a, b, depth, whole, NULL, CK_GEMM_LANES);
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < columns; j++) {
      float sum = whole[i * CK_GEMM_LANES + j];
      c[i * c_row + j] = add ? add[i * c_row + j] + sum : sum;
    }
}

/// One depth block of one row block: A is packed already.
static void block(ck_micro_kernel micro, const float *a, const float *packed, size_t panel_stride, size_t depth,
                  float *c, const float *add, size_t c_row, size_t rows, size_t columns) {
  for (size_t j = 0; j < columns; j += CK_GEMM_LANES) {
    const float *b = packed + j / CK_GEMM_LANES * panel_stride;
    size_t width = smaller(CK_GEMM_LANES, columns - j);
    for (size_t i = 0; i < rows; i += CK_GEMM_ROWS) {
      size_t height = smaller(CK_GEMM_ROWS, rows - i), at = i * c_row + j;
      const float *start = add ? add + at : NULL;
      if (height == CK_GEMM_ROWS && width == CK_GEMM_LANES)
        micro(a + i * depth, b, depth, c + at, start, c_row);
      else
        edge(micro, a + i * depth, b, depth, c + at, start, c_row, height, width);
    }
  }
}

void ck_gemm_tile_at(int level, const float *a, size_t a_row, size_t a_depth, const float *packed, size_t panel_stride,
                     size_t depth, float *c, const float *add, size_t c_row, size_t rows, size_t columns,
                     float *scratch) {
  ck_micro_kernel micro = micro_kernel(level);
  for (size_t k = 0; k < depth; k += CK_GEMM_DEPTH) {
    size_t deep = smaller(CK_GEMM_DEPTH, depth - k);
    const float *from = k == 0 ? add : c;
    for (size_t i = 0; i < rows; i += CK_GEMM_ROW_BLOCK) {
      size_t high = smaller(CK_GEMM_ROW_BLOCK, rows - i);
      ck_pack_panels(a + i * a_row + k * a_depth, a_row, a_depth, high, deep, CK_GEMM_ROWS, scratch,
                     CK_GEMM_ROWS * deep);
      block(micro, scratch, packed + k * CK_GEMM_LANES, panel_stride, deep, c + i * c_row,
            from ? from + i * c_row : NULL, c_row, high, columns);
    }
  }
}

void ck_gemm_tile(const float *a, size_t a_row, size_t a_depth, const float *packed, size_t panel_stride, size_t depth,
                  float *c, const float *add, size_t c_row, size_t rows, size_t columns, float *scratch) {
  ck_gemm_tile_at(ck_cpu_level(), a, a_row, a_depth, packed, panel_stride, depth, c, add, c_row, rows, columns,
                  scratch);
}

void ck_gemm_reference(const float *a, size_t a_row, size_t a_depth, const float *b, size_t b_lane, size_t b_depth,
                       size_t depth, float *c, const float *add, size_t c_row, size_t rows, size_t columns) {
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < columns; j++) {
      double sum = add ? add[i * c_row + j] : 0;
      for (size_t k = 0; k < depth; k++) sum += (double)a[i * a_row + k * a_depth] * b[j * b_lane + k * b_depth];
      c[i * c_row + j] = (float)sum;
    }
}
