import Phases

/// How many tokens of each part a block takes.
struct Quotas: Equatable {
  var tokens: [Int]
  var credit: MixCredit
  var short = false
  /// Other shares than the mix has, though it is full.
  var rebalanced = false
}

/// A phase's mix by part: the channels, then the narrowed entries (`Eligibility`).
struct Mix: Equatable {
  /// Whole numbers in proportion to the weights, 0 for parts without one.
  let weights: [Int]
  let takesAll: [Bool]

  /// Weights are kept to six digits below their sum.
  private static let resolution = 1_000_000.0

  init(_ phase: Phase, _ channels: [String]) {
    let narrowed = Mix.narrowed(phase, channels)
    var shares = [Double](repeating: 0, count: channels.count + narrowed.count)
    var takesAll = [Bool](repeating: false, count: shares.count)
    func set(_ part: Int, _ share: Phase.Share) {
      switch share {
      case .all: takesAll[part] = true
      case .weight(let weight): shares[part] = weight
      }
    }
    for entry in phase.mix where entry.condition.isNone {
      if let channel = channels.firstIndex(of: entry.channel) { set(channel, entry.share) }
    }
    for (index, entry) in narrowed.enumerated() { set(channels.count + index, entry.share) }
    weights = Mix.whole(shares)
    self.takesAll = takesAll
  }

  /// Entries for some documents of a channel, as they stand in the mix.
  static func narrowed(_ phase: Phase, _ channels: [String]) -> [Phase.MixEntry] {
    phase.mix.filter { !$0.condition.isNone && channels.contains($0.channel) }
  }

  /// Small whole weights stay as they are; others become millionths of their sum.
  private static func whole(_ shares: [Double]) -> [Int] {
    if shares.allSatisfy({ Int(exactly: $0) != nil }) && shares.reduce(0, +) <= resolution {
      return shares.map { Int($0) }
    }
    let sum = shares.reduce(0, +)
    return shares.map { $0 > 0 ? max(1, Int(($0 / sum * resolution).rounded())) : 0 }
  }

  /// The block's quotas; nil while a channel has too little.
  func quotas(_ blockTokens: Int, _ available: [Int], _ previous: MixCredit) -> Quotas? {
    var tokens = everything(blockTokens, available)
    let rest = blockTokens - tokens.reduce(0, +)
    let sum = weights.reduce(0, +)
    if sum == 0 {
      let none = MixCredit(weights: weights, carry: weights.map { _ in 0 })
      return rest == 0 ? Quotas(tokens: tokens, credit: none) : nil
    }
    let carry = previous.weights == weights ? previous.carry : weights.map { _ in 0 }
    let owed = weights.indices.map { weights[$0] * rest + carry[$0] }
    let parts = Mix.apportion(rest, owed, sum)
    for channel in weights.indices where weights[channel] > 0 {
      // A weighted channel never takes all, so nothing of it is in `tokens` yet.
      if parts[channel] > available[channel] { return nil }
      tokens[channel] = parts[channel]
    }
    let left = weights.indices.map { owed[$0] - parts[$0] * sum }
    return Quotas(tokens: tokens, credit: MixCredit(weights: weights, carry: left))
  }

  /// Channels that are taken whole, together at most a block; more than that is divided in proportion.
  private func everything(_ blockTokens: Int, _ available: [Int]) -> [Int] {
    let wanted = available.indices.map { takesAll[$0] ? available[$0] : 0 }
    let sum = wanted.reduce(0, +)
    return sum <= blockTokens ? wanted : Mix.fill(blockTokens, weights: wanted, limits: wanted)
  }

  /// What a flush takes: channels short of their share give what they have, the others the rest in proportion.
  func shortQuotas(_ blockTokens: Int, _ available: [Int], _ previous: MixCredit) -> Quotas {
    var tokens = everything(blockTokens, available)
    let rest = blockTokens - tokens.reduce(0, +)
    let parts = Mix.fill(rest, weights: weights, limits: weights.indices.map { weights[$0] > 0 ? available[$0] : 0 })
    for channel in tokens.indices { tokens[channel] += parts[channel] }
    return Quotas(tokens: tokens, credit: previous, short: true)
  }

  /// A full block in which parts that ran dry give what they have; nil when all together are too little.
  func rebalancedQuotas(_ blockTokens: Int, _ available: [Int], _ previous: MixCredit) -> Quotas? {
    var quotas = shortQuotas(blockTokens, available, previous)
    if quotas.tokens.reduce(0, +) < blockTokens { return nil }
    (quotas.short, quotas.rebalanced) = (false, true)
    return quotas
  }

  /// `total` in whole parts of owed/sum each, largest remainders first; the parts add up exactly.
  static func apportion(_ total: Int, _ owed: [Int], _ sum: Int) -> [Int] {
    var parts = owed.map { max(0, floorDivide($0, sum)) }
    var missing = total - parts.reduce(0, +)
    let order = owed.indices.sorted { a, b in
      let left = (owed[a] - parts[a] * sum, b)
      let right = (owed[b] - parts[b] * sum, a)
      return left > right
    }
    for channel in order where missing > 0 && owed[channel] > 0 {
      parts[channel] += 1
      missing -= 1
    }
    // Credits below zero can leave one token too many: it comes off the smallest remainder.
    for channel in order.reversed() where missing < 0 && parts[channel] > 0 {
      parts[channel] -= 1
      missing += 1
    }
    return parts
  }

  private static func floorDivide(_ a: Int, _ b: Int) -> Int { a >= 0 ? a / b : -((-a + b - 1) / b) }

  /// Water-filling: `total` (or all there is) in proportion to the weights, nobody above its limit.
  static func fill(_ total: Int, weights: [Int], limits: [Int]) -> [Int] {
    var parts = [Int](repeating: 0, count: weights.count)
    var open = weights.indices.filter { weights[$0] > 0 && limits[$0] > 0 }
    var rest = min(total, open.reduce(0) { $0 + limits[$1] })
    while !open.isEmpty {
      let sum = open.reduce(0.0) { $0 + Double(weights[$1]) }
      let dry = open.filter { Double(limits[$0]) <= Double(rest) * Double(weights[$0]) / sum }
      if dry.isEmpty { break }
      for channel in dry {
        parts[channel] = min(limits[channel], rest)
        rest -= parts[channel]
      }
      open.removeAll(where: dry.contains)
    }
    spread(rest, open, weights, limits, &parts)
    return parts
  }

  /// The rest over channels that all have more than their share; leftovers of rounding go where there is room.
  private static func spread(_ total: Int, _ open: [Int], _ weights: [Int], _ limits: [Int], _ parts: inout [Int]) {
    let sum = open.reduce(0.0) { $0 + Double(weights[$1]) }
    var rest = total
    for channel in open {
      parts[channel] = min(limits[channel], rest, Int(Double(total) * Double(weights[channel]) / sum))
      rest -= parts[channel]
    }
    for channel in open {
      let more = min(rest, limits[channel] - parts[channel])
      parts[channel] += more
      rest -= more
    }
  }
}
