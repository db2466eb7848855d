import Bytes
import CKernels

/// The normalizer's work: one pass over the text, the clean text written behind it.
struct CleanWriter {
  private var out: [UInt8] = []
  private var feeds = 0
  private var previous: UInt32 = 0

  init(capacity: Int) { out.reserveCapacity(capacity) }

  mutating func write(_ text: UnsafeBufferPointer<UInt8>) {
    guard let base = text.baseAddress else { return }
    var index = 0
    while index < text.count {
      let run = ck_next_unclean(base, index, text.count)
      if run > index {
        out.append(contentsOf: UnsafeBufferPointer(rebasing: text[index..<run]))
        previous = CleanWriter.lastScalar(text, before: run)
        feeds = 0
        index = run
        continue
      }
      index = text[index] < 0x80 ? control(text, at: index) : wide(text, at: index)
    }
  }

  private static func lastScalar(_ text: UnsafeBufferPointer<UInt8>, before end: Int) -> UInt32 {
    var start = end - 1
    while text[start] & 0xC0 == 0x80 { start -= 1 }
    return UTF8Text.scalar(text, at: start).value
  }

  mutating func finish() -> [UInt8] {
    trimSpaces()
    var lines = 0
    while out.last == 0x0A {
      out.removeLast()
      lines += 1
      trimSpaces()
    }
    if lines > 0 && !out.isEmpty { out.append(0x0A) }
    return out
  }

  private mutating func control(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
    switch text[index] {
    case 0x0A, 0x0B, 0x0C: newline()
    case 0x0D:
      newline()
      if index + 1 < text.count, text[index + 1] == 0x0A { return index + 2 }
    case 0x1B: return EscapeSequence.end(text, at: index)
    default: break
    }
    return index + 1
  }

  private mutating func newline() {
    trimSpaces()
    previous = 0x0A
    if out.isEmpty || feeds > Normalizer.blankLines { return }
    out.append(0x0A)
    feeds += 1
  }

  /// White space of every kind that ends the line.
  private mutating func trimSpaces() {
    while out.withUnsafeBufferPointer({ CleanText.endsInSpace($0, at: $0.count) }) {
      switch out[out.count - 1] {
      case 0xA0: out.removeLast(2)
      case 0x80: out.removeLast(3)
      default: out.removeLast()
      }
    }
    feeds = trailingFeeds()
  }

  private func trailingFeeds() -> Int {
    var count = 0
    while count <= Normalizer.blankLines, count < out.count, out[out.count - 1 - count] == 0x0A { count += 1 }
    return count
  }

  private mutating func wide(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
    let (scalar, length) = UTF8Text.scalar(text, at: index)
    let end = index + length
    if scalar == 0x85 || scalar == 0x2028 || scalar == 0x2029 {
      newline()
      return end
    }
    if Invisible.isCandidate(scalar) {
      let next = end < text.count ? UTF8Text.scalar(text, at: end).value : 0
      if !Invisible.isNeeded(scalar, after: previous, before: next) { return end }
    }
    out.append(contentsOf: UnsafeBufferPointer(rebasing: text[index..<end]))
    previous = scalar
    feeds = 0
    return end
  }
}

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

/// Characters without a glyph of their own, and where they are needed all the same.
enum Invisible {
  /// Everything the normalizer may remove.
  static func isCandidate(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x80...0x9F, 0xAD, 0x180E, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x206F: true
    case 0xFEFF, 0xFFF9...0xFFFB, 0xFFFE, 0xFFFF, 0xE0000...0xE007F: true
    default: false
    }
  }

  /// Joiners between letters of scripts that use them and inside emoji; direction marks beside right-to-left letters;
  /// tags of flag emoji; the Mongolian vowel separator after Mongolian.
  static func isNeeded(_ scalar: UInt32, after previous: UInt32, before next: UInt32) -> Bool {
    switch scalar {
    case 0x200C: Script.usesJoiners(previous) && Script.usesJoiners(next)
    case 0x200D:
      (Script.usesJoiners(previous) && Script.usesJoiners(next))
        || (Script.isEmojiPart(previous) && Script.isEmojiPart(next))
    case 0x200E, 0x200F, 0x2066...0x2069: Script.isRightToLeft(previous) || Script.isRightToLeft(next)
    case 0x180E: previous >= 0x1820 && previous <= 0x18AA
    case 0xE0020...0xE007F: previous == 0x1F3F4 || (previous >= 0xE0020 && previous <= 0xE007E)
    default: false
    }
  }
}
