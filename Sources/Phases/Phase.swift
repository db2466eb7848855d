/// A part of the training schedule: what the blocks of it are made of and how they are learned.
public struct Phase: Equatable, Sendable {
  /// When the phase is over; an open one lasts until an anneal is asked for.
  public enum End: Equatable, Sendable {
    case blocks(Int)
    case tokens(Int)
    case open
  }

  /// A channel's part of a block.
  public enum Share: Equatable, Sendable {
    /// In proportion to the other weights.
    case weight(Double)
    /// Everything there is, taken before the weights divide the rest.
    case all
  }

  public struct MixEntry: Equatable, Sendable {
    public let channel: String
    public let share: Share
    /// Which documents of the channel; of what fits several entries the first narrowed one is meant.
    public let condition: MixCondition

    public init(_ channel: String, _ share: Share, _ condition: MixCondition = MixCondition()) {
      self.channel = channel
      self.share = share
      self.condition = condition
    }
  }

  public enum Order: String, CaseIterable, Sendable {
    case shuffle
    /// From easy to hard.
    case curriculum
    /// Documents that are about the same beside each other (Shi et al. 2023, arXiv 2310.10638).
    case semantic
  }

  public var name: String
  public var end: End
  /// As written; nothing twice, at least one with a part.
  public var mix: [MixEntry]
  /// Documents below are not drawn.
  public var minimumScore: Double
  public var order: Order
  /// What `curriculum` goes by, rising: `score`, `length` or a number in the documents' metadata; falling behind a `-`.
  public var curriculum = "length"
  /// Tokens of a block of this phase; 0 = `compose.block_tokens`.
  public var blockTokens = 0
  /// How often a document may be drawn; 0 = `compose.max_uses`.
  public var maxUses = 0
  /// Documents from so many tokens on go before shorter ones that were used as often; 0 = no matter.
  public var preferTokens = 0
  /// Tokens a training window predicts.
  public var seqLen: Int
  /// Base of the rotary embedding's frequencies.
  public var ropeTheta: Double
  /// Attention does not cross document boundaries.
  public var documentMask: Bool
  public var learningRate: LearningRateShape

  public init(
    name: String = "main", end: End = .open, mix: [MixEntry] = Phase.defaultMix, minimumScore: Double = 0,
    order: Order = .shuffle, seqLen: Int = PhaseDefaults().seqLen, ropeTheta: Double = PhaseDefaults().ropeTheta,
    documentMask: Bool = false, learningRate: LearningRateShape = LearningRateShape()
  ) {
    self.name = name
    self.end = end
    self.mix = mix
    self.minimumScore = minimumScore
    self.order = order
    self.seqLen = seqLen
    self.ropeTheta = ropeTheta
    self.documentMask = documentMask
    self.learningRate = learningRate
  }

  /// The general recipe: four parts Chinese, four English, two code.
  public static let defaultMix = [
    MixEntry("zh", .weight(4)), MixEntry("en", .weight(4)), MixEntry("code", .weight(2)),
  ]

  /// Blocks the phase lasts, nil when open. A phase ends at a block boundary, so tokens round up.
  /// - Parameter usual: tokens of a block, where the phase does not say.
  public func blocks(of usual: Int) -> Int? {
    let size = tokensOfBlock(usual: usual)
    return switch end {
    case .blocks(let count): count
    case .tokens(let tokens): (tokens + size - 1) / size
    case .open: nil
    }
  }

  public func tokensOfBlock(usual: Int) -> Int { blockTokens > 0 ? blockTokens : usual }
}

/// What a phase takes from other sections when it does not say it itself.
public struct PhaseDefaults: Equatable, Sendable {
  public var seqLen: Int
  public var ropeTheta: Double

  public init(seqLen: Int = 2048, ropeTheta: Double = 10_000) {
    self.seqLen = seqLen
    self.ropeTheta = ropeTheta
  }
}
