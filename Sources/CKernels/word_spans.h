#ifndef WORD_SPANS_H
#define WORD_SPANS_H
#include "words_block.h"

/// The classes of 64 bytes, all of which can be read.
typedef block_classes (*block_reader)(const uint8_t *bytes);

/// The reader for a level of ck_cpu.h; NULL where words are found one by one.
block_reader ck_block_reader(int level);
#endif
