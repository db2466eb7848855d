#ifndef CK_JSON_H
#define CK_JSON_H

#include <stddef.h>
#include <stdint.h>

/// Bytes that `ck_json_text` may write behind the text.
enum { CK_JSON_SLACK = 32 };

/// The offset of the quote that ends the JSON string whose inside begins at `from`, or of the first control byte in it,
/// or `count`.
size_t ck_json_string_end(const uint8_t *bytes, size_t from, size_t count);
size_t ck_json_string_end_reference(const uint8_t *bytes, size_t from, size_t count);

/// Writes the inside of a JSON string, bytes[from..<count], with its escapes resolved; a lone surrogate becomes
/// U+FFFD. `out` holds at least count - from + CK_JSON_SLACK bytes, `*written` of which are the text; `*unicode`
/// counts its `\u`. Returns `count`, or the offset of what does not belong there: a quote, a control byte, the
/// backslash of a bad escape.
size_t ck_json_text(const uint8_t *bytes, size_t from, size_t count, uint8_t *out, size_t *written,
                    size_t *unicode);
size_t ck_json_text_reference(const uint8_t *bytes, size_t from, size_t count, uint8_t *out, size_t *written,
                              size_t *unicode);

#endif
