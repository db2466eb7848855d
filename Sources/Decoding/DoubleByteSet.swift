import Glibc

/// A double-byte encoding as the detector sees it: which pairs are legal, which are everyday, which the commonest.
struct DoubleByteSet: Sendable {
  let encoding: TextEncoding
  private let everyday: [ClosedRange<UInt8>]
  private let everydayTrail: ClosedRange<UInt8>
  private let legalTrail: [ClosedRange<UInt8>]
  /// Nats that a language costs from the start: Chinese is what comes here, and a few characters may look like any.
  private var prior: Double { encoding == .gb18030 || encoding == .big5 ? 0 : 6 }
  /// A bit a pair, set for the commonest characters of the language.
  private let common: [UInt64]
  /// Nats of a character of each kind: the kind's share of running text spread over its characters.
  private let emission: (common: Double, everyday: Double, rare: Double)

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
    let trails = legalTrail.reduce(0) { $0 + $1.count }
    let everydayCount = everyday.reduce(0) { $0 + $1.count } * everydayTrail.count
    emission = (
      -log(0.4 / Double(commonest.unicodeScalars.count)), -log(0.56 / Double(everydayCount)),
      -log(0.04 / Double(126 * trails - everydayCount))
    )
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

  /// Nats of the first character after ASCII, of one after another such, and of the ASCII after it.
  static let first = 3.0
  static let next = 0.2
  static let leaving = 1.5

  /// A character of four bytes (GB18030).
  private static let fourBytes = 16.0

  /// The cost of reading the bytes in this encoding: see `ReadingCost`.
  func cost(_ bytes: UnsafeBufferPointer<UInt8>) -> Double {
    var total = prior
    var afterASCII = true
    var index = 0
    while index < bytes.count {
      let lead = bytes[index]
      if lead < 0x80 {
        total += ReadingCost.ascii + (afterASCII ? 0 : DoubleByteSet.leaving)
        afterASCII = true
        index += 1
        continue
      }
      let (length, cost) = character(bytes, at: index)
      total += cost + (afterASCII ? DoubleByteSet.first : DoubleByteSet.next)
      afterASCII = false
      index += length
    }
    return total
  }

  /// Bytes and nats of what stands at a byte above 0x7F.
  private func character(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> (length: Int, cost: Double) {
    let lead = bytes[index]
    // The text may be cut inside its last character.
    guard index + 1 < bytes.count else { return (1, emission.rare) }
    let trail = bytes[index + 1]
    if encoding == .shiftJIS, lead >= 0xA1, lead <= 0xDF { return (1, emission.everyday) }
    if encoding == .gb18030, trail >= 0x30, trail <= 0x39 {
      let isWhole = index + 3 < bytes.count && bytes[index + 2] > 0x80 && bytes[index + 3] & 0xF0 == 0x30
      return isWhole || index + 3 >= bytes.count ? (4, DoubleByteSet.fourBytes) : (1, ReadingCost.illegal)
    }
    if lead == 0x80 || lead == 0xFF || !legalTrail.contains(where: { $0.contains(trail) }) {
      return (1, ReadingCost.illegal)
    }
    let pair = Int(lead) << 8 | Int(trail)
    if common[pair >> 6] >> UInt64(pair & 63) & 1 == 1 { return (2, emission.common) }
    let isEveryday = everydayTrail.contains(trail) && everyday.contains { $0.contains(lead) }
    return (2, isEveryday ? emission.everyday : emission.rare)
  }

  /// The commonest characters are from the general frequency lists of each language's running text.
  static let all: [DoubleByteSet] = [
    DoubleByteSet(
      .gb18030, everyday: [0xA1...0xA3, 0xB0...0xD7], everydayTrail: 0xA1...0xFE,
      legalTrail: [0x40...0x7E, 0x80...0xFE],
      commonest: "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
        + "，。、“”‘’—…：；《》（）第条规者本应当由关与及其或之而以於為無不曰這個們來時國後說對會沒"),
    DoubleByteSet(
      .big5, everyday: [0xA1...0xA3, 0xA4...0xC6], everydayTrail: 0x40...0xFE, legalTrail: [0x40...0x7E, 0xA1...0xFE],
      commonest: "的一是在不了有和人這中大為上個國我以要他時來用們生到作地於出就分對成會可主發年動同工也能下過子說產種面而方後多定行學法所民得經"
        + "，。、「」“”‘’—–…：；《》（）你專案如果或與其之者於無曰"),
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
