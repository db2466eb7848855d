import Documents

/// Drops documents by named rules over the signals that were measured before; the first hit in rule order names it.
public struct Filter: Stage {
  public let rules: RuleSet
  /// Rules by channel index, so that a document meets only its own.
  private let rulesByChannel: [[Rule]]

  public init(rules: RuleSet) {
    self.rules = rules
    rulesByChannel = (0..<256).map { index in rules.rules.filter { $0.applies(to: Channel(UInt8(index))) } }
  }

  public func process(_ document: inout Document) {
    guard document.isKept else { return }
    if let hit = firstHit(document) { document.verdict = .filtered(hit) }
  }

  public func firstHit(_ document: Document) -> RuleHit? {
    for rule in rulesByChannel[Int(document.channel.index)] {
      if let hit = rule.hit(document.signals, genre: document.genre) { return hit }
    }
    return nil
  }

  /// Every rule that would drop the document, for `why`.
  public func allHits(_ document: Document) -> [RuleHit] {
    rulesByChannel[Int(document.channel.index)].compactMap { $0.hit(document.signals, genre: document.genre) }
  }
}
