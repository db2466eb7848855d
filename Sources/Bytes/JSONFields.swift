/// One JSON object scanned for its top-level members, without building values: the reader of JSON Lines.
public struct JSONFields {
  public struct Field: Sendable {
    /// Key without its quotes, as written (escapes not resolved).
    public let key: Range<Int>
    /// The value as written, in the line.
    public let value: Range<Int>
  }

  public private(set) var fields: [Field] = []
  private static let mostFields = 65_536

  /// Scans `line`, which must hold exactly one object.
  public init(_ line: UnsafeBufferPointer<UInt8>) throws(JSONError) {
    var parser = JSONParser(line)
    parser.skipSpace()
    guard parser.take(UInt8(ascii: "{")) else { throw parser.error("a JSON object is expected") }
    parser.skipSpace()
    fields.reserveCapacity(8)
    if !parser.take(UInt8(ascii: "}")) { try scanMembers(&parser, line) }
    parser.skipSpace()
    if parser.index < line.count { throw parser.error("something follows the object") }
  }

  private mutating func scanMembers(_ parser: inout JSONParser, _ line: UnsafeBufferPointer<UInt8>) throws(JSONError) {
    while true {
      parser.skipSpace()
      let keyStart = parser.index + 1
      try parser.skipText()
      let key = keyStart..<(parser.index - 1)
      parser.skipSpace()
      guard parser.take(UInt8(ascii: ":")) else { throw parser.error("':' is expected after a key") }
      parser.skipSpace()
      let start = parser.index
      try parser.skipValue(depth: 0)
      if fields.count == JSONFields.mostFields {
        throw parser.error("more than \(JSONFields.mostFields) members in a record")
      }
      fields.append(Field(key: key, value: start..<parser.index))
      parser.skipSpace()
      if parser.take(UInt8(ascii: "}")) { return }
      guard parser.take(UInt8(ascii: ",")) else { throw parser.error("',' or '}' is expected") }
    }
  }

  /// The value of the first member whose key is written as `key`.
  public func value(_ key: [UInt8], in line: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
    for field in fields where field.key.count == key.count {
      var same = true
      for offset in 0..<key.count where line[field.key.lowerBound + offset] != key[offset] { same = false }
      if same { return field.value }
    }
    return nil
  }

  /// The text of a value that is a string, escapes resolved; nil when it is no string.
  public static func text(_ value: Range<Int>, in line: UnsafeBufferPointer<UInt8>) throws(JSONError) -> [UInt8]? {
    guard !value.isEmpty, line[value.lowerBound] == UInt8(ascii: "\"") else { return nil }
    return try JSONParser(line).text(value.lowerBound + 1..<value.upperBound - 1)
  }

  /// The same; `isPlain` when the value as written is as good as one written anew: nothing of it is `\u`.
  public static func plainText(
    _ value: Range<Int>, in line: UnsafeBufferPointer<UInt8>
  ) throws(JSONError) -> (text: [UInt8], isPlain: Bool)? {
    guard !value.isEmpty, line[value.lowerBound] == UInt8(ascii: "\"") else { return nil }
    return try JSONParser(line).plainText(value.lowerBound + 1..<value.upperBound - 1)
  }
}

extension JSONParser {
  mutating func skipValue(depth: Int) throws(JSONError) {
    guard index < bytes.count else { throw error("the text ends where a value is expected") }
    if bytes[index] == UInt8(ascii: "\"") {
      try skipText()
    } else {
      _ = try value(depth: depth)
    }
  }
}
