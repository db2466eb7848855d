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
