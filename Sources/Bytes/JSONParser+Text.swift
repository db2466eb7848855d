import CKernels

extension JSONParser {
  /// The string at the opening quote; escapes resolved, lone surrogates replaced by U+FFFD.
  /// - Parameter expected: the string's length as written, where it is known: one allocation.
  mutating func text(reserving expected: Int = 0) throws(JSONError) -> [UInt8] {
    index += 1
    var text: [UInt8] = []
    text.reserveCapacity(expected)
    while true {
      let start = index
      if start < bytes.count { index = ck_next_json_stop(bytes.baseAddress!, start, bytes.count) }
      text.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start..<index]))
      guard index < bytes.count else { throw error("the text ends inside a string") }
      if bytes[index] == UInt8(ascii: "\"") {
        index += 1
        return text
      }
      guard bytes[index] == UInt8(ascii: "\\") else { throw error("a control character in a string must be escaped") }
      try escape(into: &text)
    }
  }

  private mutating func escape(into text: inout [UInt8]) throws(JSONError) {
    index += 1
    guard index < bytes.count else { throw error("the text ends inside a string") }
    let letter = bytes[index]
    index += 1
    switch letter {
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(letter)
    case UInt8(ascii: "u"): UTF8Text.append(try unicodeEscape(), to: &text)
    default: throw error("unknown escape in a string")
    }
  }

  /// The scalar after `\u`, a surrogate pair taken together.
  private mutating func unicodeEscape() throws(JSONError) -> UInt32 {
    let first = try fourDigits()
    if first & 0xFC00 == 0xD800, index + 1 < bytes.count, bytes[index] == UInt8(ascii: "\\"),
      bytes[index + 1] == UInt8(ascii: "u")
    {
      let back = index
      index += 2
      let second = try fourDigits()
      if second & 0xFC00 == 0xDC00 { return 0x10000 + (first & 0x3FF) << 10 + (second & 0x3FF) }
      index = back
    }
    return first & 0xF800 == 0xD800 ? 0xFFFD : first
  }

  private mutating func fourDigits() throws(JSONError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard index < bytes.count else { throw error("the text ends inside an escape") }
      let digit = bytes[index]
      switch digit {
      case 0x30...0x39: value = value << 4 | UInt32(digit - 0x30)
      case 0x41...0x46: value = value << 4 | UInt32(digit - 0x41 + 10)
      case 0x61...0x66: value = value << 4 | UInt32(digit - 0x61 + 10)
      default: throw error("four hexadecimal digits are expected after \\u")
      }
      index += 1
    }
    return value
  }
}
