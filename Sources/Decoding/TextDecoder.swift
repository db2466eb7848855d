import Bytes
import Documents

/// Bytes of a known or guessed encoding as well-formed UTF-8.
struct TextDecoder {
  struct Decoded {
    var text: [UInt8]
    var encoding: TextEncoding
    var flags: DocumentFlags = []
  }

  /// A whole file. nil: binary.
  static func decode(_ bytes: [UInt8], as given: TextEncoding?) throws(ReadFailure) -> Decoded? {
    let sample = min(bytes.count, 1 << 20)
    let finding = bytes.withUnsafeBufferPointer { buffer -> EncodingDetector.Finding? in
      let head = UnsafeBufferPointer(rebasing: buffer[..<sample])
      let marked = EncodingDetector.byteOrderMark(head)
      if let given, marked == nil { return EncodingDetector.Finding(encoding: given, mark: 0) }
      return marked ?? EncodingDetector.detect(head)
    }
    guard let finding else { return nil }
    let body = finding.mark == 0 ? bytes : Array(bytes[finding.mark...])
    return try convert(body, from: finding.encoding)
  }

  static func convert(_ bytes: [UInt8], from encoding: TextEncoding) throws(ReadFailure) -> Decoded {
    if encoding == .utf8 { return try utf8(bytes) }
    let bytes = encoding == .hz ? SevenBit.unpackHZ(bytes) : bytes
    var decoded = Decoded(text: [], encoding: encoding)
    let converter = try Converter(encoding)
    decoded.text.reserveCapacity(bytes.count * 3 / 2)
    let left = bytes.withUnsafeBufferPointer { converter.convert($0, into: &decoded.text) }
    converter.finish(into: &decoded.text)
    if left > 0 { decoded.text += replacement }
    if left > 0 || converter.replaced > 0 { decoded.flags.insert(.repaired) }
    return decoded
  }

  static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

  /// UTF-8 as it is; where it is damaged, NULs that split sequences go and each bad line is read on its own.
  static func utf8(_ bytes: [UInt8]) throws(ReadFailure) -> Decoded {
    if UTF8Text.firstInvalid(bytes) == nil { return Decoded(text: bytes, encoding: .utf8) }
    let source = bytes.contains(0) ? bytes.filter { $0 != 0 } : bytes
    var decoded = Decoded(text: [], encoding: .utf8)
    decoded.text.reserveCapacity(source.count + source.count / 4)
    var start = 0
    while start < source.count {
      let end = source[start...].firstIndex(of: 0x0A).map { $0 + 1 } ?? source.count
      try appendLine(Array(source[start..<end]), to: &decoded)
      start = end
    }
    return decoded
  }

  /// One line of a mixed file: UTF-8, or the encoding it looks like, or UTF-8 with U+FFFD in place of what is broken.
  private static func appendLine(_ line: [UInt8], to decoded: inout Decoded) throws(ReadFailure) {
    if UTF8Text.firstInvalid(line) == nil {
      decoded.text += line
      return
    }
    if let encoding = line.withUnsafeBufferPointer({ otherEncoding($0) }) {
      let converted = try convert(line, from: encoding)
      decoded.text += converted.text
      decoded.encoding = encoding
      decoded.flags.formUnion(converted.flags)
      return
    }
    decoded.flags.insert(.repaired)
    line.withUnsafeBufferPointer { repair($0, into: &decoded.text) }
  }

  /// nil: damaged UTF-8.
  private static func otherEncoding(_ line: UnsafeBufferPointer<UInt8>) -> TextEncoding? {
    let encoding = EncodingDetector.eightBit(line)
    return encoding == .utf8 ? nil : encoding
  }

  static func repair(_ bytes: UnsafeBufferPointer<UInt8>, into text: inout [UInt8]) {
    var index = 0
    while index < bytes.count {
      let length = UTF8Text.scalarLength(bytes, at: index)
      if length > 0 {
        for offset in 0..<length { text.append(bytes[index + offset]) }
      } else {
        text += replacement
      }
      index += max(length, 1)
    }
  }
}
