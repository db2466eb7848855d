import Blocks
import Bytes
import Phases

/// What one block is made of, in block order.
public struct Draw: Sendable {
  public struct Piece: Equatable, Sendable {
    public let ordinal: UInt32
    public let channel: UInt8
    /// First token of the document in this block; above 0 it is a continuation.
    public let start: Int
    public let count: Int
    /// The document is used for the n-th time, from 1; a continuation belongs to the use it continues.
    public let use: Int
    /// False when the document goes on in a later block.
    public let isLast: Bool

    public init(ordinal: UInt32, channel: UInt8, start: Int, count: Int, use: Int, isLast: Bool) {
      self.ordinal = ordinal
      self.channel = channel
      self.start = start
      self.count = count
      self.use = use
      self.isLast = isLast
    }
  }

  public let number: Int
  /// All that is in the block, in block order.
  public let pieces: [Piece]
  /// What was drawn, in block order, and what stands between.
  let picks: [Selection.Pick]
  let injected: [Injection.Placed]
  public let tokens: Int
  /// By channel.
  public let tokensPerChannel: [Int]
  /// What the shares carry over once this draw is committed.
  public let credit: MixCredit
  /// Fewer tokens or other shares than the phase asks for.
  public let short: Bool
  /// Parts that ran dry left their share to others.
  public let rebalanced: Bool
  /// The weights documents were drawn by, and how many sequences are of which cluster size; null = all alike.
  public let weights: JSONValue
  /// Tokens by entry of the mix.
  let parts: [(name: String, tokens: Int)]

  init(
    number: Int, picks: [Selection.Pick], injected: [Injection.Placed], tokensPerChannel: [Int], credit: MixCredit,
    short: Bool, rebalanced: Bool, weights: JSONValue, parts: [(name: String, tokens: Int)]
  ) {
    self.number = number
    self.picks = picks
    self.injected = injected
    self.tokensPerChannel = tokensPerChannel
    self.credit = credit
    self.short = short
    self.rebalanced = rebalanced
    self.weights = weights
    self.parts = parts
    pieces = Injection.merge(picks.map(\.piece), injected)
    tokens = tokensPerChannel.reduce(0, +)
  }

  /// The same draw in another order.
  func with(_ picks: [Selection.Pick]) -> Draw {
    Draw(
      number: number, picks: picks, injected: injected, tokensPerChannel: tokensPerChannel, credit: credit,
      short: short,
      rebalanced: rebalanced, weights: weights, parts: parts)
  }

  public var continuations: Int { pieces.count { $0.start > 0 } }

  /// uses[n] = pieces whose document is used for the n-th time.
  public var uses: [Int] {
    var histogram: [Int] = []
    for piece in pieces {
      while histogram.count <= piece.use { histogram.append(0) }
      histogram[piece.use] += 1
    }
    return histogram
  }

  /// What the manifest says of this draw.
  /// - Parameters:
  ///   - cut: documents with a higher sequence number were not in the pool.
  ///   - sources: as the caller counted them from the pieces.
  public func details(
    phase: Phase, seed: Int, cut: Int, tokenizerSHA256: String, sources: [BlockManifest.SourceEntry]
  ) -> BlockDetails {
    var details = BlockDetails(tokenizerSHA256: tokenizerSHA256, seed: seed, cut: cut, phase: phase.resolved)
    details.order = phase.order.rawValue
    details.continuations = continuations
    details.short = short
    details.sources = sources
    details.uses = uses
    details.credit = credit.json
    details.weights = weights
    details.composition = composition(phase)
    return details
  }

  /// What is out of the ordinary; null when nothing is.
  private func composition(_ phase: Phase) -> JSONValue {
    var members: [JSONMember] = []
    if phase.mix.contains(where: { !$0.condition.isNone }) {
      members.append(JSONMember("parts", .object(parts.map { JSONMember($0.name, .integer($0.tokens)) })))
    }
    if rebalanced { members.append(JSONMember("rebalanced", .bool(true))) }
    if !injected.isEmpty {
      let tokens = injected.reduce(0) { $0 + $1.piece.count }
      members.append(
        JSONMember("injected", .object(["sequences": .integer(injected.count), "tokens": .integer(tokens)])))
    }
    return members.isEmpty ? .null : .object(members)
  }
}

extension Draw: Equatable {
  public static func == (a: Draw, b: Draw) -> Bool {
    a.number == b.number && a.pieces == b.pieces && a.tokensPerChannel == b.tokensPerChannel && a.credit == b.credit
      && a.short == b.short && a.rebalanced == b.rebalanced && a.weights == b.weights
  }
}
