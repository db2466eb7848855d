import CKernels

/// What a Unicode scalar is: script blocks that the stages ask for (Unicode 16, Blocks.txt) and general classes.
public enum Script {
  /// Ideographs: unified with extensions A to I, compatibility, and the iteration and number signs written as ideographs.
  @inlinable
  public static func isHan(_ scalar: UInt32) -> Bool {
    if scalar < 0x3005 { return false }
    if scalar >= 0x4E00 && scalar <= 0x9FFF { return true }
    if scalar < 0x4E00 { return (scalar >= 0x3400 && scalar <= 0x4DBF) || isHanSign(scalar) }
    if scalar >= 0xF900 && scalar <= 0xFAFF { return true }
    return scalar >= 0x20000 && scalar <= 0x323AF
  }

  /// 々〇〡..〩〸..〻: signs used as ideographs.
  @inlinable
  static func isHanSign(_ scalar: UInt32) -> Bool {
    scalar == 0x3005 || scalar == 0x3007 || (scalar >= 0x3021 && scalar <= 0x3029)
      || (scalar >= 0x3038 && scalar <= 0x303B)
  }

  /// Hiragana and Katakana with the extensions and the half-width forms.
  @inlinable
  public static func isKana(_ scalar: UInt32) -> Bool {
    (scalar >= 0x3040 && scalar <= 0x30FF && scalar != 0x30FB) || (scalar >= 0x31F0 && scalar <= 0x31FF)
      || (scalar >= 0xFF66 && scalar <= 0xFF9D) || (scalar >= 0x1AFF0 && scalar <= 0x1B16F)
  }

  @inlinable
  public static func isHangul(_ scalar: UInt32) -> Bool {
    (scalar >= 0xAC00 && scalar <= 0xD7AF) || (scalar >= 0x1100 && scalar <= 0x11FF)
      || (scalar >= 0x3130 && scalar <= 0x318F) || (scalar >= 0xA960 && scalar <= 0xA97F)
      || (scalar >= 0xD7B0 && scalar <= 0xD7FF) || (scalar >= 0xFFA0 && scalar <= 0xFFDC)
  }

  /// Han, Kana or Hangul: text without spaces between the words (Hangul has them, but counts as East Asian).
  @inlinable
  public static func isCJK(_ scalar: UInt32) -> Bool {
    scalar >= 0x1100 && (isHan(scalar) || isKana(scalar) || isHangul(scalar))
  }

  /// 。、《》「」 and the full-width forms of ASCII punctuation; not the quotes “” shared with Latin text.
  @inlinable
  public static func isCJKPunctuation(_ scalar: UInt32) -> Bool {
    if scalar < 0x3001 { return false }
    if scalar <= 0x303F { return !isHanSign(scalar) }
    if scalar == 0x30FB { return true }
    if scalar < 0xFE30 { return false }
    return scalar <= 0xFE6F || (scalar >= 0xFF01 && scalar <= 0xFF0F) || (scalar >= 0xFF1A && scalar <= 0xFF20)
      || (scalar >= 0xFF3B && scalar <= 0xFF40) || (scalar >= 0xFF5B && scalar <= 0xFF65)
  }

  /// Letters of the Latin blocks, full-width ones too.
  @inlinable
  public static func isLatin(_ scalar: UInt32) -> Bool {
    let folded = scalar | 0x20
    if scalar < 0x80 { return folded >= 0x61 && folded <= 0x7A }
    if scalar < 0x250 { return scalar >= 0xC0 ? scalar != 0xD7 && scalar != 0xF7 : scalar == 0xAA || scalar == 0xBA }
    return (scalar >= 0x250 && scalar <= 0x2AF) || (scalar >= 0x1E00 && scalar <= 0x1EFF)
      || (scalar >= 0x2C60 && scalar <= 0x2C7F) || (scalar >= 0xA722 && scalar <= 0xA7FF)
      || (scalar >= 0xFF21 && scalar <= 0xFF3A) || (scalar >= 0xFF41 && scalar <= 0xFF5A)
  }

  /// Hebrew, Arabic, Syriac, Thaana, N'Ko and their presentation forms: written from right to left.
  @inlinable
  public static func isRightToLeft(_ scalar: UInt32) -> Bool {
    (scalar >= 0x590 && scalar <= 0x8FF) || (scalar >= 0xFB1D && scalar <= 0xFDFF)
      || (scalar >= 0xFE70 && scalar <= 0xFEFE)
      || (scalar >= 0x10800 && scalar <= 0x10FFF) || (scalar >= 0x1E800 && scalar <= 0x1EFFF)
  }

  /// Scripts in which ZWJ and ZWNJ change the shape and so the word: Arabic, Indic, Tibetan, Myanmar, Khmer, Mongolian ...
  @inlinable
  public static func usesJoiners(_ scalar: UInt32) -> Bool {
    (scalar >= 0x600 && scalar <= 0xDFF) || (scalar >= 0xF00 && scalar <= 0x109F)
      || (scalar >= 0x1780 && scalar <= 0x18AF)
      || (scalar >= 0xA800 && scalar <= 0xABFF) || (scalar >= 0xFB50 && scalar <= 0xFDFF)
      || (scalar >= 0xFE70 && scalar <= 0xFEFE) || (scalar >= 0x11000 && scalar <= 0x11FFF)
  }

  /// Pictographs and what may stand inside an emoji sequence (variation selector 16, keycap, skin tones).
  @inlinable
  public static func isEmojiPart(_ scalar: UInt32) -> Bool {
    (scalar >= 0x1F000 && scalar <= 0x1FAFF) || (scalar >= 0x2190 && scalar <= 0x2BFF) || scalar == 0xFE0F
      || scalar == 0x20E3
  }

  /// Class bits (`CK_UNICODE_LETTER` ...) of the general category.
  @inlinable
  static func classes(_ scalar: UInt32) -> UInt8 { ck_unicode_class(scalar) }

  @inlinable
  public static func isLetter(_ scalar: UInt32) -> Bool { classes(scalar) & 4 != 0 }
  @inlinable
  public static func isNumber(_ scalar: UInt32) -> Bool { classes(scalar) & 8 != 0 }
  @inlinable
  public static func isPunctuation(_ scalar: UInt32) -> Bool { classes(scalar) & 32 != 0 }
  @inlinable
  public static func isSymbol(_ scalar: UInt32) -> Bool { classes(scalar) & 64 != 0 }
  @inlinable
  public static func isSpace(_ scalar: UInt32) -> Bool { classes(scalar) & 128 != 0 }
  @inlinable
  public static func isUppercase(_ scalar: UInt32) -> Bool { classes(scalar) & 1 != 0 }

  /// U+E000..F8FF and planes 15, 16: no meaning without a private agreement.
  @inlinable
  public static func isPrivateUse(_ scalar: UInt32) -> Bool {
    (scalar >= 0xE000 && scalar <= 0xF8FF) || scalar >= 0xF0000
  }
}
