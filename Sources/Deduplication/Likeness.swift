import TextModels

/// Why two documents count as one.
public enum Likeness: Equatable, Sendable {
  /// The same page by their normalised URLs.
  case address
  /// Equal but for case, width, spaces and punctuation.
  case exact
  /// Their shingles' Jaccard similarity.
  case near(Double)

  /// As settings, records and people call it.
  public var name: String {
    switch self {
    case .address: "url"
    case .exact: "exact"
    case .near: "near"
    }
  }

  /// 1 where nothing was measured.
  public var similarity: Double { if case .near(let value) = self { value } else { 1 } }

  /// What two documents of one channel have in common.
  public init(_ a: DocumentSketch, _ textOfA: [UInt8], _ b: DocumentSketch, _ textOfB: [UInt8], channel: UInt8) {
    if a.exactKey == b.exactKey {
      self = .exact
    } else if a.facts.isSamePage(b.facts) {
      self = .address
    } else {
      let rule = SketchMaker.rule(channel)
      self = .near(ShingleSet(textOfA, rule: rule).jaccard(ShingleSet(textOfB, rule: rule)))
    }
  }
}
