import Bytes

extension JSONValue {
  /// Text of a model may end inside a character; what is not UTF-8 becomes U+FFFD.
  static func repaired(_ text: [UInt8]) -> JSONValue { .string(String(decoding: text, as: UTF8.self)) }
}

extension [UInt8] {
  mutating func appendLine(_ value: JSONValue) {
    append(contentsOf: JSONWriter.compact(value))
    append(0x0A)
  }
}
