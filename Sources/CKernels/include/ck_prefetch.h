#ifndef CK_PREFETCH_H
#define CK_PREFETCH_H

/// Asks the processor for the line of memory at `place`, which will soon be read and perhaps written. Any address will
/// do.
static inline void ck_prefetch(const void *place) { __builtin_prefetch(place, 1); }

#endif
