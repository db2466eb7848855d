/// Whether a place in source code is inside a string or a comment, judged by its line alone; what may be masked where.
enum CodeContext {
  /// In code a value is masked only inside strings and comments, most numbers only near a word that names them.
  /// Outside, what no expression looks like is masked by a name, which parses wherever a name or a value may stand.
  static func allows(_ text: TextView, _ found: Finding) -> Bool {
    switch found.kind {
    case .email: found.isLiteral || EmailDetector.hasKnownDomain(text, found)
    case .secret, .credential: true
    case .identityCard: found.isLiteral && text.mentions(IdentityCardDetector.words, before: found.start, reach: 60)
    case .bankCard: found.isLiteral && text.mentions(BankCardDetector.words, before: found.start, reach: 60)
    default: found.isLiteral
    }
  }

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
