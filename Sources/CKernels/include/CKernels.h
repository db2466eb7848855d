#ifndef CKERNELS_H
#define CKERNELS_H
// The only C of our own. Every kernel has a plain reference twin and is chosen once at run time by CPU.
#include "ck_adamw.h"
#include "ck_attention.h"
#include "ck_candidates.h"
#include "ck_cpu.h"
#include "ck_crc32c.h"
#include "ck_cross_entropy.h"
#include "ck_embedding.h"
#include "ck_gemm.h"
#include "ck_match.h"
#include "ck_minhash.h"
#include "ck_ngram.h"
#include "ck_norm.h"
#include "ck_rope.h"
#include "ck_sha256.h"
#include "ck_swiglu.h"
#include "ck_text_scan.h"
#include "ck_utf8.h"
#include "unicode_classes.h"
#endif
