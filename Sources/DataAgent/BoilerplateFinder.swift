import Deduplication
import Documents

/// Finds the pieces that many documents of one source share.
public struct BoilerplateFinder {
  /// What is looked for, and what becomes of it.
  public struct Rule: Sendable {
    public let grain: Grain
    /// Documents of one source that make a piece common, at least 2.
    public let least: Int
    /// The best document that has a piece keeps it; false: it goes everywhere.
    public let keepsBest: Bool

    public init(grain: Grain, least: Int, keepsBest: Bool) {
      self.grain = grain
      self.least = least
      self.keepsBest = keepsBest
    }
  }

  let rule: Rule
  private var counter: PieceCounter

  /// - Parameter megabytes: of memory, whatever is looked through.
  init(_ rule: Rule, megabytes: Double) {
    self.rule = rule
    counter = PieceCounter(least: rule.least, megabytes: megabytes)
  }

  /// Looks through documents, twice.
  /// - Parameters:
  ///   - document: nil for one that is passed over.
  ///   - isBetter: whether of two documents the first is the better one.
  mutating func look(
    through ordinals: [UInt32], _ document: (UInt32) throws -> Document?, isBetter: (UInt32, UInt32) -> Bool
  ) throws {
    for ordinal in ordinals {
      guard let document = try document(ordinal) else { continue }
      RepeatedPieces.forEach(document, rule.grain) { key, _ in
        counter.sketch(PieceCounter.Key(key, source: document.source), of: ordinal)
      }
    }
    for ordinal in ordinals {
      guard let document = try document(ordinal) else { continue }
      var failure: PieceCounter.TooMany?
      RepeatedPieces.forEach(document, rule.grain) { key, place in
        do throws(PieceCounter.TooMany) {
          try counter.count(
            PieceCounter.Key(key, source: document.source), of: ordinal, at: place, isBetter: isBetter)
        } catch {
          failure = error
        }
      }
      if let failure { throw failure }
    }
  }

  /// Where each common piece is in the best document that has it.
  var common: [(documents: Int, best: UInt32, place: Range<Int>)] {
    counter.allCommon.map { ($0.entry.documents, $0.entry.best, $0.entry.place) }
  }

  /// The document without the pieces that are to go; nil when it has none.
  func cut(_ document: Document, _ ordinal: UInt32, least: Int) -> RepeatedPieces.Outcome? {
    var first: (place: Range<Int>, documents: Int)?
    let outcome = RepeatedPieces.cut(document, rule.grain, least: least) { key, place in
      guard let entry = counter.common(PieceCounter.Key(key, source: document.source)) else { return false }
      if rule.keepsBest && entry.best == ordinal { return false }
      if first == nil { first = (place, entry.documents) }
      return true
    }
    guard let outcome, let first else { return nil }
    return outcome.noted(first.place, first.documents, threshold: rule.least, in: document.text)
  }
}
