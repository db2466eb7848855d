import CKernels

extension JSONParser {
  /// The string at the opening quote; escapes resolved, lone surrogates replaced by U+FFFD.
  mutating func text() throws(JSONError) -> [UInt8] {
    let start = index
    try skipText()
    return try text(start + 1..<index - 1)
  }

  /// Passes over the string at the opening quote.
  mutating func skipText() throws(JSONError) {
    guard take(UInt8(ascii: "\"")) else { throw error("a string in quotes is expected") }
    guard let base = bytes.baseAddress else { return }
    index = ck_json_string_end(base, index, bytes.count)
    guard index < bytes.count else { throw error("the text ends inside a string") }
    guard bytes[index] == UInt8(ascii: "\"") else {
      throw error("a control character in a string must be escaped")
    }
    index += 1
  }

  /// What stands between a string's quotes, escapes resolved.
  func text(_ inside: Range<Int>) throws(JSONError) -> [UInt8] { try plainText(inside).text }

  /// The same; `isPlain` when nothing of it was written as `\u`.
  func plainText(_ inside: Range<Int>) throws(JSONError) -> (text: [UInt8], isPlain: Bool) {
    guard let base = bytes.baseAddress, !inside.isEmpty else { return ([], true) }
    var stop = inside.upperBound
    var unicode = 0
    let text = [UInt8](unsafeUninitializedCapacity: inside.count + CK_JSON_SLACK) { buffer, count in
      stop = ck_json_text(base, inside.lowerBound, inside.upperBound, buffer.baseAddress!, &count, &unicode)
    }
    if stop < inside.upperBound { throw badEscape(at: stop) }
    return (text, unicode == 0)
  }

  private func badEscape(at backslash: Int) -> JSONError {
    var place = backslash + 2
    guard bytes[backslash + 1] == UInt8(ascii: "u") else {
      return JSONError(offset: place, reason: "unknown escape in a string")
    }
    while isHexadecimal(bytes[place]) { place += 1 }
    // The first half of a pair was right: its second is not.
    if place == backslash + 6 {
      place += 2
      while isHexadecimal(bytes[place]) { place += 1 }
    }
    return JSONError(offset: place, reason: "four hexadecimal digits are expected after \\u")
  }

  private func isHexadecimal(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
    default: false
    }
  }
}
