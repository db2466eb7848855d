import Bytes
import Phases

/// Decides what each block is made of. It holds no text and no files: documents come in as `Supply`, draws go out.
///
/// A draw is a function of the settings, the phase, the block number, the documents in the pool and the blocks before,
/// whatever the order in which documents came in.
public final class Composer {
  public let settings: ComposeSettings
  public let channels: [String]
  /// What the next draw's shares take over; changes with `commit`.
  public private(set) var credit = MixCredit()
  /// How much likelier some documents are drawn than others.
  public let weights: DrawWeights
  private let genres: [String]
  private var pool: SpacedPool
  private var injection: Injection
  private var sources: [String: UInt16] = [:]
  private var known: PhaseSupply?
  private var numbers: Set<Int> = []

  /// - Parameters:
  ///   - genres: names by position, for mixes that name one.
  ///   - mostUses: the most that a phase allows; `compose.max_uses` counts by itself.
  public init(settings: ComposeSettings, channels: [String], genres: [String] = [], mostUses: Int = 0) {
    self.settings = settings
    self.channels = channels
    self.genres = genres
    weights = DrawWeights(settings)
    injection = Injection(settings.inject.compactMap(Injection.rule))
    pool = SpacedPool(
      channels: channels.count, maxUses: max(mostUses, settings.maxUses), gap: settings.minGapTokens)
  }

  /// Documents that can be drawn, now or later.
  public var count: Int { pool.count }

  /// Lets a document be drawn. One that is there already is replaced: so a withdrawn block's documents are given back.
  public func add(_ document: Supply) {
    if injection.insert(document) { return }
    pool.insert(document, source: number(of: document.source))
  }

  /// Takes a document out (superseded, contaminated); fine when it is not there.
  public func remove(_ ordinal: UInt32) {
    injection.remove(ordinal)
    pool.remove(ordinal)
  }

  /// Sources are few: 65,535 at most are told apart.
  private func number(of source: String) -> UInt16 {
    if let number = sources[source] { return number }
    let number = UInt16(clamping: sources.count)
    sources[source] = number
    return number
  }

  /// A published block, for `restore`.
  public struct PastBlock {
    let number: Int
    let pieces: [(ordinal: UInt32, count: Int)]

    public init(number: Int, pieces: [(ordinal: UInt32, count: Int)]) {
      self.number = number
      self.pieces = pieces
    }
  }

  /// After a restart: uses so far and the beginnings of waiting tails of documents that were added, the carry, and
  /// where documents stood.
  public func restore(
    uses: [UInt32: Int], tails: [UInt32: Int], credit: MixCredit, past: some Sequence<PastBlock> = [PastBlock]()
  ) {
    for ordinal in Set(uses.keys).union(tails.keys) {
      guard let entry = pool.entry(ordinal) else { continue }
      pool.set(ordinal, uses: uses[ordinal] ?? Int(entry.uses), start: tails[ordinal] ?? 0)
    }
    injection.setUses(uses)
    self.credit = credit
    pool.forgetPlaces()
    numbers = []
    var drawn: Set<UInt32> = []
    for block in past {
      pool.note(block: block.number, block.pieces)
      numbers.insert(block.number)
      if settings.minGapTokens > 0 { drawn.formUnion(block.pieces.map(\.ordinal)) }
    }
    pool.aim(at: nextNumber, drawn: drawn)
  }

  private var nextNumber: Int {
    var number = 0
    while numbers.contains(number) { number += 1 }
    return number
  }

  /// Tokens by channel of all documents that can be drawn, whatever their score.
  public var drawable: [Int] {
    pool.available(
      Eligibility(channels: channels.count, minimum: -.infinity, usualUses: settings.maxUses))
  }

  /// Tokens by channel that a block of this phase could take.
  public func available(_ phase: Phase) -> [Int] { byChannel(pool.available(supply(phase).eligibility), phase) }

  /// Tokens of documents that wait until `min_gap_tokens` have gone by.
  public func resting(_ phase: Phase) -> Int { pool.waitingTokens(supply(phase).eligibility.usualUses) }

