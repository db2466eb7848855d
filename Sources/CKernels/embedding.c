#include "ck_embedding.h"

#include "vector.h"

void ck_embedding_gather(const float *table, size_t width, const int32_t *ids, size_t count, float *out) {
  for (size_t i = 0; i < count; i++)
    memcpy(out + i * width, table + (size_t)ids[i] * width, width * sizeof(float));
}

CK_INLINE void ck_embedding_scatter_body(const float *rows, size_t width, const int32_t *ids, size_t count,
                                         int32_t first, int32_t last, float *table) {
  for (size_t i = 0; i < count; i++) {
    if (ids[i] < first || ids[i] >= last) continue;
    const float *from = rows + i * width;
    float *to = table + (size_t)ids[i] * width;
    size_t k = 0;
    for (; k + 16 <= width; k += 16) store16(to + k, load16(to + k) + load16(from + k));
    for (; k < width; k++) to[k] += from[k];
  }
}

CK_KERNEL(ck_embedding_scatter,
          (const float *rows, size_t width, const int32_t *ids, size_t count, int32_t first, int32_t last,
           float *table),
          (rows, width, ids, count, first, last, table))

void ck_embedding_scatter_reference(const float *rows, size_t width, const int32_t *ids, size_t count, int32_t first,
                                    int32_t last, float *table) {
  for (int32_t id = first; id < last; id++)
    for (size_t k = 0; k < width; k++)
      for (size_t i = 0; i < count; i++)
        if (ids[i] == id) table[(size_t)id * width + k] += rows[i * width + k];
}
