import Bytes

/// The encoding of a page: what its server and the page itself say is heard only when the bytes are not UTF-8, for both
/// claim wrongly often, and weighed against what the bytes look like.
enum HTMLCharset {
  /// The HTML standard looks at 1024 bytes; generators are less strict.
  private static let searched = 4096
  private static let sampled = 1 << 18

  /// nil: to be detected.
  /// - Parameter said: what an HTTP header says.
  static func encoding(of page: [UInt8], said: TextEncoding? = nil) -> TextEncoding? {
    guard UTF8Text.firstInvalid(page) != nil else { return nil }
    let claims = [said, claim(in: page)].compactMap { $0 }.filter { $0 != .utf8 }
    guard let first = claims.first else { return nil }
    let seen = page.withUnsafeBufferPointer {
      EncodingDetector.detect(UnsafeBufferPointer(rebasing: $0.prefix(sampled)))?.encoding
    }
    guard let seen, seen != first else { return first }
    if claims.contains(seen) { return seen }
    // Western is what servers say when nobody told them.
    if first == .windows1252 && seen != .latin1 && seen != .utf8 { return nil }
    return fits(first, page) ? first : nil
  }

  /// Whether the bytes decode, but for one in a hundred.
  private static func fits(_ encoding: TextEncoding, _ page: [UInt8]) -> Bool {
    guard let converter = try? Converter(encoding) else { return false }
    var text: [UInt8] = []
    page.withUnsafeBufferPointer {
      _ = converter.convert(UnsafeBufferPointer(rebasing: $0.prefix(sampled)), into: &text)
    }
    return converter.replaced * 100 <= min(page.count, sampled)
  }

  /// `charset=` in the page's head.
  static func claim(in page: [UInt8]) -> TextEncoding? {
    let head = page.prefix(searched).map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
    let key = Array("charset=".utf8)
    var index = 0
    while index + key.count < head.count {
      guard head[index..<(index + key.count)].elementsEqual(key) else {
        index += 1
        continue
      }
      let value = head[(index + key.count)...].drop { $0 == 0x22 || $0 == 0x27 || $0 == 0x20 }
      let label = value.prefix {
        $0 > 0x22 && $0 != 0x27 && $0 != UInt8(ascii: ">") && $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: "/")
      }
      return TextEncoding(label: String(decoding: label, as: UTF8.self))
    }
    return nil
  }
}