  /// Tokens of a block that the mix divides; the rest is injected.
  private func divided(_ supply: PhaseSupply, _ number: Int) -> Int {
    if injection.rules.isEmpty { return supply.blockTokens }
    return supply.blockTokens
      - injection.pieces(number, blockTokens: supply.blockTokens).reduce(0) { $0 + $1.piece.count }
  }

  /// Whether a full block with the phase's exact shares can be drawn. Cheap enough to ask after every document.
  public func canCompose(_ phase: Phase, number: Int = 0) -> Bool {
    let supply = supply(phase)
    return supply.mix.quotas(divided(supply, number), pool.available(supply.eligibility), credit) != nil
  }

  /// Whether a full block can be drawn when parts that ran dry leave their share to the others.
  public func canRebalance(_ phase: Phase, number: Int = 0) -> Bool {
    let supply = supply(phase)
    return settings.dryPolicy == .rebalance
      && supply.mix.rebalancedQuotas(divided(supply, number), pool.available(supply.eligibility), credit) != nil
  }

  /// Tokens by channel that are still missing for a full block: what the next block waits for.
  public func missing(_ phase: Phase) -> [Int] {
    let supply = supply(phase)
    let (mix, available) = (supply.mix, pool.available(supply.eligibility))
    let plenty = available.indices.map { mix.takesAll[$0] ? available[$0] : supply.blockTokens }
    guard let wanted = mix.quotas(supply.blockTokens, plenty, credit) else {
      return byChannel(
        available.indices.map { mix.takesAll[$0] ? max(0, supply.blockTokens - available[$0]) : 0 }, phase)
    }
    return byChannel(available.indices.map { max(0, wanted.tokens[$0] - available[$0]) }, phase)
  }

  /// How far the parts with a weight go, in the order of the mix.
  public func outlook(_ phase: Phase) -> [SupplyOutlook] {
    let supply = supply(phase)
    let available = pool.available(supply.eligibility)
    let plenty = available.indices.map { supply.mix.takesAll[$0] ? available[$0] : supply.blockTokens }
    guard let wanted = supply.mix.quotas(supply.blockTokens, plenty, credit)?.tokens else { return [] }
    return available.indices.filter { supply.mix.weights[$0] > 0 }.map {
      SupplyOutlook(name: supply.names[$0], available: available[$0], perBlock: wanted[$0])
    }
  }

  /// The next block, shuffled. nil when there is too little; with `short` (a flush) only when there is nothing at all.
  /// - Parameters:
  ///   - rebalance: parts that ran dry leave their share to the others.
  ///   - clusterSize: documents that count as this one, itself too; need not be counted beyond `weights.largestSize`.
  public func draw(
    number: Int, phase: Phase, short: Bool = false, rebalance: Bool = false,
    clusterSize: (UInt32) -> Int = { _ in 1 }
  ) -> Draw? {
    let supply = supply(phase)
    let available = pool.available(supply.eligibility)
    let placed = injection.pieces(number, blockTokens: supply.blockTokens)
    let blockTokens = divided(supply, number)
    var quotas = supply.mix.quotas(blockTokens, available, credit)
    if quotas == nil && rebalance { quotas = supply.mix.rebalancedQuotas(blockTokens, available, credit) }
    if quotas == nil && short { quotas = supply.mix.shortQuotas(blockTokens, available, credit) }
    guard let quotas, quotas.tokens.contains(where: { $0 > 0 }) else { return nil }
    let selection = Selection(
      hash: DrawHash(seed: settings.seed, number: number, .selection), eligibility: supply.eligibility,
      preferTokens: phase.preferTokens, pool: pool.pool, weights: weights)
    var picked: [Selection.Pick] = []
    for part in quotas.tokens.indices { selection.pick(quotas.tokens[part], part, &picked, clusterSize) }
    let recipe = recipe(picked, clusterSize)
    picked = Composer.shuffled(picked, DrawHash(seed: settings.seed, number: number, .order))
    var perChannel = byChannel(quotas.tokens, phase)
    for place in placed { perChannel[Int(place.piece.channel)] += place.piece.count }
    return Draw(
      number: number, picks: picked, injected: placed, tokensPerChannel: perChannel, credit: quotas.credit,
      short: quotas.short, rebalanced: quotas.rebalanced, weights: recipe,
      parts: zip(supply.names, quotas.tokens).filter { $0.1 > 0 }.map { ($0, $1) })
  }

