#ifndef CK_GEMM_H
#define CK_GEMM_H
#include <stddef.h>

// C[m, n] = add[m, n] + sum over k of A[m, k] B[n, k], fp32; strides are in floats.
// B is packed first, in panels of 32 rows ("lanes"): panel p holds [depth][32]. Every element of C is one running sum
// over k in blocks of CK_GEMM_DEPTH, so how C is cut into tiles changes no bit.

enum { CK_GEMM_LANES = 32, CK_GEMM_ROWS = 12, CK_GEMM_ROW_BLOCK = 192, CK_GEMM_DEPTH = 256 };
/// Floats of scratch one ck_gemm_tile call needs.
enum { CK_GEMM_SCRATCH = CK_GEMM_ROW_BLOCK * CK_GEMM_DEPTH };

/// Floats that `lanes` rows of depth `depth` take when packed.
size_t ck_gemm_packed_count(size_t lanes, size_t depth);

/// Packs panels `first_panel ..< last_panel` of B (B[lane, k] = b[lane * lane_stride + k * depth_stride]; one of the
/// strides is 1) into `packed` (base of all panels). Lanes past `lanes` are zero.
void ck_gemm_pack(const float *b, size_t lane_stride, size_t depth_stride, size_t lanes, size_t depth,
                  size_t first_panel, size_t last_panel, float *packed);

/// One tile of C: `rows` x `columns`, all of `depth`. A[i, k] = a[i * a_row + k * a_depth], one of the strides 1.
/// `packed` points at the tile's first panel, panels lie `panel_stride` floats apart. `add` may be NULL (zero) or C.
void ck_gemm_tile(const float *a, size_t a_row, size_t a_depth, const float *packed, size_t panel_stride, size_t depth,
                  float *c, const float *add, size_t c_row, size_t rows, size_t columns, float *scratch);
void ck_gemm_tile_at(int level, const float *a, size_t a_row, size_t a_depth, const float *packed, size_t panel_stride,
                     size_t depth, float *c, const float *add, size_t c_row, size_t rows, size_t columns,
                     float *scratch);

/// The textbook loop on unpacked B: what the above is tested against.
void ck_gemm_reference(const float *a, size_t a_row, size_t a_depth, const float *b, size_t b_lane, size_t b_depth,
                       size_t depth, float *c, const float *add, size_t c_row, size_t rows, size_t columns);

/// y[n] = (add ? add[n] : 0) + sum over k of w[n * depth + k] x[k] for n in first ..< last: decoding one token.
void ck_matvec(const float *w, const float *x, size_t depth, size_t first, size_t last, const float *add, float *y);
void ck_matvec_at(int level, const float *w, const float *x, size_t depth, size_t first, size_t last, const float *add,
                  float *y);
void ck_matvec_reference(const float *w, const float *x, size_t depth, size_t first, size_t last, const float *add,
                         float *y);
#endif
