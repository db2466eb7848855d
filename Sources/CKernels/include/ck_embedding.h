#ifndef CK_EMBEDDING_H
#define CK_EMBEDDING_H
#include <stddef.h>
#include <stdint.h>

/// out[i] = table[ids[i]] for rows of `width` floats.
void ck_embedding_gather(const float *table, size_t width, const int32_t *ids, size_t count, float *out);

/// table[ids[i]] += rows[i] in the order of i, for ids in first ..< last only: ranges of ids are independent of each
/// other, so that threads may share the work and no sum depends on them.
void ck_embedding_scatter(const float *rows, size_t width, const int32_t *ids, size_t count, int32_t first,
                          int32_t last, float *table);
void ck_embedding_scatter_at(int level, const float *rows, size_t width, const int32_t *ids, size_t count,
                             int32_t first, int32_t last, float *table);
void ck_embedding_scatter_reference(const float *rows, size_t width, const int32_t *ids, size_t count, int32_t first,
                                    int32_t last, float *table);
#endif
