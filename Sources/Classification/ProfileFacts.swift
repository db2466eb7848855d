import Documents

/// What a text's profile says, as facts for the linear models: each measure falls into one of ten bins, and the plain
/// rules' own answer is a fact too, so that a model starts from them and only learns where they err.
enum ProfileFacts {
  private static let edges: [Float] = [0.001, 0.004, 0.015, 0.04, 0.08, 0.15, 0.3, 0.5, 0.75]
  private static let bins = edges.count + 1
  private static let lineLengths = [8, 12, 16, 24, 32, 48, 64, 128, 256]
  private static let measures = 12
  private static let channels = 4

  /// How many facts there are; part of the model file: change it and the default models are trained anew.
  static let count = (measures + 2) * bins + channels + Genre.allCases.count

  /// Indices of the facts that hold, always as many.
  static func holding(_ profile: TextProfile, channel: Channel, genre: Genre, bytes: Int) -> [Int] {
    let visible = max(1, profile.visible)
    let lines = max(1, profile.lines)
    let plain = max(1, profile.plainLines)
    let shares = [
      (profile.han, visible), (profile.wide, visible), (profile.letters, visible), (profile.codeLines, plain),
      (profile.proseLines, plain), (profile.markupLines, lines), (profile.fencedLines, lines),
      (profile.texCommands, visible), (profile.dollars, visible), (profile.articleLines, plain),
      (profile.verseLines, plain), (profile.plainLines, lines),
    ]
    var facts: [Int] = []
    facts.reserveCapacity(measures + 4)
    for (place, share) in shares.enumerated() {
      let value = Float(share.0) / Float(share.1)
      facts.append(place * bins + (edges.firstIndex { value < $0 } ?? edges.count))
    }
    facts.append(measures * bins + (lineLengths.firstIndex { profile.longestHanLine < $0 } ?? lineLengths.count))
    var size = 0
    while size < bins - 1 && bytes >> (7 + size) > 0 { size += 1 }
    facts.append((measures + 1) * bins + size)
    let rest = (measures + 2) * bins
    facts.append(rest + min(channels - 1, Int(channel.index)))
    facts.append(rest + channels + Int(genre.rawValue))
    return facts
  }
}
