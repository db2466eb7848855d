/// The byte-level alphabet of GPT-2: each byte is written as one printable character in a `tokenizer.json`.
///
/// Bytes 33...126, 161...172 and 174...255 stand for themselves; the other 68 become U+0100...U+0143 in order.
enum ByteAlphabet {
  /// The code point that stands for each byte.
  static let codePoints: [UInt32] = {
    var next: UInt32 = 256
    return (0..<256).map { byte in
      if (33...126).contains(byte) || (161...172).contains(byte) || (174...255).contains(byte) { return UInt32(byte) }
      defer { next += 1 }
      return next
    }
  }()

  /// The byte each code point below U+0144 stands for; -1 where it stands for none.
  static let bytes: [Int16] = {
    var bytes = [Int16](repeating: -1, count: 0x144)
    for byte in 0..<256 { bytes[Int(codePoints[byte])] = Int16(byte) }
    return bytes
  }()

  /// All bytes in the order of their code points: the order in which Hugging Face's trainer numbers them.
  static let sortedBytes: [UInt8] = (0..<256).map { UInt8($0) }.sorted { codePoints[Int($0)] < codePoints[Int($1)] }

  /// `bytes` written in the alphabet, as UTF-8.
  static func encoded(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    var text: [UInt8] = []
    for byte in bytes {
      let code = codePoints[Int(byte)]
      if code < 0x80 {
        text.append(UInt8(code))
      } else {
        text.append(UInt8(0xC0 | code >> 6))
        text.append(UInt8(0x80 | code & 0x3F))
      }
    }
    return text
  }

  /// The bytes that the UTF-8 `text` stands for, or nil if it holds a character that is not of the alphabet.
  static func decoded(_ text: some Collection<UInt8>) -> [UInt8]? {
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    var lead: UInt32 = 0
    for byte in text {
      var code = UInt32(byte)
      if lead != 0 {
        guard byte & 0xC0 == 0x80 else { return nil }
        code = lead << 6 | UInt32(byte & 0x3F)
        lead = 0
      } else if byte >= 0x80 {
        guard (0xC2..<0xC6).contains(byte) else { return nil }
        lead = UInt32(byte & 0x1F)
        continue
      }
      guard code < 0x144, bytes[Int(code)] >= 0 else { return nil }
      result.append(UInt8(bytes[Int(code)]))
    }
    return lead == 0 ? result : nil
  }

  /// The byte of a token that is spelt as its number, `<0x0A>`, in a model over characters.
  static func byte(spelt token: [UInt8]) -> UInt8? {
    guard token.count == 6, token.starts(with: "<0x".utf8), token.last == UInt8(ascii: ">") else { return nil }
    let digits = token.dropFirst(3).dropLast()
    guard digits.allSatisfy({ (0x30...0x39).contains($0) || (0x41...0x46).contains($0) }) else { return nil }
    return digits.reduce(0) { $0 << 4 | ($1 < 0x40 ? $1 - 0x30 : $1 - 0x37) }
  }
}
