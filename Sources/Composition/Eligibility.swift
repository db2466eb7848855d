import Phases

/// Which documents a phase draws, and for which part of its mix each counts.
///
/// The first parts are the channels, in their order, whether the mix names them or not; behind them stand the entries
/// of the mix that are narrowed to some documents of a channel. What fits a narrowed part counts for the first such,
/// all else for its channel.
struct Eligibility: Equatable {
  struct Part: Equatable {
    let channel: Int
    /// nil = any.
    let source: UInt16?
    let genre: UInt8?
    let scores: ClosedRange<Float>?

    func takes(_ entry: DocumentPool.Entry) -> Bool {
      if let source, entry.source != source { return false }
      if let genre, entry.genre != genre { return false }
      if let scores, !scores.contains(entry.score) { return false }
      return true
    }
  }

  let parts: [Part]
  /// Positions of each channel's narrowed parts.
  private let narrowed: [[Int]]
  let minimum: Float
  /// Uses of a document whose folder does not say how many.
  let usualUses: UInt16

  init(channels: Int, narrowed parts: [Part] = [], minimum: Float, usualUses: Int) {
    self.parts = (0..<channels).map { Part(channel: $0, source: nil, genre: nil, scores: nil) } + parts
    var narrowed = [[Int]](repeating: [], count: channels)
    for (index, part) in parts.enumerated() { narrowed[part.channel].append(channels + index) }
    self.narrowed = narrowed
    self.minimum = minimum
    self.usualUses = UInt16(clamping: usualUses)
  }

  /// The part a document counts for; nil when its score is too low.
  func part(_ entry: DocumentPool.Entry, _ channel: Int) -> Int? {
    // False for what is not a number too.
    guard entry.score >= minimum else { return nil }
    if narrowed[channel].isEmpty { return channel }
    return narrowed[channel].first { parts[$0].takes(entry) } ?? channel
  }

  /// Tokens one block can have of it: the waiting tail, or all of it while a use is left.
  func available(_ entry: DocumentPool.Entry) -> Int { entry.available(usualUses) }
}