  /// The draw with long documents split and in the phase's order.
  public func arranged(_ draw: Draw, _ phase: Phase, _ facts: any DocumentFacts) throws -> Draw {
    var picks = draw.picks
    if settings.splitTokens > 0 {
      picks = try LongDocuments.split(picks, limit: settings.splitTokens, facts)
    }
    let hash = DrawHash(seed: settings.seed, number: draw.number, .order)
    switch phase.order {
    case .shuffle: if picks.count > draw.picks.count { picks = Composer.shuffled(picks, hash) }
    case .curriculum:
      picks = CurriculumOrder(bands: settings.curriculumBands, hash: hash).order(
        picks, by: try difficulty(of: picks, phase.curriculum, facts))
    case .semantic: picks = try SemanticOrder(cluster: settings.clusterDocuments, hash: hash).order(picks, facts)
    }
    return draw.with(LongDocuments.ordered(picks))
  }

  private func difficulty(of picks: [Selection.Pick], _ text: String, _ facts: any DocumentFacts) throws -> [Float] {
    let (name, falls) = CurriculumOrder.key(text)
    let values: [Float] =
      switch name {
      case "length": picks.map { Float($0.piece.count) }
      case "score": picks.map(\.score)
      default: try facts.signal(name, of: picks.map(\.piece.ordinal))
      }
    return falls ? values.map { -$0 } : values
  }

  /// What the manifest says of weights; null without any.
  private func recipe(_ picked: [Selection.Pick], _ clusterSize: (UInt32) -> Int) -> JSONValue {
    if weights.isEven { return .null }
    var sequences = [Int](repeating: 0, count: weights.steps.count)
    if !sequences.isEmpty { for pick in picked { sequences[weights.step(of: clusterSize(pick.piece.ordinal))] += 1 } }
    return weights.json(sequences)
  }

  /// The draw became a block: uses, tails and carry move on.
  public func commit(_ draw: Draw) {
    for place in draw.injected { injection.count(place.piece.ordinal) }
    for piece in draw.picks.lazy.map(\.piece) {
      guard let entry = pool.entry(piece.ordinal) else { continue }
      let end = piece.start + piece.count
      let uses = Int(entry.uses) + (piece.start == 0 ? 1 : 0)
      pool.set(piece.ordinal, uses: uses, start: end < Int(entry.tokens) ? end : 0)
    }
    credit = draw.credit
    numbers.insert(draw.number)
    pool.note(block: draw.number, draw.pieces.lazy.map { ($0.ordinal, $0.count) })
    pool.aim(at: nextNumber, drawn: draw.picks.lazy.map(\.piece.ordinal))
  }

  private func supply(_ phase: Phase) -> PhaseSupply {
    if let known, known.phase == phase { return known }
    let supply = PhaseSupply(phase, settings, channels: channels, genres: genres) { number(of: $0) }
    known = supply
    return supply
  }

  private func byChannel(_ parts: [Int], _ phase: Phase) -> [Int] {
    var tokens = [Int](repeating: 0, count: channels.count)
    for (part, count) in zip(supply(phase).eligibility.parts, parts) { tokens[part.channel] += count }
    return tokens
  }

  /// Block order: by hash, so that channels and lengths are spread evenly.
  private static func shuffled(_ picked: [Selection.Pick], _ hash: DrawHash) -> [Selection.Pick] {
    var order = picked.indices.map { (hash: hash(picked[$0].placeKey), index: UInt32($0)) }
    order.sort { a, b in
      if a.hash != b.hash { return a.hash < b.hash }
      return (picked[Int(a.index)].key, picked[Int(a.index)].piece.ordinal, picked[Int(a.index)].part)
        < (picked[Int(b.index)].key, picked[Int(b.index)].piece.ordinal, picked[Int(b.index)].part)
    }
    return order.map { picked[Int($0.index)] }
  }
}
