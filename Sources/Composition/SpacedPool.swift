import Bytes

/// The pool without what has to wait: documents that were in a block a short while ago, and all but one document of
/// each cluster. So every choice from the pool keeps the gap.
struct SpacedPool {
  private struct Waiting {
    var entry: DocumentPool.Entry
    let channel: Int
  }

  private(set) var pool: DocumentPool
  private var spacing: Spacing
  private var waiting: [UInt32: Waiting] = [:]
  /// Of documents with a cluster, and the documents of each.
  private var clusters: [UInt32: UInt64] = [:]
  private var members: [UInt64: [UInt32]] = [:]
  private let maxUses: UInt16

  init(channels: Int, maxUses: Int, gap: Int) {
    pool = DocumentPool(channels: channels, maxUses: maxUses)
    spacing = Spacing(gap: gap)
    self.maxUses = UInt16(clamping: maxUses)
  }

  var count: Int { pool.count + waiting.count }
  /// Tokens of the documents that wait until others have gone by.
  func waitingTokens(_ usual: UInt16) -> Int { waiting.values.reduce(0) { $0 + $1.entry.available(usual) } }

  mutating func available(_ eligibility: Eligibility) -> [Int] { pool.available(eligibility) }

  mutating func insert(_ supply: Supply, source: UInt16) {
    remove(supply.ordinal)
    pool.insert(supply, source: source)
    if spacing.gap == 0 { return }
    if supply.cluster != 0 {
      // The highest bit keeps clusters and lone documents' numbers apart. A document must not wait for one of another
      // channel, which a phase may never draw.
      let cluster = (supply.cluster ^ DrawHash.mix(UInt64(supply.channel))) | 1 << 63
      clusters[supply.ordinal] = cluster
      members[cluster, default: []].append(supply.ordinal)
    }
    settle(identity(supply.ordinal))
  }

  mutating func remove(_ ordinal: UInt32) {
    pool.remove(ordinal)
    waiting[ordinal] = nil
    guard let cluster = clusters.removeValue(forKey: ordinal) else { return }
    members[cluster]?.removeAll { $0 == ordinal }
    if members[cluster]?.isEmpty == true { members[cluster] = nil }
    settle(cluster)
  }

  func entry(_ ordinal: UInt32) -> DocumentPool.Entry? { pool.entry(ordinal)?.entry ?? waiting[ordinal]?.entry }

  mutating func set(_ ordinal: UInt32, uses: Int, start: Int) {
    guard waiting[ordinal] != nil else { return pool.set(ordinal, uses: uses, start: start) }
    waiting[ordinal]!.entry.uses = UInt16(clamping: uses)
    waiting[ordinal]!.entry.start = Int32(start)
    if waiting[ordinal]!.entry.available(maxUses) == 0 { waiting[ordinal] = nil }
  }

  /// All that is known of places in blocks is told anew.
  mutating func forgetPlaces() { spacing.forget() }

  /// A block whose uses are counted: where it has documents that may come again.
  mutating func note(block number: Int, _ pieces: some Sequence<(ordinal: UInt32, count: Int)>) {
    var position = 0
    for piece in pieces {
      let end = position + piece.count
      if spacing.gap > 0, clusters[piece.ordinal] != nil || (entry(piece.ordinal)?.available(maxUses) ?? 0) > 0 {
        spacing.saw(identity(piece.ordinal), block: number, position..<end)
      }
      position = end
    }
    spacing.note(block: number, tokens: position)
  }

  /// Lets those wait that must, and the others not, when block `number` is drawn next.
  /// - Parameter drawn: of the block that was noted last.
  mutating func aim(at number: Int, drawn: some Sequence<UInt32>) {
    spacing.aim(at: number)
    if spacing.gap == 0 { return }
    for identity in Set(waiting.keys.map(identity)).union(drawn.map(identity)) { settle(identity) }
  }

  private func identity(_ ordinal: UInt32) -> UInt64 { clusters[ordinal] ?? UInt64(ordinal) }

  /// A waiting tail always goes on; else one document of a cluster, the least used and best, may be drawn.
  private mutating func settle(_ identity: UInt64) {
    let all = identity >> 63 == 1 ? members[identity] ?? [] : [UInt32(truncatingIfNeeded: identity)]
    let rests = spacing.rests(identity)
    var best: DocumentPool.Entry?
    for ordinal in all {
      guard let entry = entry(ordinal) else { continue }
      if best == nil || SpacedPool.isBefore(entry, best!) { best = entry }
    }
    for ordinal in all {
      if let best, best.ordinal == ordinal, !rests || best.start > 0 {
        if let found = waiting.removeValue(forKey: ordinal) { pool.insert(found.entry, found.channel) }
      } else if let (entry, channel) = pool.entry(ordinal) {
        pool.remove(ordinal)
        waiting[ordinal] = Waiting(entry: entry, channel: channel)
      }
    }
  }

  private static func isBefore(_ a: DocumentPool.Entry, _ b: DocumentPool.Entry) -> Bool {
    if (a.start > 0) != (b.start > 0) { return a.start > 0 }
    if a.uses != b.uses { return a.uses < b.uses }
    // The better first: where it is below a phase's minimum all of them are.
    if a.score != b.score { return a.score > b.score }
    return (a.key, a.ordinal) < (b.key, b.ordinal)
  }
}
