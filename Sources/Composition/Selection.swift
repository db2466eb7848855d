import Bytes

/// The choice of one draw inside a channel: waiting tails first, then the least used documents, by hash.
struct Selection {
  struct Pick {
    var piece: Draw.Piece
    let key: Identifier
    let score: Float
    /// The n-th part of a long document, from 0.
    var part = 0

    /// What decides its place in an order.
    var placeKey: Identifier { Identifier(high: key.high &+ UInt64(part), low: key.low) }
  }

  private struct Candidate {
    let hash: UInt64
    let index: Int
  }

  let hash: DrawHash
  let eligibility: Eligibility
  /// Documents from so many tokens on go first; 0 = no matter.
  let preferTokens: Int
  let pool: DocumentPool
  let weights: DrawWeights

  /// Appends pieces of exactly `quota` tokens; the quota is at most what is available.
  func pick(_ quota: Int, _ part: Int, _ picked: inout [Pick], _ clusterSize: (UInt32) -> Int) {
    var rest = quota
    let channel = eligibility.parts[part].channel
    for ordinal in pool.tails[channel] where rest > 0 {
      guard let (entry, _) = pool.entry(ordinal), eligibility.part(entry, channel) == part else { continue }
      take(entry, channel, &rest, &picked)
    }
    if rest == 0 { return }
    let classes = classTotals(part)
    for (number, total) in classes.enumerated() where rest > 0 && total > 0 {
      let group = Group(part: part, channel: channel, number: number)
      let order = weights.isEven ? candidates(group, rest, total) : raced(group, clusterSize)
      for candidate in order where rest > 0 {
        take(pool.entries[channel][candidate.index], channel, &rest, &picked)
      }
    }
  }

  /// Documents of a part that were used as often; number 2 n are those used n times that are preferred for their
  /// length, 2 n + 1 the others.
  private struct Group {
    let part: Int
    let channel: Int
    let number: Int
  }

  private func group(_ entry: DocumentPool.Entry) -> Int {
    2 * Int(entry.uses) + (Int(entry.tokens) < preferTokens ? 1 : 0)
  }

  private func take(_ entry: DocumentPool.Entry, _ channel: Int, _ rest: inout Int, _ picked: inout [Pick]) {
    let start = Int(entry.start)
    let count = min(rest, Int(entry.tokens) - start)
    rest -= count
    let piece = Draw.Piece(
      ordinal: entry.ordinal, channel: UInt8(channel), start: start, count: count,
      use: start > 0 ? max(1, Int(entry.uses)) : Int(entry.uses) + 1, isLast: start + count == Int(entry.tokens))
    picked.append(Pick(piece: piece, key: entry.key, score: entry.score))
  }

  private func isIn(_ group: Group, _ entry: DocumentPool.Entry) -> Bool {
    entry.start == 0 && self.group(entry) == group.number && eligibility.available(entry) > 0
      && eligibility.part(entry, group.channel) == group.part
  }

  /// Tokens of each group.
  private func classTotals(_ part: Int) -> [Int] {
    let channel = eligibility.parts[part].channel
    var totals: [Int] = []
    for entry in pool.entries[channel] where entry.start == 0 && eligibility.part(entry, channel) == part {
      let number = group(entry)
      while totals.count <= number { totals.append(0) }
      totals[number] += eligibility.available(entry)
    }
    return totals
  }

  /// The documents of a class in order of hash, at least as many as `rest` tokens need. Hashes are even, so a bound
  /// on the hash spares the sorting of a large pool; the outcome is the same as with all of them.
  private func candidates(_ group: Group, _ rest: Int, _ total: Int) -> [Candidate] {
    var share = Double(rest) / Double(total) * 1.05 + 0.01
    while true {
      let bound = share >= 1 ? UInt64.max : UInt64(share * 0x1p64)
      var found: [Candidate] = []
      var tokens = 0
      for (index, entry) in pool.entries[group.channel].enumerated() where isIn(group, entry) {
        let place = hash(entry.key)
        if place > bound { continue }
        found.append(Candidate(hash: place, index: index))
        tokens += Int(entry.tokens)
      }
      if tokens >= rest || bound == .max { return sorted(found, group.channel) }
      share *= 2
    }
  }

  /// All documents of a class in the order in which they win the race.
  private func raced(_ group: Group, _ clusterSize: (UInt32) -> Int) -> [Candidate] {
    var found: [Candidate] = []
    for (index, entry) in pool.entries[group.channel].enumerated() where isIn(group, entry) {
      let weight = weights.weight(clusterSize: clusterSize(entry.ordinal), score: entry.score)
      let time = DrawRace.time(hash(entry.key), weight: weight)
      // Bit patterns of positive numbers stand in the numbers' own order.
      found.append(Candidate(hash: time.bitPattern, index: index))
    }
    return sorted(found, group.channel)
  }

  private func sorted(_ candidates: [Candidate], _ channel: Int) -> [Candidate] {
    let entries = pool.entries[channel]
    return candidates.sorted { a, b in
      if a.hash != b.hash { return a.hash < b.hash }
      return (entries[a.index].key, entries[a.index].ordinal) < (entries[b.index].key, entries[b.index].ordinal)
    }
  }
}
