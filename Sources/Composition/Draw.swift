import Blocks
import Bytes
import Phases

/// What one block is made of, in block order.
public struct Draw: Equatable, Sendable {
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
  public let pieces: [Piece]
  public let tokens: Int
  /// By channel.
  public let tokensPerChannel: [Int]
  /// What the shares carry over once this draw is committed.
  public let credit: MixCredit
  /// Fewer tokens or other shares than the phase asks for.
  public let short: Bool
  /// The weights documents were drawn by, and how many sequences are of which cluster size; null = all alike.
  public let weights: JSONValue

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
    return details
  }
}
