import CKernels

/// The quick question before the normalizer's work: most texts are clean and pass without a copy.
enum CleanText {
  /// Blank lines in a row that are kept.
  static let blankLines = 2

  /// True when the normalizer would change nothing (it may also answer false for a clean text).
  static func holds(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let base = text.baseAddress, !text.isEmpty else { return true }
    if text[0] == 0x0A || endsInSpace(text, at: text.count) { return false }
    var index = 0
    while true {
      index = ck_next_dirty(base, index, text.count)
      if index == text.count { break }
      if text[index] >= 0xC2 {
        if mayBeInvisible(text, at: index) { return false }
        index += 2
        if index >= text.count { break }
        continue
      }
      if text[index] != 0x0A || endsInSpace(text, at: index) { return false }
      if feeds(text, endingAt: index) > blankLines + 1 { return false }
      index += 1
    }
    return feeds(text, endingAt: text.count - 1) < 2
  }

  /// Line feeds in a row of which the last is at `index`, more than are kept counted as one more.
  private static func feeds(_ text: UnsafeBufferPointer<UInt8>, endingAt index: Int) -> Int {
    var count = 0
    while count <= blankLines + 1, count <= index, text[index - count] == 0x0A { count += 1 }
    return count
  }

  /// White space (space, tab, no-break space, ideographic space) right before `end`.
  static func endsInSpace(_ text: UnsafeBufferPointer<UInt8>, at end: Int) -> Bool {
    guard end > 0 else { return false }
    switch text[end - 1] {
    case 0x20, 0x09: return true
    case 0xA0: return end >= 2 && text[end - 2] == 0xC2
    case 0x80: return end >= 3 && text[end - 2] == 0x80 && text[end - 3] == 0xE3
    default: return false
    }
  }

  /// Whether the second byte leaves open that the scalar is one the normalizer looks at.
  private static func mayBeInvisible(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
    guard index + 2 < text.count else { return index + 1 < text.count && text[index] == 0xC2 && isC1(text[index + 1]) }
    let second = text[index + 1]
    let third = text[index + 2]
    switch text[index] {
    case 0xC2: return isC1(second)
    case 0xE1: return second == 0xA0 && third == 0x8E
    case 0xE2:
      if second == 0x80 { return (third >= 0x8B && third <= 0x8F) || (third >= 0xA8 && third <= 0xAE) }
      return second == 0x81 && third >= 0xA0 && third <= 0xAF
    case 0xEF:
      if second == 0xBB { return third == 0xBF }
      return second == 0xBF && third >= 0xB9 && third != 0xBC && third != 0xBD
    default: return second == 0xA0
    }
  }

  private static func isC1(_ second: UInt8) -> Bool { second <= 0x9F || second == 0xAD }
}
