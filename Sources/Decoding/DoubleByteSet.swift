import Glibc

/// A double-byte encoding as the detector sees it: which pairs are legal, which are everyday, which are the commonest.
struct DoubleByteSet: Sendable {
  let encoding: TextEncoding
  private let everyday: [ClosedRange<UInt8>]
  private let everydayTrail: ClosedRange<UInt8>
  private let legalTrail: [ClosedRange<UInt8>]
  /// A bit a pair, set for the commonest characters of the language.
  private let common: [UInt64]

  /// - Parameters:
  ///   - everyday: lead bytes of punctuation and of the first level of the standard.
  ///   - commonest: the most frequent characters of running text.
  init(
    _ encoding: TextEncoding, everyday: [ClosedRange<UInt8>], everydayTrail: ClosedRange<UInt8>,
    legalTrail: [ClosedRange<UInt8>], commonest: String
  ) {
    self.encoding = encoding
    self.everyday = everyday
    self.everydayTrail = everydayTrail
    self.legalTrail = legalTrail
    common = DoubleByteSet.bits(commonest, encoding)
  }

  private static func bits(_ characters: String, _ encoding: TextEncoding) -> [UInt64] {
    var bits = [UInt64](repeating: 0, count: 1024)
    let descriptor = iconv_open(encoding.iconvName, "UTF-8")
    guard descriptor != iconv_t(bitPattern: -1) else { return bits }
    defer { iconv_close(descriptor) }
    var input = characters.utf8.map { CChar(bitPattern: $0) }
    var output = [CChar](repeating: 0, count: input.count * 2)
    let capacity = output.count
    let count = input.withUnsafeMutableBufferPointer { from in
      output.withUnsafeMutableBufferPointer { to in
        var source = from.baseAddress
        var target = to.baseAddress
        var left = from.count
        var room = capacity
        _ = iconv(descriptor, &source, &left, &target, &room)
        return capacity - room
      }
    }
    for index in stride(from: 0, to: count - 1, by: 2) {
      let pair = Int(UInt8(bitPattern: output[index])) << 8 | Int(UInt8(bitPattern: output[index + 1]))
      bits[pair >> 6] |= 1 << UInt64(pair & 63)
    }
    return bits
  }

  /// What a reading in this encoding looks like: above 0.8 is the language, real text is near 2, a wrong reading below 0.6.
  func plausibility(_ bytes: UnsafeBufferPointer<UInt8>) -> Double {
    var pairs = 0
    var good = 0
    var frequent = 0
    var illegal = 0
    var index = 0
    while index < bytes.count {
      let lead = bytes[index]
      if lead < 0x80 {
        index += 1
        continue
      }
      guard index + 1 < bytes.count else { break }
      let trail = bytes[index + 1]
      if encoding == .gb18030, trail >= 0x30, trail <= 0x39 {
        index += 4
        continue
      }
      if lead == 0x80 || lead == 0xFF || !legalTrail.contains(where: { $0.contains(trail) }) {
        illegal += 1
        index += 1
        continue
      }
      pairs += 1
      if everydayTrail.contains(trail), everyday.contains(where: { $0.contains(lead) }) { good += 1 }
      let pair = Int(lead) << 8 | Int(trail)
      if common[pair >> 6] >> UInt64(pair & 63) & 1 == 1 { frequent += 1 }
      index += 2
    }
    if pairs == 0 { return 0 }
    // Running text holds one of the commonest characters among ten; chance does not.
    if frequent * 10 < pairs { return 0 }
    return (Double(good) + 3 * Double(frequent)) / (Double(pairs) + 3 * Double(illegal))
  }

  /// The commonest characters are from the general frequency lists of each language's running text.
  static let all: [DoubleByteSet] = [
    DoubleByteSet(
      .gb18030, everyday: [0xA1...0xA3, 0xB0...0xD7], everydayTrail: 0xA1...0xFE,
      legalTrail: [0x40...0x7E, 0x80...0xFE],
      commonest: "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
        + "，。、“”‘’—…：；《》（）第条规者本应当由关与及其或"),
    DoubleByteSet(
      .big5, everyday: [0xA1...0xA3, 0xA4...0xC6], everydayTrail: 0x40...0xFE, legalTrail: [0x40...0x7E, 0xA1...0xFE],
      commonest: "的一是在不了有和人這中大為上個國我以要他時來用們生到作地於出就分對成會可主發年動同工也能下過子說產種面而方後多定行學法所民得經"
        + "，。、「」“”‘’—–…：；《》（）你專案如果或與其"),
    DoubleByteSet(
      .eucKorean, everyday: [0xB0...0xC8], everydayTrail: 0xA1...0xFE,
      legalTrail: [0x41...0x5A, 0x61...0x7A, 0x81...0xFE],
      commonest: "이다는에의을하고가지로도를한기은사서시인자리어정대일나수있해그들라아보게음으면과장것"),
    DoubleByteSet(
      .shiftJIS, everyday: [0x81...0x83, 0x88...0x97], everydayTrail: 0x40...0xFC,
      legalTrail: [0x40...0x7E, 0x80...0xFC],
      commonest: "のにはをたがでてとしれさるいなもこらあかっすまくけきそんり、。「」ーンスルトラリアイク"),
    DoubleByteSet(
      .eucJapanese, everyday: [0xA1...0xA5, 0xB0...0xCF], everydayTrail: 0xA1...0xFE, legalTrail: [0xA1...0xFE],
      commonest: "のにはをたがでてとしれさるいなもこらあかっすまくけきそんり、。「」ーンスルトラリアイク"),
  ]
}
