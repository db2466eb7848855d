import Bytes

/// The choice of one draw inside a channel: waiting tails first, then the least used documents, by hash.
struct Selection {
  struct Pick {
    let piece: Draw.Piece
    let key: Identifier
  }

  private struct Candidate {
    let hash: UInt64
    let index: Int
  }

  let hash: DrawHash
  let minimum: Float
  let pool: DocumentPool
  let weights: DrawWeights

  /// Appends pieces of exactly `quota` tokens; the quota is at most what is available.
  func pick(_ quota: Int, _ channel: Int, _ picked: inout [Pick], _ clusterSize: (UInt32) -> Int) {
    var rest = quota
    for ordinal in pool.tails[channel] where rest > 0 {
      guard let (entry, _) = pool.entry(ordinal), entry.score >= minimum else { continue }
      take(entry, channel, &rest, &picked)
    }
    if rest == 0 { return }
    let classes = classTotals(channel)
    for (use, total) in classes.enumerated() where rest > 0 && total > 0 {
      let order =
        weights.isEven ? candidates(channel, use, rest, total) : raced(channel, use, clusterSize)
      for candidate in order where rest > 0 {
        take(pool.entries[channel][candidate.index], channel, &rest, &picked)
      }
    }
  }

  private func take(_ entry: DocumentPool.Entry, _ channel: Int, _ rest: inout Int, _ picked: inout [Pick]) {
    let start = Int(entry.start)
    let count = min(rest, Int(entry.tokens) - start)
    rest -= count
    let piece = Draw.Piece(
      ordinal: entry.ordinal, channel: UInt8(channel), start: start, count: count,
      use: start > 0 ? max(1, Int(entry.uses)) : Int(entry.uses) + 1, isLast: start + count == Int(entry.tokens))
    picked.append(Pick(piece: piece, key: entry.key))
  }

  private func isFresh(_ entry: DocumentPool.Entry, _ use: Int) -> Bool {
    entry.start == 0 && Int(entry.uses) == use && entry.score >= minimum
  }

  /// Tokens that were used 0, 1, 2 ... times.
  private func classTotals(_ channel: Int) -> [Int] {
    var totals: [Int] = []
    for entry in pool.entries[channel] where entry.start == 0 && entry.score >= minimum {
      while totals.count <= Int(entry.uses) { totals.append(0) }
      totals[Int(entry.uses)] += Int(entry.tokens)
    }
    return totals
  }

  /// The documents of a class in order of hash, at least as many as `rest` tokens need. Hashes are even, so a bound
  /// on the hash spares the sorting of a large pool; the outcome is the same as with all of them.
  private func candidates(_ channel: Int, _ use: Int, _ rest: Int, _ total: Int) -> [Candidate] {
    var share = Double(rest) / Double(total) * 1.05 + 0.01
    while true {
      let bound = share >= 1 ? UInt64.max : UInt64(share * 0x1p64)
      var found: [Candidate] = []
      var tokens = 0
      for (index, entry) in pool.entries[channel].enumerated() where isFresh(entry, use) {
        let place = hash(entry.key)
        if place > bound { continue }
        found.append(Candidate(hash: place, index: index))
        tokens += Int(entry.tokens)
      }
      if tokens >= rest || bound == .max { return sorted(found, channel) }
      share *= 2
    }
  }

  /// All documents of a class in the order in which they win the race.
  private func raced(_ channel: Int, _ use: Int, _ clusterSize: (UInt32) -> Int) -> [Candidate] {
    var found: [Candidate] = []
    for (index, entry) in pool.entries[channel].enumerated() where isFresh(entry, use) {
      let weight = weights.weight(clusterSize: clusterSize(entry.ordinal), score: entry.score)
      let time = DrawRace.time(hash(entry.key), weight: weight)
      // Bit patterns of positive numbers stand in the numbers' own order.
      found.append(Candidate(hash: time.bitPattern, index: index))
    }
    return sorted(found, channel)
  }

  private func sorted(_ candidates: [Candidate], _ channel: Int) -> [Candidate] {
    let entries = pool.entries[channel]
    return candidates.sorted { a, b in
      if a.hash != b.hash { return a.hash < b.hash }
      return (entries[a.index].key, entries[a.index].ordinal) < (entries[b.index].key, entries[b.index].ordinal)
    }
  }
}
