/// Whether a place in source code is inside a string or a comment, judged by its line alone.
enum CodeContext {
  static func isLiteral(_ text: TextView, at place: Int) -> Bool {
    var start = place
    while start > 0, text.at(start - 1) != 0x0A, place - start < 2000 { start -= 1 }
    var quote: UInt8 = 0
    var index = start
    while index < place {
      let byte = text.at(index)
      if quote != 0 {
        if byte == UInt8(ascii: "\\") { index += 1 } else if byte == quote { quote = 0 }
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "`") {
        quote = byte
      } else if startsComment(text, index, lineStart: start) {
        return true
      }
      index += 1
    }
    return quote != 0
  }

  private static func startsComment(_ text: TextView, _ index: Int, lineStart: Int) -> Bool {
    switch text.at(index) {
    case UInt8(ascii: "#"): return true
    case UInt8(ascii: "/"): return text.at(index + 1) == UInt8(ascii: "/") || text.at(index + 1) == UInt8(ascii: "*")
    case UInt8(ascii: "-"): return text.at(index + 1) == UInt8(ascii: "-") && text.at(index + 2) == 0x20
    case UInt8(ascii: "*"):
      for before in lineStart..<index where text.at(before) > 0x20 { return false }
      return true
    default: return false
    }
  }
}
