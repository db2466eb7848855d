import Settings

/// Section `compose`: what a block is made of and how far ahead blocks are made.
public struct ComposeSettings: SettingsSection {
  public static let name = "compose"
  public static let summary = "How blocks are composed; the mix itself belongs to the phases."

  public var blockTokens = 1_000_000_000
  public var lookaheadBlocks = 2
  public var seed = 0
  public var maxUses = 1

  public init() {}

  public static let keys: [SettingKey<ComposeSettings>] = [
    .integer("block_tokens", \.blockTokens, 1...1_000_000_000_000, "tokens of a block, end-of-document tokens counted"),
    .integer(
      "lookahead_blocks", \.lookaheadBlocks, 1...1000, "intake pauses while so many blocks wait for the trainer"),
    .integer("seed", \.seed, 0...9_007_199_254_740_992, "of the draw and of the order"),
    .integer(
      "max_uses", \.maxUses, 1...1000,
      "how often a document may be drawn, unless its .source.json5 says; never twice in one block"),
  ]
}
