import Phases

/// A phase as the composer works with it: the mix by parts, and who is in which.
struct PhaseSupply {
  let phase: Phase
  let mix: Mix
  let eligibility: Eligibility
  let blockTokens: Int
  /// By part.
  let names: [String]

  /// - Parameters:
  ///   - genres: names by position.
  ///   - source: the number of a source.
  init(
    _ phase: Phase, _ settings: ComposeSettings, channels: [String], genres: [String], source: (String) -> UInt16
  ) {
    self.phase = phase
    mix = Mix(phase, channels)
    blockTokens = phase.tokensOfBlock(usual: settings.blockTokens)
    let narrowed = Mix.narrowed(phase, channels)
    names = channels + narrowed.map(\.name)
    let usual = phase.maxUses > 0 ? phase.maxUses : settings.maxUses
    eligibility = Eligibility(
      channels: channels.count,
      narrowed: narrowed.map { entry in
        let condition = entry.condition
        let isBand = condition.scoreFrom != nil || condition.scoreBelow != nil
        let below = condition.scoreBelow.map { Float($0).nextDown } ?? .infinity
        return Eligibility.Part(
          channel: channels.firstIndex(of: entry.channel)!, source: condition.source.map(source),
          // A genre that nobody knows is nobody's.
          genre: condition.genre.map { name in UInt8(genres.firstIndex(of: name) ?? 255) },
          scores: isBand ? (condition.scoreFrom.map { Float($0) } ?? -.infinity)...below : nil)
      },
      minimum: Float(phase.minimumScore), usualUses: settings.dryPolicy == .wait ? 1 : usual)
  }
}
