import CKernels

/// The features of a linear model: hashed n-grams of units.
public enum LinearModelFeatures {
  /// Calls `body` with the table index of each n-gram of 1...orders units, in text order.
  @inline(__always)
  public static func forEach(
    in text: UnsafeBufferPointer<UInt8>, bits: Int, orders: Int, _ body: (Int) -> Void
  ) {
    var recent = RecentUnits()
    var word: UInt64 = 0
    var index = 0
    while index < text.count {
      let (scalar, length) = decode(text, at: index)
      index += length
      if isSingle(scalar) {
        if word != 0 { recent.push(word, bits: bits, orders: orders, body) }
        word = 0
        recent.push(UInt64(scalar) &* 0x9E37_79B9_7F4A_7C15 | 1, bits: bits, orders: orders, body)
      } else if ck_unicode_class(scalar) & (CK_UNICODE_LETTER | CK_UNICODE_NUMBER | CK_UNICODE_MARK) != 0 {
        let folded = scalar >= 0x41 && scalar <= 0x5A ? scalar + 32 : scalar
        word = (word ^ UInt64(folded)) &* 0x0000_0100_0000_01B3 &+ 0xCBF2_9CE4_8422_2325 | 1
      } else if word != 0 {
        recent.push(word, bits: bits, orders: orders, body)
        word = 0
      }
    }
    if word != 0 { recent.push(word, bits: bits, orders: orders, body) }
  }

  /// Scripts written without spaces: every character is a unit.
  @inline(__always)
  private static func isSingle(_ scalar: UInt32) -> Bool {
    (scalar >= 0x3040 && scalar <= 0x30FF) || (scalar >= 0x3400 && scalar <= 0x9FFF)
      || (scalar >= 0xAC00 && scalar <= 0xD7A3) || (scalar >= 0xF900 && scalar <= 0xFAFF) || scalar >= 0x20000
  }

  /// The scalar at `index`; a cut or malformed one counts as U+FFFD of one byte.
  @inline(__always)
  private static func decode(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> (UInt32, Int) {
    let first = UInt32(text[index])
    if first < 0x80 { return (first, 1) }
    let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    if first < 0xC2 || first > 0xF4 || index + length > text.count { return (0xFFFD, 1) }
    let tail = UInt32(text[index + 1] & 0x3F)
    if length == 2 { return ((first & 0x1F) << 6 | tail, 2) }
    let third = UInt32(text[index + 2] & 0x3F)
    if length == 3 { return ((first & 0x0F) << 12 | tail << 6 | third, 3) }
    return ((first & 0x07) << 18 | tail << 12 | third << 6 | UInt32(text[index + 3] & 0x3F), 4)
  }
}

/// The hashes of the n-grams that end at the newest unit.
private struct RecentUnits {
  /// `grams.k` covers the newest k units.
  private var grams: (UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0)

  @inline(__always)
  mutating func push(_ unit: UInt64, bits: Int, orders: Int, _ body: (Int) -> Void) {
    grams.4 = grams.3 == 0 ? 0 : RecentUnits.joined(grams.3, unit)
    grams.3 = grams.2 == 0 ? 0 : RecentUnits.joined(grams.2, unit)
    grams.2 = grams.1 == 0 ? 0 : RecentUnits.joined(grams.1, unit)
    grams.1 = grams.0 == 0 ? 0 : RecentUnits.joined(grams.0, unit)
    grams.0 = unit
    let shift = UInt64(64 - bits)
    body(Int(RecentUnits.mixed(grams.0) >> shift))
    if orders > 1, grams.1 != 0 { body(Int(RecentUnits.mixed(grams.1) >> shift)) }
    if orders > 2, grams.2 != 0 { body(Int(RecentUnits.mixed(grams.2) >> shift)) }
    if orders > 3, grams.3 != 0 { body(Int(RecentUnits.mixed(grams.3) >> shift)) }
    if orders > 4, grams.4 != 0 { body(Int(RecentUnits.mixed(grams.4) >> shift)) }
  }

  @inline(__always)
  private static func joined(_ gram: UInt64, _ unit: UInt64) -> UInt64 {
    (gram ^ (gram >> 29)) &* 0xBF58_476D_1CE4_E5B9 &+ unit | 1
  }

  @inline(__always)
  private static func mixed(_ hash: UInt64) -> UInt64 {
    let once = (hash ^ (hash >> 32)) &* 0x9E37_79B9_7F4A_7C15
    return (once ^ (once >> 29)) &* 0x94D0_49BB_1331_11EB
  }
}
