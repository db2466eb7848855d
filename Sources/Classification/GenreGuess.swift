import Documents

/// Genre by simple marks; `unknown` unless they are plain.
enum GenreGuess {
  static func genre(_ profile: TextProfile, channel: Channel, bytes: Int) -> Genre {
    if channel == .code { return .code }
    if isLaw(profile) { return .law }
    if isPoetry(profile, bytes: bytes) { return .poetry }
    if profile.fencedLines > 0 || profile.markupLines * 8 >= max(8, profile.lines)
      || profile.codeLines * 5 > profile.plainLines
    {
      return .manual
    }
    if bytes >= 8192 && profile.proseLines * 2 > profile.plainLines && profile.markupLines == 0 { return .book }
    return .unknown
  }

  /// Articles begin a good part of the lines: 第一条 ...
  private static func isLaw(_ profile: TextProfile) -> Bool {
    profile.articleLines >= 3 && profile.articleLines * 8 >= profile.plainLines
  }

  /// Few, short, evenly ended lines of hardly anything but Han.
  private static func isPoetry(_ profile: TextProfile, bytes: Int) -> Bool {
    bytes <= 8192 && profile.verseLines >= 1 && profile.verseLines * 2 >= profile.plainLines
      && profile.han * 10 >= profile.visible * 7 && profile.longestHanLine <= 32
  }
}
