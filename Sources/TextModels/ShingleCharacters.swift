/// What a character is to the matching form: the form two texts are compared in.
enum ShingleCharacter: Equatable {
  /// White space and punctuation: ends a word, is otherwise not seen.
  case separator
  /// Seen in code, and in the exact key of any text; not in shingles of prose.
  case symbol(UInt32)
  /// Part of a word, case and width folded.
  case letter(UInt32)
  /// A unit by itself: Han, kana and other scripts written without spaces.
  case ideograph(UInt32)
  /// Not seen and does not end a word: joiners, soft hyphens, variation selectors.
  case ignored
}

/// Classes and folding of ASCII bytes, as one table lookup in the scanner's loop.
enum ShingleByte {
  static let separator: UInt8 = 0
  static let symbol: UInt8 = 1
  static let beyondASCII: UInt8 = 2
  /// Values from here on are folded letters and digits.
  static let firstLetter: UInt8 = 0x30

  /// Prose: letters and digits make words, signs with a meaning of their own are symbols, the rest separates.
  static let prose = table(symbols: "+<=>^|~$%&*/#@\\`", wordLetters: "")
  /// Code: every sign is a token, the underscore belongs to identifiers.
  static let code = table(symbols: "!\"#$%&'()*+,-./:;<=>?@[\\]^`{|}~", wordLetters: "_")

  private static func table(symbols: StaticString, wordLetters: StaticString) -> [UInt8] {
    var table = [UInt8](repeating: separator, count: 128) + [UInt8](repeating: beyondASCII, count: 128)
    for byte in UInt8(ascii: "0")...UInt8(ascii: "9") { table[Int(byte)] = byte }
    for byte in UInt8(ascii: "a")...UInt8(ascii: "z") {
      table[Int(byte)] = byte
      table[Int(byte) - 0x20] = byte
    }
    symbols.withUTF8Buffer { for byte in $0 { table[Int(byte)] = symbol } }
    wordLetters.withUTF8Buffer { for byte in $0 { table[Int(byte)] = byte } }
    return table
  }
}

extension ShingleCharacter {
  /// The class of a scalar beyond ASCII; full-width ASCII is judged as the ASCII it stands for.
  @inline(__always)
  static func classify(_ scalar: UInt32, ascii: UnsafePointer<UInt8>) -> ShingleCharacter {
    // Chinese punctuation and full-width ASCII first: they are most of what comes here.
    if scalar &- 0x3000 < 0x40 { return scalar &- 0x3005 < 3 ? .ideograph(scalar) : .separator }
    if scalar &- 0xFF01 <= 0xFF5E - 0xFF01 { return classifyASCII(UInt8(truncatingIfNeeded: scalar &- 0xFEE0), ascii) }
    return classifyRare(scalar)
  }

  private static func classifyRare(_ scalar: UInt32) -> ShingleCharacter {
    switch scalar {
    case 0x3041...0x3096, 0x30A1...0x30FA, 0x30FC...0x30FF, 0x31F0...0x31FF, 0x3400...0x4DBF,
      0x4E00...0x9FFF, 0xE000...0xFAFF, 0xFF66...0xFF9F, 0x20000...0x3FFFF:
      return .ideograph(scalar)
    case 0x0E00...0x0FFF, 0x1000...0x109F, 0x1780...0x17FF: return .ideograph(scalar)
    case 0x00AD, 0x200B...0x200D, 0x2060, 0xFEFF, 0xFE00...0xFE0F, 0xE0100...0xE01EF: return .ignored
    case 0x0080...0x00A9, 0x00AB...0x00B1, 0x00B4, 0x00B6...0x00B8, 0x00BB, 0x00BF: return .separator
    case 0x2000...0x206F, 0x30FB, 0xFE10...0xFE6F, 0xFF5F...0xFF65, 0xFFF0...0xFFFF: return .separator
    case 0x00D7, 0x00F7, 0x20A0...0x20CF, 0x2190...0x2BFF, 0x4DC0...0x4DFF, 0x1F000...0x1FBFF: return .symbol(scalar)
    default: return .letter(lowercased(scalar))
    }
  }

  private static func classifyASCII(_ byte: UInt8, _ ascii: UnsafePointer<UInt8>) -> ShingleCharacter {
    let value = ascii[Int(byte)]
    if value >= ShingleByte.firstLetter { return .letter(UInt32(value)) }
    return value == ShingleByte.symbol ? .symbol(UInt32(byte)) : .separator
  }

  /// Simple lower case of the blocks where it is one offset: Latin-1, Greek, Cyrillic; pairs in Latin Extended-A.
  private static func lowercased(_ scalar: UInt32) -> UInt32 {
    switch scalar {
    case 0x00C0...0x00D6, 0x00D8...0x00DE, 0x0391...0x03A1, 0x03A3...0x03AB, 0x0410...0x042F: scalar + 0x20
    case 0x0400...0x040F: scalar + 0x50
    case 0x0100...0x012F, 0x0132...0x0137, 0x014A...0x0177: scalar | 1
    default: scalar
    }
  }
}
