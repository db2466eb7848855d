import Bytes

/// A document that can be drawn.
public struct Supply: Equatable, Sendable {
  /// The document's sequence number: the name under which agent and composer speak of it.
  public var ordinal: UInt32
  /// Position in the spool's channel list.
  public var channel: UInt8
  /// End-of-document token counted.
  public var tokens: Int
  public var score: Float
  /// Draws that began with it so far.
  public var uses: Int
  /// Draws that may begin with it; 0 = `compose.max_uses`.
  public var maxUses: Int
  /// What decides its place in every draw; the document's id.
  public var key: Identifier
  /// The folder below `incoming/` that it came through.
  public var source: String
  /// Position in the list of genres.
  public var genre: UInt8
  /// Documents of one channel and cluster are kept apart like repeats of one; 0 = it is alone.
  public var cluster: UInt64
  /// Tokens the last block that held it has taken; 0 = none or all of them.
  public var start: Int

  public init(
    ordinal: UInt32, channel: UInt8, tokens: Int, score: Float, uses: Int = 0, maxUses: Int = 0, key: Identifier,
    start: Int = 0, source: String = "", genre: UInt8 = 0, cluster: UInt64 = 0
  ) {
    self.ordinal = ordinal
    self.channel = channel
    self.tokens = tokens
    self.score = score
    self.uses = uses
    self.maxUses = maxUses
    self.key = key
    self.start = start
    self.source = source
    self.genre = genre
    self.cluster = cluster
  }
}
