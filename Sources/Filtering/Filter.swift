import Documents

/// Drops documents and lines by named rules over the signals that were measured before; the first drop in rule order
/// names it. Flags of the rules asked until then are kept with the document.
public struct Filter: Stage {
  public let rules: RuleSet
  /// Rules over documents by channel index, so that a document meets only its own.
  private let documentRules: [[Rule]]
  private let lineRules: [LineDrop?]

  public init(rules: RuleSet) {
    self.rules = rules
    let byChannel = (0..<256).map { index in rules.rules.filter { $0.applies(to: Channel(UInt8(index))) } }
    documentRules = byChannel.map { $0.filter { $0.signal != nil } }
    lineRules = byChannel.map { rules in
      let lines = rules.filter { $0.signal == nil }
      return lines.isEmpty ? nil : LineDrop(lines)
    }
  }

  public func process(_ document: inout Document) {
    guard document.isKept else { return }
    for rule in documentRules[Int(document.channel.index)] {
      guard let hit = rule.hit(document.signals, genre: document.genre) else { continue }
      if rule.action == .drop {
        document.verdict = .filtered(hit)
        return
      }
      document.ruleFlags.append(rule.name)
    }
    lineRules[Int(document.channel.index)]?.apply(to: &document)
  }

  public func firstHit(_ document: Document) -> RuleHit? { allHits(document).first }

  /// Every rule that would drop the document, for `why`.
  public func allHits(_ document: Document) -> [RuleHit] {
    documentRules[Int(document.channel.index)].compactMap {
      $0.action == .drop ? $0.hit(document.signals, genre: document.genre) : nil
    }
  }
}
