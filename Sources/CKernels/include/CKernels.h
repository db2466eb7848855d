#ifndef CKERNELS_H
#define CKERNELS_H
// The only C of our own. Every kernel has a plain reference twin and is chosen once at run time by CPU.
#include "ck_candidates.h"
#include "ck_crc32c.h"
#include "ck_sha256.h"
#include "unicode_classes.h"
#endif
