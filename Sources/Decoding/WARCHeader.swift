/// The header of a WARC record (ISO 28500) or of the HTTP message in it: lines `Name: value` up to an empty line.
struct WARCHeader {
  private var fields: [(name: [UInt8], value: [UInt8])] = []
  /// The version or status line.
  let firstLine: [UInt8]
  /// Bytes up to and with the empty line.
  let length: Int

  static let longest = 65_536
  private static let mostFields = 256

  enum Parsed {
    case whole(WARCHeader)
    /// No empty line yet, and nothing against it.
    case unfinished
    /// No record's header, or one beyond `longest` bytes.
    case none
  }

  /// The header of a record: strict, so that what is none is told at its first line.
  static func record(_ bytes: UnsafeBufferPointer<UInt8>) -> Parsed {
    var lines: [[UInt8]] = []
    var start = 0
    for index in 0..<min(bytes.count, longest) where bytes[index] == 0x0A {
      let line = line(bytes, start..<index)
      if line.isEmpty { return lines.isEmpty ? .none : .whole(WARCHeader(lines, length: index + 1)) }
      guard lines.isEmpty ? line.starts(with: Array("WARC/".utf8)) : isField(line) else { return .none }
      lines.append(line)
      start = index + 1
    }
    return bytes.count < longest ? .unfinished : .none
  }

  /// The header of an HTTP message: as it comes, servers write anything. nil when no empty line ends it.
  static func message(_ bytes: UnsafeBufferPointer<UInt8>) -> WARCHeader? {
    var lines: [[UInt8]] = []
    var start = 0
    for index in 0..<min(bytes.count, longest) where bytes[index] == 0x0A {
      let line = line(bytes, start..<index)
      if line.isEmpty { return WARCHeader(lines, length: index + 1) }
      lines.append(line)
      start = index + 1
    }
    return nil
  }

  private static func line(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> [UInt8] {
    Array(bytes[range.last.map { bytes[$0] == 0x0D } == true ? range.dropLast() : range])
  }

  /// `Name: value`, or more of the value before it.
  private static func isField(_ line: [UInt8]) -> Bool {
    if line[0] == 0x20 || line[0] == 0x09 { return true }
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0 else { return false }
    return line[..<colon].allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") }
  }

  private init(_ lines: [[UInt8]], length: Int) {
    self.length = length
    firstLine = lines.first ?? []
    for line in lines.dropFirst().prefix(WARCHeader.mostFields) {
      if let first = line.first, first == 0x20 || first == 0x09, !fields.isEmpty {
        // A folded line goes on with the value before it.
        fields[fields.count - 1].value += [0x20] + WARCHeader.trimmed(line[...])
      } else if let colon = line.firstIndex(of: UInt8(ascii: ":")) {
        let name = line[..<colon].map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
        fields.append((name, WARCHeader.trimmed(line[(colon + 1)...])))
      }
    }
  }

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    let front = bytes.drop { $0 <= 0x20 }
    guard let last = front.lastIndex(where: { $0 > 0x20 }) else { return [] }
    return Array(front[...last])
  }

  /// The first field of this name, letter case ignored; what is not UTF-8 in it becomes U+FFFD.
  subscript(_ name: StaticString) -> String? {
    let wanted = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
    return fields.first { $0.name.elementsEqual(wanted) }.map { String(decoding: $0.value, as: UTF8.self) }
  }

  /// A field before its first `;`, in lower case: `text/html` of `Text/HTML; charset=gbk`.
  func word(_ name: StaticString) -> String? {
    self[name]?.prefix { $0 != ";" }.lowercased().trimmingSpaces
  }

  /// `charset=` of the content type.
  var charset: TextEncoding? {
    guard let type = self["content-type"]?.lowercased(), let key = type.firstRange(of: "charset=") else { return nil }
    let label = type[key.upperBound...].drop { $0 == "\"" || $0 == "'" || $0 == " " }
      .prefix { !"\"'; ,".contains($0) }
    return TextEncoding(label: String(label))
  }

  /// `Content-Length` as a number of bytes; nil when it is missing or no number.
  var contentLength: Int? {
    guard let text = self["content-length"], text.utf8.count <= 18, text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 })
    else { return nil }
    return Int(text)
  }
}

extension String {
  /// Without white space at its ends.
  fileprivate var trimmingSpaces: String {
    let front = drop { $0 == " " || $0 == "\t" }
    return String(front.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
  }
}

/// The body of an HTTP/1.1 message sent in chunks (RFC 9112, 7.1).
enum HTTPChunks {
  /// The body put together; nil when it is not chunked as it says. A body that was cut gives what came.
  static func joined(_ body: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    var out: [UInt8] = []
    var index = 0
    while index < body.count {
      var size = 0
      var digits = 0
      while index < body.count, let digit = hexDigit(body[index]) {
        size = min(size, 1 << 40) * 16 + digit
        digits += 1
        index += 1
      }
      if digits == 0 { return nil }
      while index < body.count, body[index] != 0x0A { index += 1 }
      index += 1
      if size == 0 { return out }
      let end = min(index + size, body.count)
      if index < end { out.append(contentsOf: UnsafeBufferPointer(rebasing: body[index..<end])) }
      index = end
      while index < body.count, body[index] == 0x0D || body[index] == 0x0A { index += 1 }
    }
    return out
  }

  private static func hexDigit(_ byte: UInt8) -> Int? {
    switch byte {
    case 0x30...0x39: Int(byte - 0x30)
    case 0x41...0x46: Int(byte - 0x37)
    case 0x61...0x66: Int(byte - 0x57)
    default: nil
    }
  }
}
