/// A file name or path as the kernel knows it: bytes, not text. Ordered byte by byte.
public struct Path: Hashable, Comparable, Sendable, CustomStringConvertible, ExpressibleByStringInterpolation {
  public var bytes: [UInt8]

  public init(_ bytes: [UInt8]) { self.bytes = bytes }
  public init(_ text: String) { bytes = Array(text.utf8) }
  public init(stringLiteral value: String) { bytes = Array(value.utf8) }

  public var isEmpty: Bool { bytes.isEmpty }
  public var isAbsolute: Bool { bytes.first == UInt8(ascii: "/") }

  public static func / (base: Path, name: Path) -> Path {
    if base.isEmpty { return name }
    return base.bytes.last == UInt8(ascii: "/") ? Path(base.bytes + name.bytes) : Path(base.bytes + [0x2F] + name.bytes)
  }

  public static func + (base: Path, suffix: String) -> Path { Path(base.bytes + Array(suffix.utf8)) }

  public static func < (a: Path, b: Path) -> Bool { a.bytes.lexicographicallyPrecedes(b.bytes) }

  public var components: [Path] { bytes.split(separator: UInt8(ascii: "/")).map { Path(Array($0)) } }
  public var name: Path { components.last ?? Path([]) }
  public var parent: Path {
    guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return Path([]) }
    return slash == 0 ? Path("/") : Path(Array(bytes[..<slash]))
  }

  public func hasPrefix(_ text: String) -> Bool { bytes.starts(with: text.utf8) }
  public func hasSuffix(_ text: String) -> Bool {
    bytes.count >= text.utf8.count && bytes.suffix(text.utf8.count).elementsEqual(text.utf8)
  }

  /// The part after the last dot of the name, lower-cased ASCII; empty when there is none.
  public var fileExtension: String {
    let last = name.bytes
    guard let dot = last.lastIndex(of: UInt8(ascii: ".")), dot > 0 else { return "" }
    return String(decoding: last[(dot + 1)...].map { $0 >= 0x41 && $0 <= 0x5A ? $0 + 32 : $0 }, as: UTF8.self)
  }

  /// Readable, one line, reversible: bytes outside printable UTF-8 and `%` become %XX.
  public var description: String {
    if String(validating: bytes, as: UTF8.self) != nil,
      !bytes.contains(where: { $0 < 0x20 || $0 == 0x7F || $0 == 0x25 })
    {
      return String(decoding: bytes, as: UTF8.self)
    }
    var text: [UInt8] = []
    let digits = Array("0123456789ABCDEF".utf8)
    for byte in bytes {
      if byte > 0x20 && byte < 0x7F && byte != 0x25 {
        text.append(byte)
      } else {
        text += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The path that `description` shows.
  public init(escaped text: String) {
    let source = Array(text.utf8)
    var bytes: [UInt8] = []
    var index = 0
    while index < source.count {
      if source[index] == 0x25, index + 2 < source.count, source[index + 1] != 0x2B, source[index + 1] != 0x2D,
        let value = UInt8(String(decoding: source[(index + 1)...(index + 2)], as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        index += 3
      } else {
        bytes.append(source[index])
        index += 1
      }
    }
    self.bytes = bytes
  }

  func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    var terminated = bytes
    terminated.append(0)
    return terminated.withUnsafeBufferPointer { pointer in
      pointer.withMemoryRebound(to: CChar.self) { body($0.baseAddress!) }
    }
  }
}
