#ifndef CMODELS_H
#define CMODELS_H
// The default models, as bytes in the binary: the program needs no file to start.
// tools/classifier-defaults makes them anew; docs/CLASSIFY.md says from what.
#include <stddef.h>
#include <stdint.h>

/// A file made by `pretraind classifier train`, and its size.
const uint8_t *cmodels_channel(size_t *size);
const uint8_t *cmodels_genre(size_t *size);
const uint8_t *cmodels_advertisement(size_t *size);

#endif
