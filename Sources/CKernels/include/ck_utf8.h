#ifndef CK_UTF8_H
#define CK_UTF8_H

#include <stddef.h>
#include <stdint.h>

/// Length of a prefix that is well-formed UTF-8 and ends between two scalars: all of it when the text is, or stops at
/// most a block before the first fault. What follows is for a scalar check.
size_t ck_utf8_prefix(const uint8_t *bytes, size_t count);

#endif
