/// Terminal control sequences (ECMA-48): colours, cursor moves, window titles.
enum EscapeSequence {
  private static let longest = 256

  /// The offset after the sequence that begins with ESC at `start`; a lone ESC is one byte.
  static func end(_ text: UnsafeBufferPointer<UInt8>, at start: Int) -> Int {
    guard start + 1 < text.count else { return start + 1 }
    let limit = min(text.count, start + longest)
    var index = start + 2
    switch text[start + 1] {
    case UInt8(ascii: "["):
      while index < limit, text[index] >= 0x20, text[index] < 0x40 { index += 1 }
      return index < limit && text[index] >= 0x40 && text[index] < 0x7F ? index + 1 : start + 1
    case UInt8(ascii: "]"):
      while index < limit, text[index] != 0x07, text[index] != 0x1B, text[index] != 0x0A { index += 1 }
      guard index < limit, text[index] != 0x0A else { return start + 1 }
      if text[index] == 0x07 { return index + 1 }
      return index + 1 < limit && text[index + 1] == UInt8(ascii: "\\") ? index + 2 : start + 1
    case UInt8(ascii: "("), UInt8(ascii: ")"):
      // The name of a character set. Anything else is text, and may be the first byte of a character.
      return index < text.count && text[index] >= 0x30 && text[index] < 0x7F ? index + 1 : start + 1
    default: return start + 1
    }
  }
}
