import Settings

/// Section `compose`: what a block is made of and how far ahead blocks are made.
public struct ComposeSettings: SettingsSection {
  public static let name = "compose"
  public static let summary = "How blocks are composed; the mix itself belongs to the phases."

  public var blockTokens = 1_000_000_000
  public var lookaheadBlocks = 2
  public var seed = 0
  public var maxUses = 1
  public var rehydration: [String] = []
  public var scoreWeight = 0.0

  public init() {}

  public static let keys: [SettingKey<ComposeSettings>] = [
    .integer("block_tokens", \.blockTokens, 1...1_000_000_000_000, "tokens of a block, end-of-document tokens counted"),
    .integer(
      "lookahead_blocks", \.lookaheadBlocks, 1...1000, "intake pauses while so many blocks wait for the trainer"),
    .integer("seed", \.seed, 0...9_007_199_254_740_992, "of the draw and of the order"),
    .integer(
      "max_uses", \.maxUses, 1...1000,
      "how often a document may be drawn, unless its .source.json5 says; never twice in one block"),
    .texts(
      "rehydration", \.rehydration,
      "how much likelier a document is drawn that stands for so many, its duplicates counted, as \"size=weight\" from that "
        + "size on; FineWeb-2's for Chinese are 1=1, 2=2, 3=3, 6=4, 9=5, 14=4, 26=3, 37=2, 55=1; empty: no matter"),
    .number(
      "score_weight", \.scoreWeight, 0...1000,
      "how much likelier a document is drawn for each point of its score: with 1 one of score 1 is twice as likely as one of score 0"
    ),
  ]

  public func validate() throws(SettingError) {
    for text in rehydration where DrawWeights.step(text) == nil {
      throw SettingError(
        "compose.rehydration: '\(text)' is not \"size=weight\" with a size from 1 and a weight in 0...1000")
    }
    let sizes = rehydration.compactMap { DrawWeights.step($0)?.size }
    if Set(sizes).count < sizes.count { throw SettingError("compose.rehydration: a size is given twice") }
  }
}
