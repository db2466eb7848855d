import Bytes

/// Cuts text into units - words, single ideographs, operators of code - and hashes each.
///
/// The lowest bit of a unit says what it is: 1 for a word or operator, 0 for an ideograph.
struct ShingleUnitScanner {
  let keepsOperators: Bool
  private(set) var index = 0
  /// Hash of all units and symbols seen, in order: equal matching forms have equal keys.
  private(set) var exactKey = Identifier(high: 0x243F_6A88_85A3_08D3, low: 0x1319_8A2E_0370_7344)
  /// Nothing but separators has been seen.
  private(set) var isEmpty = true

  init(keepsOperators: Bool) { self.keepsOperators = keepsOperators }

  /// Fills `units` from where the last call stopped; fewer than `limit` means the text is at its end.
  mutating func scan(_ text: UnsafeBufferPointer<UInt8>, into units: UnsafeMutablePointer<UInt64>, limit: Int) -> Int {
    let table = keepsOperators ? ShingleByte.code : ShingleByte.prose
    return table.withUnsafeBufferPointer { scan(text, $0.baseAddress!, into: units, limit: limit) }
  }

  private mutating func scan(
    _ text: UnsafeBufferPointer<UInt8>, _ table: UnsafePointer<UInt8>, into units: UnsafeMutablePointer<UInt64>,
    limit: Int
  ) -> Int {
    var at = index
    var count = 0
    var high = exactKey.high
    var low = exactKey.low
    let end = text.count
    while at < end && count < limit {
      let byte = text[at]
      let value = table[Int(byte)]
      var unit: UInt64
      var isShingled = true
      if value >= ShingleByte.firstLetter {
        unit = Self.word(text, at: &at, table)
      } else if value == ShingleByte.separator {
        at += 1
        continue
      } else if value == ShingleByte.symbol {
        unit = Self.operatorUnit(UInt32(byte))
        isShingled = keepsOperators
        at += 1
      } else {
        let (scalar, length) = Self.scalar(text, at: at)
        if scalar &- 0x4E00 <= 0x9FFF - 0x4E00 {
          unit = Self.ideographUnit(scalar)
        } else {
          switch ShingleCharacter.classify(scalar, ascii: table) {
          case .separator, .ignored:
            at += length
            continue
          case .ideograph(let value): unit = Self.ideographUnit(value)
          case .symbol(let value):
            unit = Self.operatorUnit(value)
            isShingled = keepsOperators
          case .letter:
            unit = Self.word(text, at: &at, table)
            at -= length
          }
        }
        at += length
      }
      high = (high ^ unit) &* 0x9FB2_1C65_1E98_DF25
      high ^= high >> 32
      low = (low << 23 | low >> 41) ^ (unit &* 0xD6E8_FEB8_6659_FD93)
      low = low &* 0xA076_1D64_78BD_642F
      isEmpty = false
      if isShingled {
        units[count] = unit
        count += 1
      }
    }
    index = at
    exactKey = Identifier(high: high, low: low)
    return count
  }

  /// The word at `at`, which moves past it.
  @inline(__always)
  private static func word(_ text: UnsafeBufferPointer<UInt8>, at: inout Int, _ table: UnsafePointer<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    let end = text.count
    var index = at
    while index < end {
      let value = table[Int(text[index])]
      if value >= ShingleByte.firstLetter {
        hash = (hash ^ UInt64(value)) &* 0x9E37_79B9_7F4A_7C15
        index += 1
        continue
      }
      if value != ShingleByte.beyondASCII { break }
      let (scalar, length) = scalar(text, at: index)
      let kind = ShingleCharacter.classify(scalar, ascii: table)
      if case .letter(let letter) = kind {
        hash = (hash ^ UInt64(letter)) &* 0x9E37_79B9_7F4A_7C15
      } else if kind != .ignored {
        break
      }
      index += length
    }
    at = index
    hash = (hash ^ hash >> 32) &* 0xBF58_476D_1CE4_E5B9
    return (hash ^ hash >> 29) | 1
  }

  @inline(__always)
  private static func ideographUnit(_ scalar: UInt32) -> UInt64 {
    let hash = (UInt64(scalar) &+ 0x94D0_49BB) &* 0xBF58_476D_1CE4_E5B9
    let mixed = (hash ^ hash >> 29) &* 0x94D0_49BB_1331_11EB
    return (mixed ^ mixed >> 32) & ~1
  }

  private static func operatorUnit(_ scalar: UInt32) -> UInt64 {
    ideographUnit(scalar &+ 0x8000_0000) | 1
  }

  /// The scalar at `index`; a malformed byte counts as a separator (U+FFFD).
  @inline(__always)
  private static func scalar(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> (value: UInt32, length: Int) {
    let first = text[index]
    // Most of what is not ASCII: three bytes, all continuations allowed.
    if first >= 0xE1, first <= 0xEF, first != 0xED, index + 2 < text.count {
      let second = text[index + 1]
      let third = text[index + 2]
      if second & 0xC0 == 0x80 && third & 0xC0 == 0x80 {
        return (UInt32(first & 0x0F) << 12 | UInt32(second & 0x3F) << 6 | UInt32(third & 0x3F), 3)
      }
    }
    if UTF8Text.scalarLength(text, at: index) == 0 { return (0xFFFD, 1) }
    return UTF8Text.scalar(text, at: index)
  }
}
