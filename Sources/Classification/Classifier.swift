import Documents

/// Channel and genre from cheap signals over bytes; what the user gave is never changed.
///
/// A text in another language gets the nearest channel: the filter's language rules judge it.
public struct Classifier: Stage {
  private let settings: ClassifySettings

  public init(_ settings: ClassifySettings = ClassifySettings()) { self.settings = settings }

  public func process(_ document: inout Document) {
    if document.flags.contains(.channelGiven) && document.flags.contains(.genreGiven) { return }
    let profile = profile(of: document.text)
    if !document.flags.contains(.channelGiven) { document.channel = channel(profile) }
    if !document.flags.contains(.genreGiven) {
      document.genre = GenreGuess.genre(profile, channel: document.channel, bytes: document.text.count)
    }
  }

  /// The channel of a text alone.
  public func channel(of text: [UInt8]) -> Channel { channel(profile(of: text)) }

  func profile(of text: [UInt8]) -> TextProfile {
    text.withUnsafeBufferPointer { text in
      ByteTally.table.withUnsafeBufferPointer { tallies in
        var profile = TextProfile(tallies: tallies)
        for range in Classifier.samples(text, most: settings.sampleKilobytes * 1024) { profile.read(text, range) }
        return profile
      }
    }
  }

  /// The whole text, or three parts of whole lines from head, middle and tail.
  private static func samples(_ text: UnsafeBufferPointer<UInt8>, most: Int) -> [Range<Int>] {
    if text.count <= most { return [0..<text.count] }
    let part = most / 3
    return [0, (text.count - part) / 2, text.count - part].map { begin in
      var start = begin
      // A part begins with a line, if one begins in its first half.
      while start > 0, start < begin + part / 2, text[start - 1] != 0x0A { start += 1 }
      if start > 0, text[start - 1] != 0x0A { start = begin }
      return start..<min(text.count, begin + part)
    }
  }

  private func channel(_ profile: TextProfile) -> Channel {
    if isCode(profile) { return .code }
    if isMath(profile) { return .math }
    return Double(profile.han) >= settings.hanShare * Double(max(1, profile.visible)) ? .chinese : .english
  }

  private func isCode(_ profile: TextProfile) -> Bool {
    // Fences, headings and long lines of words make it a document about code.
    guard profile.plainLines > 0, profile.fencedLines == 0 else { return false }
    let judged = Double(profile.plainLines)
    let code = Double(profile.codeLines)
    return code >= settings.codeLineShare * judged && profile.codeLines > profile.proseLines * 2
      && profile.markupLines * 5 < profile.plainLines
  }

  private func isMath(_ profile: TextProfile) -> Bool {
    let marks = Double(profile.texCommands + profile.dollars)
    return profile.texCommands >= 8 && marks >= settings.mathShare * Double(max(1, profile.visible))
      && profile.han * 10 < profile.visible && profile.codeLines * 2 < profile.plainLines * 3
  }
}
