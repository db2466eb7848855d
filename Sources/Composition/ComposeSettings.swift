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
  public var whenDry = DryPolicy.reuse.rawValue
  public var dryNotice = 3
  public var inject: [String] = []
  public var splitTokens = 0
  public var minGapTokens = 0
  public var curriculumBands = 10
  public var clusterDocuments = 21
  public var command = ""
  public var commandSeconds = 120
  public var commandMegabytes = 0

  /// `when_dry` as it is meant.
  public var dryPolicy: DryPolicy { DryPolicy(rawValue: whenDry) ?? .reuse }

  public init() {}

  public static let keys: [SettingKey<ComposeSettings>] = [
    .integer("block_tokens", \.blockTokens, 1...1_000_000_000_000, "tokens of a block, end-of-document tokens counted"),
    .integer(
      "lookahead_blocks", \.lookaheadBlocks, 1...1000, "intake pauses while so many blocks wait for the trainer"),
    .integer("seed", \.seed, 0...9_007_199_254_740_992, "of the draw and of the order"),
    .text(
      "when_dry", \.whenDry, oneOf: DryPolicy.allCases.map(\.rawValue),
      "a part of the mix has too little for a block: `reuse` draws its documents again, up to max_uses, then waits; `wait` "
        + "waits for fresh ones at once; `rebalance` gives its share to the others when nothing is left to be read"),
    .integer(
      "dry_notice_blocks", \.dryNotice, 0...1000,
      "a part of the mix that lasts for fewer blocks than this is told in status and log, when nothing is left to be read"
    ),
    .texts(
      "inject", \.inject,
      "sources whose documents stand in every block, one every so many tokens, in turn and however often they were used, as "
        + "\"source=tokens\""),
    .integer(
      "split_tokens", \.splitTokens, 0...1_000_000_000,
      "longer documents are split into parts of at most so many tokens, where a paragraph ends; 0: never"),
    .integer(
      "min_gap_tokens", \.minGapTokens, 0...1_000_000_000_000,
      "so many tokens at least lie between two uses of a document, or of equal texts where the deduplication is off, across "
        + "blocks too; 0: only never twice in one block"),
    .integer(
      "curriculum_bands", \.curriculumBands, 1...1000, "bands of the order `curriculum`; inside one it is shuffled"),
    .integer(
      "cluster_documents", \.clusterDocuments, 2...1000,
      "documents about the same that the order `semantic` puts in a row, at most"),
    .text(
      "command", \.command,
      "a program that is asked about drawn documents where the order needs what they do not carry: reads lines {id, want, "
        + "text}, prints for each {NAME: number} as a curriculum wants, or {embedding: [...]} for the order `semantic`; empty: none"
    ),
    .integer(
      "command_s", \.commandSeconds, 1...86_400,
      "an answer that takes longer is the command's death, its start included"),
    .integer(
      "command_mb", \.commandMegabytes, 0...1_000_000, "address space of the command at most, in MiB; 0: no limit"),
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
    for text in inject where Injection.rule(text) == nil {
      throw SettingError("compose.inject: '\(text)' is not \"source=tokens\" with 1000 tokens or more")
    }
    for text in rehydration where DrawWeights.step(text) == nil {
      throw SettingError(
        "compose.rehydration: '\(text)' is not \"size=weight\" with a size from 1 and a weight in 0...1000")
    }
    let sizes = rehydration.compactMap { DrawWeights.step($0)?.size }
    if Set(sizes).count < sizes.count { throw SettingError("compose.rehydration: a size is given twice") }
  }
}
