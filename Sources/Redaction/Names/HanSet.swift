/// Chinese characters to look up: three bytes each, a bit a scalar of the basic plane.
struct HanSet: Sendable, ExpressibleByStringLiteral {
  private let bits: [UInt64]

  init(stringLiteral text: StaticString) {
    var bits = [UInt64](repeating: 0, count: 1024)
    var offset = 0
    while offset + 2 < text.utf8CodeUnitCount {
      // What is not of three bytes (the line feeds of a long literal) is passed over.
      guard text.utf8Start[offset] >= 0xE0 else {
        offset += 1
        continue
      }
      let scalar = HanSet.scalar(text.utf8Start[offset], text.utf8Start[offset + 1], text.utf8Start[offset + 2])
      bits[scalar >> 6] |= 1 << UInt64(scalar & 63)
      offset += 3
    }
    self.bits = bits
  }

  @inline(__always)
  private static func scalar(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Int {
    Int(first & 15) << 12 | Int(second & 63) << 6 | Int(third & 63)
  }

  /// Whether one of the characters stands at the place.
  @inline(__always)
  func holds(_ text: TextView, _ place: Int) -> Bool {
    guard HanSet.isThree(text, place) else { return false }
    let scalar = HanSet.scalar(text.at(place), text.at(place + 1), text.at(place + 2))
    return bits[scalar >> 6] >> UInt64(scalar & 63) & 1 == 1
  }

  @inline(__always)
  private static func isThree(_ text: TextView, _ place: Int) -> Bool {
    text.at(place) & 0xF0 == 0xE0 && place + 2 < text.count
  }

  /// Whether a Chinese character of the main block (not a mark) stands at the place.
  @inline(__always)
  static func isHan(_ text: TextView, _ place: Int) -> Bool {
    let first = text.at(place)
    guard first >= 0xE4 && first <= 0xE9, place + 2 < text.count else { return false }
    let scalar = scalar(first, text.at(place + 1), text.at(place + 2))
    return scalar >= 0x4E00 && scalar <= 0x9FFF
  }
}
