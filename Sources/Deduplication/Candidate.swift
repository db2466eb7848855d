import Bytes
import Documents

/// A document as the deduplication ranks it.
public struct Candidate: Sendable {
  /// Sequence number of the document; below 2^31.
  public let ordinal: UInt32
  public let channel: UInt8
  public let genre: Genre
  /// Higher is better; NaN is worst.
  public let score: Float
  /// Bytes of text; longer is better.
  public let length: Int
  public let textID: Identifier
  public let id: Identifier
  /// Newer is better; 0 when unknown.
  public let date: Int
  /// Already in a published block: ranks before all that is not.
  public let frozen: Bool

  public init(
    ordinal: UInt32, channel: UInt8, genre: Genre, score: Float, length: Int, textID: Identifier, id: Identifier,
    date: Int = 0, frozen: Bool = false
  ) {
    self.ordinal = ordinal
    self.channel = channel
    self.genre = genre
    self.score = score
    self.length = length
    self.textID = textID
    self.id = id
    self.date = date
    self.frozen = frozen
  }
}

/// What the deduplication decided on a document. The other document is always a kept one.
public enum DuplicateState: Equatable, Sendable {
  case kept
  /// Never kept: a better document was there when it came.
  case duplicate(of: UInt32)
  /// Kept once, until a better document came.
  case superseded(by: UInt32)
}

/// A document's new state.
public struct StateChange: Equatable, Sendable {
  public let ordinal: UInt32
  public let state: DuplicateState

  public init(ordinal: UInt32, state: DuplicateState) {
    self.ordinal = ordinal
    self.state = state
  }
}
