import Documents

/// Cuts the listed pieces out of a document: a pure function of it and of the list.
public struct BoilerplateCutter: Stage {
  /// The rule's name where what it cut is counted and shown, and of documents of which too little is left.
  public static let rule = "boilerplate"
  public static let stumpRule = "boilerplate.stump"

  private let list: BoilerplateList
  private let least: Int

  public init(_ settings: DedupeSettings, list: BoilerplateList) {
    self.list = list
    least = settings.leastLeft
  }

  public func process(_ document: inout Document) {
    guard document.isKept else { return }
    for grain in list.grains(document.source) where document.isKept { cut(grain, &document) }
  }

  private func cut(_ grain: Grain, _ document: inout Document) {
    var first: (place: Range<Int>, documents: Int)?
    let before = document
    let outcome = RepeatedPieces.cut(document, grain, least: least) { key, place in
      guard let documents = list.documents(key, before.source, grain) else { return false }
      if first == nil { first = (place, documents) }
      return true
    }
    guard let outcome, let first else { return }
    document = outcome.noted(first.place, first.documents, threshold: 0, in: before.text).document
    if outcome.isStump { document.verdict = .filtered(BoilerplateCutter.stump(outcome, least)) }
  }

  /// Too little is left of a document.
  public static func stump(_ outcome: RepeatedPieces.Outcome, _ least: Int) -> RuleHit {
    RuleHit(rule: stumpRule, value: Float(outcome.unitsLeft), threshold: Float(least), signal: "units")
  }
}
