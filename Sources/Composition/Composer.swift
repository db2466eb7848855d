import Bytes
import Phases

/// Decides what each block is made of. It holds no text and no files: documents come in as `Supply`, draws go out.
///
/// A draw is a function of the settings, the phase, the block number and the documents in the pool, whatever the order
/// in which they came in.
public final class Composer {
  public let settings: ComposeSettings
  public let channels: [String]
  /// What the next draw's shares take over; changes with `commit`.
  public private(set) var credit = MixCredit()
  private var pool: DocumentPool
  /// How much likelier some documents are drawn than others.
  public let weights: DrawWeights
  private var lastMix: (phase: Phase, mix: Mix)?

  public init(settings: ComposeSettings, channels: [String]) {
    self.settings = settings
    self.channels = channels
    weights = DrawWeights(settings)
    pool = DocumentPool(channels: channels.count, maxUses: settings.maxUses)
  }

  /// Documents that can be drawn.
  public var count: Int { pool.count }

  /// Lets a document be drawn. One that is there already is replaced: so a withdrawn block's documents are given back.
  public func add(_ document: Supply) { pool.insert(document) }

  /// Takes a document out (superseded, contaminated); fine when it is not there.
  public func remove(_ ordinal: UInt32) { pool.remove(ordinal) }

  /// After a restart: uses so far and the beginnings of waiting tails of documents that were added, and the carry.
  public func restore(uses: [UInt32: Int], tails: [UInt32: Int], credit: MixCredit) {
    for ordinal in Set(uses.keys).union(tails.keys) {
      guard let found = pool.entry(ordinal) else { continue }
      pool.set(ordinal, uses: uses[ordinal] ?? Int(found.entry.uses), start: tails[ordinal] ?? 0)
    }
    self.credit = credit
  }

  /// Tokens by channel of all documents that can be drawn, whatever their score.
  public var drawable: [Int] { pool.available(-.infinity) }

  /// Tokens by channel that a block of this phase could take.
  public func available(_ phase: Phase) -> [Int] { pool.available(Float(phase.minimumScore)) }

  /// Whether a full block with the phase's exact shares can be drawn. Cheap enough to ask after every document.
  public func canCompose(_ phase: Phase) -> Bool {
    mix(phase).quotas(settings.blockTokens, available(phase), credit) != nil
  }

  /// Tokens by channel that are still missing for a full block: what the next block waits for.
  public func missing(_ phase: Phase) -> [Int] {
    let available = available(phase)
    let plenty = available.indices.map { mix(phase).takesAll[$0] ? available[$0] : settings.blockTokens }
    guard let wanted = mix(phase).quotas(settings.blockTokens, plenty, credit) else {
      return available.indices.map { mix(phase).takesAll[$0] ? max(0, settings.blockTokens - available[$0]) : 0 }
    }
    return available.indices.map { max(0, wanted.tokens[$0] - available[$0]) }
  }

  /// The next block. nil when there is too little; with `short` (a flush) only when there is nothing at all.
  /// - Parameter clusterSize: documents that count as this one, itself too; need not be counted beyond
  ///   `weights.largestSize`.
  public func draw(
    number: Int, phase: Phase, short: Bool = false, clusterSize: (UInt32) -> Int = { _ in 1 }
  ) -> Draw? {
    let available = available(phase)
    let mix = mix(phase)
    var quotas = mix.quotas(settings.blockTokens, available, credit)
    if quotas == nil && short { quotas = mix.shortQuotas(settings.blockTokens, available, credit) }
    guard let quotas, quotas.tokens.contains(where: { $0 > 0 }) else { return nil }
    let selection = Selection(
      hash: DrawHash(seed: settings.seed, number: number, .selection), minimum: Float(phase.minimumScore), pool: pool,
      weights: weights)
    var picked: [Selection.Pick] = []
    for channel in channels.indices { selection.pick(quotas.tokens[channel], channel, &picked, clusterSize) }
    let pieces = Composer.shuffled(picked, DrawHash(seed: settings.seed, number: number, .order))
    return Draw(
      number: number, pieces: pieces, tokens: quotas.tokens.reduce(0, +), tokensPerChannel: quotas.tokens,
      credit: quotas.credit, short: quotas.short, weights: recipe(picked, clusterSize))
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
    for piece in draw.pieces {
      guard let (entry, _) = pool.entry(piece.ordinal) else { continue }
      let end = piece.start + piece.count
      let uses = Int(entry.uses) + (piece.start == 0 ? 1 : 0)
      pool.set(piece.ordinal, uses: uses, start: end < Int(entry.tokens) ? end : 0)
    }
    credit = draw.credit
  }

  private func mix(_ phase: Phase) -> Mix {
    if let lastMix, lastMix.phase == phase { return lastMix.mix }
    let mix = Mix(phase, channels)
    lastMix = (phase, mix)
    return mix
  }

  /// Block order: by hash, so that channels and lengths are spread evenly.
  private static func shuffled(_ picked: [Selection.Pick], _ hash: DrawHash) -> [Draw.Piece] {
    var order = picked.indices.map { (hash: hash(picked[$0].key), index: UInt32($0)) }
    order.sort { a, b in
      if a.hash != b.hash { return a.hash < b.hash }
      return (picked[Int(a.index)].key, picked[Int(a.index)].piece.ordinal)
        < (picked[Int(b.index)].key, picked[Int(b.index)].piece.ordinal)
    }
    return order.map { picked[Int($0.index)].piece }
  }
}
