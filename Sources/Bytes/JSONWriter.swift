import CKernels

/// Writes JSON as bytes. Text goes out as UTF-8, only what must be escaped is.
public struct JSONWriter {
  public private(set) var bytes: [UInt8] = []
  private var needsComma = false

  public init() {}

  public mutating func beginObject() { open(UInt8(ascii: "{")) }
  public mutating func endObject() { close(UInt8(ascii: "}")) }
  public mutating func beginArray() { open(UInt8(ascii: "[")) }
  public mutating func endArray() { close(UInt8(ascii: "]")) }

  private mutating func open(_ byte: UInt8) {
    separate()
    bytes.append(byte)
    needsComma = false
  }

  private mutating func close(_ byte: UInt8) {
    bytes.append(byte)
    needsComma = true
  }

  private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    needsComma = true
  }

  public mutating func key(_ key: String) {
    separate()
    appendString(key)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  /// A member as another writer wrote it.
  /// - Parameters:
  ///   - key: what stood between its quotes.
  ///   - value: JSON.
  public mutating func member(_ key: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>) {
    separate()
    bytes.append(0x22)
    bytes.append(contentsOf: key)
    bytes.append(0x22)
    bytes.append(UInt8(ascii: ":"))
    bytes.append(contentsOf: value)
  }

  public mutating func string(_ text: String) {
    separate()
    appendString(text)
  }

  private mutating func appendString(_ text: String) {
    var text = text
    text.withUTF8 { JSONWriter.appendText($0, to: &bytes) }
  }

  public mutating func value(_ value: JSONValue) {
    separate()
    JSONWriter.append(value, to: &bytes)
  }

  public mutating func text(_ text: [UInt8]) {
    separate()
    JSONWriter.appendText(text, to: &bytes)
  }

  /// Bytes that are a JSON value already.
  public mutating func raw(_ json: some Collection<UInt8>) {
    separate()
    bytes.append(contentsOf: json)
  }

  public mutating func newline() {
    bytes.append(0x0A)
    needsComma = false
  }

  /// Begins anew in the same memory.
  public mutating func reset() {
    bytes.removeAll(keepingCapacity: true)
    needsComma = false
  }

  /// One line, no spaces.
  public static func compact(_ value: JSONValue) -> [UInt8] {
    var bytes: [UInt8] = []
    append(value, to: &bytes)
    return bytes
  }

  /// Two-space indentation and a last newline: for files that people read.
  public static func pretty(_ value: JSONValue) -> [UInt8] {
    var bytes: [UInt8] = []
    append(value, indent: 0, to: &bytes)
    bytes.append(0x0A)
    return bytes
  }

  static func append(_ value: JSONValue, to bytes: inout [UInt8]) {
    switch value {
    case .array(let items):
      bytes.append(UInt8(ascii: "["))
      for (index, item) in items.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        append(item, to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let members):
      bytes.append(UInt8(ascii: "{"))
      for (index, member) in members.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        appendText(member.key, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        append(member.value, to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    default: appendScalar(value, to: &bytes)
    }
  }

  private static func appendScalar(_ value: JSONValue, to bytes: inout [UInt8]) {
    switch value {
    case .null: bytes += "null".utf8
    case .bool(let flag): bytes += (flag ? "true" : "false").utf8
    case .integer(let number): bytes += String(number).utf8
    case .number(let number): bytes += (number.isFinite ? String(number) : "null").utf8
    case .text(let text): appendText(text, to: &bytes)
    case .array, .object: append(value, to: &bytes)
    }
  }

  private static func append(_ value: JSONValue, indent: Int, to bytes: inout [UInt8]) {
    let inner = [0x0A] + [UInt8](repeating: 0x20, count: 2 * indent + 2)
    let outer = [0x0A] + [UInt8](repeating: 0x20, count: 2 * indent)
    switch value {
    case .array(let items) where items.contains { $0.array != nil || $0.members != nil }:
      bytes.append(UInt8(ascii: "["))
      for (index, item) in items.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        bytes += inner
        append(item, indent: indent + 1, to: &bytes)
      }
      bytes += outer + [UInt8(ascii: "]")]
    case .object(let members) where !members.isEmpty:
      bytes.append(UInt8(ascii: "{"))
      for (index, member) in members.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        bytes += inner
        appendText(member.key, to: &bytes)
        bytes += ": ".utf8
        append(member.value, indent: indent + 1, to: &bytes)
      }
      bytes += outer + [UInt8(ascii: "}")]
    default: append(value, to: &bytes)
    }
  }

  /// A quoted string; invalid UTF-8 must have been repaired before.
  public static func appendText(_ text: [UInt8], to bytes: inout [UInt8]) {
    text.withUnsafeBufferPointer { appendText($0, to: &bytes) }
  }

  static func appendText(_ text: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) {
    bytes.append(0x22)
    var start = 0
    while start < text.count {
      let stop = ck_next_json_stop(text.baseAddress!, start, text.count)
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<stop]))
      if stop == text.count { break }
      appendEscape(text[stop], to: &bytes)
      start = stop + 1
    }
    bytes.append(0x22)
  }

  private static func appendEscape(_ byte: UInt8, to bytes: inout [UInt8]) {
    switch byte {
    case 0x22, 0x5C: bytes += [0x5C, byte]
    case 0x0A: bytes += [0x5C, UInt8(ascii: "n")]
    case 0x0D: bytes += [0x5C, UInt8(ascii: "r")]
    case 0x09: bytes += [0x5C, UInt8(ascii: "t")]
    default:
      bytes += [0x5C, UInt8(ascii: "u"), 0x30, 0x30]
      bytes += Hex.encode([byte]).utf8
    }
  }
}
