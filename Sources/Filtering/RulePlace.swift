import Documents

/// Where in a text the signal of a rule shows itself, so that a person finds it: a byte range.
public enum RulePlace {
  /// The place of a rule's hit: the first line that its pattern matches, else where its signal shows.
  /// - Parameters:
  ///   - rules: those that may have made the hit; a rule that is there no more leaves its signal alone.
  ///   - segments: carved parts of the text, in which patterns are not looked for.
  public static func find(
    _ hit: RuleHit, in text: [UInt8], _ segments: [Segment], rules: RuleSet?, phrases: PhraseLists
  ) -> Range<Int>? {
    if let signal = Signal(name: hit.signal) { return find(signal, in: text, phrases) }
    guard let rule = rules?.rules.first(where: { $0.name == hit.rule }), let pattern = rule.documentPattern else {
      return nil
    }
    return PatternCounts([pattern])?.firstPlace(text, segments)
  }

  /// Nil where the signal is about the whole text.
  public static func find(_ signal: Signal, in text: [UInt8], _ phrases: PhraseLists) -> Range<Int>? {
    switch signal {
    case .duplicateLineShare, .duplicateLineCharacterShare, .duplicateLineTextShare, .duplicateParagraphShare,
      .duplicateParagraphCharacterShare:
      repeatedLine(text)
    case .longestLine: longest(text) { $0 == 0x0A }
    case .longestWord: longest(text) { $0 <= 0x20 }
    case .replacementShare: first(text, [0xEF, 0xBF, 0xBD])
    case .urlShare, .links: first(text, Array("://".utf8))
    case .c4CurlyBracket: first(text, [UInt8(ascii: "{")])
    case .bracketShare: first(text, Array("【".utf8))
    case .keywordShare, .datedShare, .adultShare, .gamblingShare, .politicalShare:
      phrase(text, phrases.phrases(of: signal) ?? [])
    default: nil
    }
  }

  /// The range with some text around it, up to 300 bytes, cut between characters.
  public static func excerpt(_ text: [UInt8], _ range: Range<Int>) -> [UInt8] {
    var start = max(0, range.lowerBound - 60)
    var end = min(text.count, max(range.upperBound + 60, start), start + 300)
    while start > 0 && text[start] & 0xC0 == 0x80 { start -= 1 }
    while end < text.count && text[end] & 0xC0 == 0x80 { end -= 1 }
    return Array(text[start..<max(start, end)])
  }

  private static func first(_ text: [UInt8], _ sought: [UInt8]) -> Range<Int>? {
    guard text.count >= sought.count else { return nil }
    for start in 0...(text.count - sought.count) where text[start] == sought[0] {
      if text[start..<(start + sought.count)].elementsEqual(sought) { return start..<(start + sought.count) }
    }
    return nil
  }

  private static func longest(_ text: [UInt8], _ isEnd: (UInt8) -> Bool) -> Range<Int>? {
    var best = 0..<0
    var start = 0
    for index in 0...text.count where index == text.count || isEnd(text[index]) {
      if index - start > best.count { best = start..<index }
      start = index + 1
    }
    return best.isEmpty ? nil : best
  }

  private static func repeatedLine(_ text: [UInt8]) -> Range<Int>? {
    var seen = Set<ArraySlice<UInt8>>()
    var start = 0
    for index in 0...text.count where index == text.count || text[index] == 0x0A {
      if index > start, !seen.insert(text[start..<index]).inserted { return start..<index }
      start = index + 1
    }
    return nil
  }

  private static func phrase(_ text: [UInt8], _ phrases: [[UInt8]]) -> Range<Int>? {
    let small = text.map(LineSignal.lowered)
    return phrases.compactMap { first(small, $0.map(LineSignal.lowered)) }.min { $0.lowerBound < $1.lowerBound }
  }
}
