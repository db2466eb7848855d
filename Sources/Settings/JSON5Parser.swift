/// JSON5 (json5.org) as far as people write it: comments, trailing commas, unquoted keys, single quotes, hex, +/- and
/// leading or trailing decimal points, Infinity and NaN excepted. A duplicate key is an error.
public struct JSON5Parser {
  private let bytes: [UInt8]
  private var index = 0
  private var line = 1
  private var lineStart = 0

  private init(_ bytes: [UInt8]) {
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      index = 3
      lineStart = 3
    }
  }

  public static func parse(_ bytes: [UInt8]) throws(SettingError) -> SettingValue {
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw SettingError("the file is not UTF-8; save it as UTF-8", line: 1, column: 1)
    }
    var parser = JSON5Parser(bytes)
    let value = try parser.value(depth: 0)
    try parser.skip()
    if parser.index < bytes.count { throw parser.error("something follows the value") }
    return value
  }

  private func error(_ reason: String) -> SettingError {
    SettingError(reason, line: line, column: index - lineStart + 1)
  }

  private var current: UInt8? { index < bytes.count ? bytes[index] : nil }

  private mutating func advance() {
    if bytes[index] == 0x0A {
      line += 1
      lineStart = index + 1
    }
    index += 1
  }

  /// White space and comments.
  private mutating func skip() throws(SettingError) {
    while let byte = current {
      if byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) {
        advance()
      } else if byte == UInt8(ascii: "/"), index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "/") {
        while let next = current, next != 0x0A { advance() }
      } else if byte == UInt8(ascii: "/"), index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "*") {
        try skipBlockComment()
      } else {
        return
      }
    }
  }

  private mutating func skipBlockComment() throws(SettingError) {
    let open = error("this comment is not closed with */")
    advance()
    advance()
    while index + 1 < bytes.count {
      if bytes[index] == UInt8(ascii: "*"), bytes[index + 1] == UInt8(ascii: "/") {
        advance()
        advance()
        return
      }
      advance()
    }
    throw open
  }

  private mutating func value(depth: Int) throws(SettingError) -> SettingValue {
    try skip()
    if depth > 64 { throw error("nested deeper than 64") }
    let line = line
    let column = index - lineStart + 1
    guard let byte = current else { throw error("the text ends where a value is expected") }
    let content: SettingValue.Content
    switch byte {
    case UInt8(ascii: "{"): content = try table(depth: depth)
    case UInt8(ascii: "["): content = try list(depth: depth)
    case UInt8(ascii: "\""), UInt8(ascii: "'"): content = .text(try quoted())
    case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), 0x30...0x39: content = .number(try number())
    default: content = try word()
    }
    return SettingValue(content, line: line, column: column)
  }

  private mutating func word() throws(SettingError) -> SettingValue.Content {
    let start = error("a value is expected (a text needs quotes)")
    switch name() {
    case "true": return .bool(true)
    case "false": return .bool(false)
    case "null": return .null
    default: throw start
    }
  }

  /// An unquoted key or word; empty when there is none.
  private mutating func name() -> String {
    let start = index
    while let byte = current,
      byte == 0x5F || byte == 0x24 || byte >= 0x80 || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A)
        || (index > start && byte >= 0x30 && byte <= 0x39)
    {
      advance()
    }
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }

  private mutating func table(depth: Int) throws(SettingError) -> SettingValue.Content {
    advance()
    var members: [(key: String, value: SettingValue)] = []
    while true {
      try skip()
      if current == UInt8(ascii: "}") {
        advance()
        return .table(members)
      }
      let place = error("")
      let key = current == UInt8(ascii: "\"") || current == UInt8(ascii: "'") ? try quoted() : name()
      if key.isEmpty { throw error("a key or '}' is expected") }
      if members.contains(where: { $0.key == key }) {
        throw SettingError("the key '\(key)' is there twice; keep one", line: place.line, column: place.column)
      }
      try skip()
      guard current == UInt8(ascii: ":") else { throw error("':' is expected after the key '\(key)'") }
      advance()
      members.append((key, try value(depth: depth + 1)))
      try skip()
      if current == UInt8(ascii: ",") {
        advance()
      } else if current != UInt8(ascii: "}") {
        throw error("',' or '}' is expected after the value of '\(key)'")
      }
    }
  }

  private mutating func list(depth: Int) throws(SettingError) -> SettingValue.Content {
    advance()
    var items: [SettingValue] = []
    while true {
      try skip()
      if current == UInt8(ascii: "]") {
        advance()
        return .list(items)
      }
      items.append(try value(depth: depth + 1))
      try skip()
      if current == UInt8(ascii: ",") {
        advance()
      } else if current != UInt8(ascii: "]") {
        throw error("',' or ']' is expected in this list")
      }
    }
  }

  private mutating func number() throws(SettingError) -> Double {
    let place = error("not a number")
    let start = index
    while let byte = current,
      byte == 0x2B || byte == 0x2D || byte == 0x2E || byte == 0x5F || (byte >= 0x30 && byte <= 0x39)
        || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A)
    {
      advance()
    }
    // 1_000_000 reads as 1000000, as in Swift.
    var text = String(decoding: bytes[start..<index].filter { $0 != 0x5F }, as: UTF8.self)
    if text.hasPrefix("+") { text.removeFirst() }
    if text.hasPrefix("+") || text.hasPrefix("--") || (bytes[start] == 0x2B && text.hasPrefix("-")) { throw place }
    let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
    if digits.hasPrefix("0x") || digits.hasPrefix("0X") {
      guard digits.dropFirst(2).first?.isHexDigit == true, let value = Int(digits.dropFirst(2), radix: 16) else {
        throw place
      }
      return text.hasPrefix("-") ? -Double(value) : Double(value)
    }
    if text.hasPrefix(".") { text = "0" + text }
    if text.hasSuffix(".") { text += "0" }
    guard let value = Double(text), value.isFinite else { throw place }
    return value
  }

  private mutating func quoted() throws(SettingError) -> String {
    let open = error("this text is not closed")
    let quote = bytes[index]
    advance()
    var text: [UInt8] = []
    while let byte = current {
      if byte == quote {
        advance()
        return String(decoding: text, as: UTF8.self)
      }
      if byte == 0x0A { throw open }
      if byte == UInt8(ascii: "\\") {
        advance()
        try escape(into: &text)
      } else {
        text.append(byte)
        advance()
      }
    }
    throw open
  }

  private mutating func escape(into text: inout [UInt8]) throws(SettingError) {
    guard let byte = current else { throw error("the text ends inside an escape") }
    advance()
    switch byte {
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "0"): text.append(0)
    case 0x0A: break
    case UInt8(ascii: "u"): text += String(Character(try unicodeEscape())).utf8
    case UInt8(ascii: "x"): text += String(Character(Unicode.Scalar(UInt8(try hexadecimal(2))))).utf8
    default: text.append(byte)
    }
  }
  /// The character after `\u`; a surrogate pair, as JSON writes it, is one.
  private mutating func unicodeEscape() throws(SettingError) -> Unicode.Scalar {
    let place = error("4 hexadecimal digits of a character are expected")
    var value = try hexadecimal(4)
    if value & 0xFC00 == 0xD800, bytes[index...].starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]) {
      advance()
      advance()
      let second = try hexadecimal(4)
      guard second & 0xFC00 == 0xDC00 else { throw place }
      value = 0x10000 + (value & 0x3FF) << 10 + (second & 0x3FF)
    }
    guard let scalar = Unicode.Scalar(value) else { throw place }
    return scalar
  }

  private mutating func hexadecimal(_ count: Int) throws(SettingError) -> UInt32 {
    let place = error("\(count) hexadecimal digits of a character are expected")
    var value: UInt32 = 0
    for _ in 0..<count {
      guard let digit = current.flatMap({ Character(Unicode.Scalar($0)).hexDigitValue }) else { throw place }
      value = value << 4 | UInt32(digit)
      advance()
    }
    return value
  }
}
