import Composition

/// Tells when a part of the mix runs dry: how many blocks it lasts for, and what comes then.
struct DryWatch {
  private var told: [String: Int] = [:]
  private(set) var messages: [String] = []
  /// Tokens of each part after the last block.
  private var before: [String: Int] = [:]

  /// Looks at what there is for the next block.
  /// - Parameters:
  ///   - isQuiet: nothing is left to be read. Else only a part is told of that others have left far behind, or that got
  ///     nothing new since the block before.
  ///   - isBlock: a block was made since the last look.
  ///   - say: gets each message once, and again when fewer blocks are left.
  mutating func look(_ state: AgentState, isQuiet: Bool, isBlock: Bool = false, _ say: (String) -> Void) {
    messages = []
    guard state.tokenizer != nil, let phase = state.nextPhase else { return }
    let outlook = state.composer.outlook(phase)
    let notice = state.settings.compose.dryNotice
    let most = outlook.map(\.blocksLeft).max() ?? 0
    var still: [String: Int] = [:]
    for part in outlook where part.blocksLeft < notice {
      // While files are being read every part is short of the block in the making.
      let isStill = isBlock && before[part.name].map { part.available <= $0 - part.perBlock } ?? false
      guard isQuiet || isStill || told[part.name] == part.blocksLeft || most >= part.blocksLeft + max(1, notice) else {
        continue
      }
      let message = text(part, state.settings.compose.dryPolicy, resting: state.composer.resting(phase))
      messages.append(message)
      still[part.name] = part.blocksLeft
      if told[part.name].map({ $0 > part.blocksLeft }) ?? true { say(message) }
    }
    told = still
    if isBlock { for part in outlook { before[part.name] = part.available } }
  }

  private func text(_ part: SupplyOutlook, _ policy: DryPolicy, resting: Int) -> String {
    let then =
      switch policy {
      case .reuse: "its documents are drawn up to max_uses, then no block is made until more come"
      case .wait: "no block is made until fresh documents come"
      case .rebalance: "the others take its share once nothing is left to be read"
      }
    let rest = resting > 0 ? "; \(resting) tokens wait for min_gap_tokens" : ""
    return
      "'\(part.name)' runs dry: \(part.available) tokens are \(part.blocksLeft) whole blocks\(rest); when it ends, "
      + "\(then) (compose.when_dry=\(policy.rawValue))"
  }
}
