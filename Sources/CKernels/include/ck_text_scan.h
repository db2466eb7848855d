#ifndef CK_TEXT_SCAN_H
#define CK_TEXT_SCAN_H

#include <stddef.h>
#include <stdint.h>

/// Each returns the first offset >= `from` that its reader has to look at, or `count`. The plain twins say which those
/// are; all bytes between are passed without a look. Nothing beyond `count` is read.

/// A quote, a backslash or a control byte: where a JSON string's plain run ends.
size_t ck_next_json_stop(const uint8_t *bytes, size_t from, size_t count);
size_t ck_next_json_stop_reference(const uint8_t *bytes, size_t from, size_t count);

/// A control byte other than tab (line feeds too), or a lead byte whose followers may make an invisible character:
/// what a text must be looked at for before it is called clean.
size_t ck_next_unclean(const uint8_t *bytes, size_t from, size_t count);
size_t ck_next_unclean_reference(const uint8_t *bytes, size_t from, size_t count);

/// The same, but for a line feed behind anything that is neither white space nor may be its last byte: what ends most
/// lines of a clean text.
size_t ck_next_dirty(const uint8_t *bytes, size_t from, size_t count);
size_t ck_next_dirty_reference(const uint8_t *bytes, size_t from, size_t count);

/// The lead byte of a character that wrong decodings leave behind: C2, C3, and the ideographs that begin as 锛 銆 鈥 鐨 鏄
/// 鍦 锟 烫 屯 do by their first two bytes.
size_t ck_next_mojibake(const uint8_t *bytes, size_t from, size_t count);
size_t ck_next_mojibake_reference(const uint8_t *bytes, size_t from, size_t count);

#endif
