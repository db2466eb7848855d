import CKernels

/// What a code point is to the matching form, the form two texts are compared in: tables as `ck_shingle_units` wants
/// them, `value << 2 | kind`.
enum ShingleClasses {
  /// White space and punctuation: ends a word, is otherwise not seen.
  static let separator: UInt32 = 0
  /// Not seen and does not end a word: joiners, soft hyphens, variation selectors.
  static let ignored: UInt32 = 1
  /// Seen in code, and in the exact key of any text; not in shingles of prose.
  static func symbol(_ scalar: UInt32) -> UInt32 { scalar << 2 }
  /// A unit by itself: Han, kana and other scripts written without spaces.
  static func ideograph(_ scalar: UInt32) -> UInt32 { scalar << 2 | 2 }
  /// Part of a word, case and width folded.
  static func letter(_ scalar: UInt32) -> UInt32 { scalar << 2 | 3 }

  /// Letters and digits make words, signs with a meaning of their own are symbols, the rest separates.
  static let prose = table(keepsOperators: false)
  /// Every sign is a token, the underscore belongs to identifiers.
  static let code = table(keepsOperators: true)

  private static func table(keepsOperators: Bool) -> [UInt32] {
    (0..<0x10000).map { of(UInt32($0), keepsOperators: keepsOperators) }
  }

  /// Full-width ASCII is judged as the ASCII it stands for.
  private static func of(_ scalar: UInt32, keepsOperators: Bool) -> UInt32 {
    if scalar < 0x80 { return ck_shingle_ascii(UInt8(scalar), keepsOperators ? 1 : 0) }
    if (0xFF01...0xFF5E).contains(scalar) { return ck_shingle_ascii(UInt8(scalar - 0xFEE0), keepsOperators ? 1 : 0) }
    return beyondASCII(scalar)
  }

  private static func beyondASCII(_ scalar: UInt32) -> UInt32 {
    switch scalar {
    case 0x3005...0x3007: return ideograph(scalar)
    case 0x3000...0x303F: return separator
    case 0x3041...0x3096, 0x30A1...0x30FA, 0x30FC...0x30FF, 0x31F0...0x31FF, 0x3400...0x4DBF,
      0x4E00...0x9FFF, 0xE000...0xFAFF, 0xFF66...0xFF9F:
      return ideograph(scalar)
    case 0x0E00...0x0FFF, 0x1000...0x109F, 0x1780...0x17FF: return ideograph(scalar)
    case 0x00AD, 0x200B...0x200D, 0x2060, 0xFEFF, 0xFE00...0xFE0F: return ignored
    case 0x0080...0x00A9, 0x00AB...0x00B1, 0x00B4, 0x00B6...0x00B8, 0x00BB, 0x00BF: return separator
    case 0x2000...0x206F, 0x30FB, 0xFE10...0xFE6F, 0xFF5F...0xFF65, 0xFFF0...0xFFFF: return separator
    case 0x00D7, 0x00F7, 0x20A0...0x20CF, 0x2190...0x2BFF, 0x4DC0...0x4DFF: return symbol(scalar)
    default: return letter(lowercased(scalar))
    }
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
