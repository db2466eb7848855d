import Documents

/// Drops documents and lines by named rules over the signals that were measured before; the first drop in rule order
/// names it. Flags of the rules asked until then are kept with the document.
public struct Filter: Stage {
  public let rules: RuleSet
  /// Rules over documents by channel index, so that a document meets only its own.
  private let documentRules: [[Rule]]
  private let lineRules: [LineDrop?]
  /// What the patterns of a channel's rules over documents count.
  private let patterns: [PatternCounts?]

  public init(rules: RuleSet) {
    self.rules = rules
    let byChannel = (0..<256).map { index in rules.rules.filter { $0.applies(to: Channel(UInt8(index))) } }
    documentRules = byChannel.map { $0.filter { !$0.isAboutLines } }
    patterns = documentRules.map { PatternCounts($0) }
    lineRules = byChannel.map { rules in
      let lines = rules.filter(\.isAboutLines)
      return lines.isEmpty ? nil : LineDrop(lines)
    }
  }

  public func process(_ document: inout Document) {
    guard document.isKept else { return }
    var flags: [String] = []
    let drop = firstDrop(document) { flags.append($0.rule) }
    document.ruleFlags += flags
    if let drop {
      document.verdict = .filtered(drop)
      return
    }
    lineRules[Int(document.channel.index)]?.apply(to: &document)
  }

  public func firstHit(_ document: Document) -> RuleHit? { firstDrop(document) { _ in } }

  /// Every rule that would drop the document, for `why`.
  public func allHits(_ document: Document) -> [RuleHit] {
    var hits: [RuleHit] = []
    forEachHit(document) { rule, hit in
      if rule.action == .drop { hits.append(hit) }
      return true
    }
    return hits
  }

  /// The first hit of a rule that drops; those of rules that flag before it are told.
  private func firstDrop(_ document: Document, flag: (RuleHit) -> Void) -> RuleHit? {
    var drop: RuleHit?
    forEachHit(document) { rule, hit in
      if rule.action == .drop { drop = hit } else { flag(hit) }
      return drop == nil
    }
    return drop
  }

  /// Hits in the order of the rules, as long as `body` says to go on.
  private func forEachHit(_ document: Document, _ body: (Rule, RuleHit) -> Bool) {
    let channel = Int(document.channel.index)
    let counts = patterns[channel]?.count(document.text, document.segments) ?? []
    var pattern = 0
    for rule in documentRules[channel] {
      var hit: RuleHit?
      if rule.documentPattern != nil {
        hit = rule.hit(lines: counts[pattern], document.signals, genre: document.genre)
        pattern += 1
      } else {
        hit = rule.hit(document.signals, genre: document.genre)
      }
      if let hit, !body(rule, hit) { return }
    }
  }
}
