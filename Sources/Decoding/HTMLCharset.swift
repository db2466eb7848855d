import Bytes

/// What an HTML page says about its own encoding, heard only when the bytes are not UTF-8: pages often claim wrongly.
enum HTMLCharset {
  /// The HTML standard looks at 1024 bytes; generators are less strict.
  private static let searched = 4096

  static func encoding(of page: [UInt8]) -> TextEncoding? {
    guard UTF8Text.firstInvalid(page) != nil else { return nil }
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
      return TextEncoding(label: String(decoding: label, as: UTF8.self)).flatMap { $0 == .utf8 ? nil : $0 }
    }
    return nil
  }
}
