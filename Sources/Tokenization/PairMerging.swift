import CKernels
import Tokens

/// The merge loop of byte-pair training over `WordCells`.
///
/// Each round takes the most frequent pair (a, b), replaces it by a token X wherever it stands, and counts what that
/// does to the neighbours. Every pair that gains holds X, so gains and losses are summed per neighbour in plain arrays
/// and the pair table is touched once per neighbour, not once per place.
struct PairMerging {
  private let words: WordCells
  private let plan: MergePlan
  private var threshold: PairThreshold
  private var table = PairTable()
  private var queue = PairQueue()
  private var left: NeighbourCounts
  private var right: NeighbourCounts
  private var tokens = ByteStringTable(capacity: 1 << 16)
  private let lengths: UnsafeMutablePointer<UInt32>
  private var merges: [Merge] = []
  /// Times that all pairs were counted again.
  private(set) var recounts = 0
  /// Merges between two looks at the threshold.
  private static let raiseEvery = 256

  /// The tokens, bytes first, and the merges that make them; nil when `goesOn`, asked before every merge, said no.
  static func train(
    words: consuming WordCells, plan: MergePlan, goesOn: () -> Bool
  ) -> (tokens: [[UInt8]], merges: [Merge], recounts: Int)? {
    var merging = PairMerging(words: words, plan: plan)
    defer { merging.deallocate() }
    if plan.characters.isEmpty {
      merging.countBytePairs()
    } else {
      merging.mergeCharacters()
      merging.countPairs()
    }
    while merging.tokens.count < plan.tokens, let pair = merging.nextPair() {
      if !goesOn() { return nil }
      merging.merge(pair)
    }
    return ((0..<merging.tokens.count).map { Array(merging.tokens[$0]) }, merging.merges, merging.recounts)
  }

  private init(words: WordCells, plan: MergePlan) {
    self.words = words
    self.plan = plan
    threshold = PairThreshold(minimum: plan.minimum, spare: plan.spare)
    left = NeighbourCounts(tokens: plan.tokens)
    right = NeighbourCounts(tokens: plan.tokens)
    lengths = .allocate(capacity: plan.tokens)
    for (id, token) in TokenizerDefinition.byteTokens.enumerated() {
      tokens.insert(token)
      lengths[id] = 1
    }
  }

  private mutating func deallocate() {
    table.deallocate()
    left.deallocate()
    right.deallocate()
    lengths.deallocate()
  }

  // MARK: counting

  private mutating func countBytePairs() {
    let (cells, blockCounts) = (words.cells, words.blockCounts)
    var changes = [NeighbourCounts.Change](repeating: NeighbourCounts.Change(), count: 65_536)
    changes.withUnsafeMutableBufferPointer { changes in
      for position in 0..<words.count - 1 where cells[position] < 256 && cells[position &+ 1] < 256 {
        let pair = Int(cells[position] << 8 | cells[position &+ 1])
        changes[pair].count &+= blockCounts[position >> WordCells.blockBits]
        changes[pair].places &+= 1
      }
    }
    var cursors = [UnsafeMutablePointer<UInt32>?](repeating: nil, count: 65_536)
    for pair in 0..<65_536 where changes[pair].places > 0 {
      enter(PairTable.key(UInt32(pair >> 8), UInt32(pair & 255)), changes[pair], cursor: &cursors[pair])
    }
    cursors.withUnsafeMutableBufferPointer { cursors in
      for position in 0..<words.count - 1 where cells[position] < 256 && cells[position &+ 1] < 256 {
        let pair = Int(cells[position] << 8 | cells[position &+ 1])
        guard let cursor = cursors[pair] else { continue }
        cursor.pointee = UInt32(truncatingIfNeeded: position)
        cursors[pair] = cursor + 1
      }
    }
  }

  /// Enters the rules of the characters, each from its first byte on, and applies them to the words.
  private mutating func mergeCharacters() {
    var trie = CharacterTrie()
    for character in plan.characters {
      for end in 1..<character.count where tokens.count < plan.tokens && tokens.find(character[...end]) == nil {
        guard let token = tokens.find(character[..<end]), let last = tokens.find(character[end..<end + 1]) else {
          break
        }
        let result = list(PairTable.key(UInt32(token), UInt32(last)))
        trie.insert(character[...end], token: result)
      }
    }
    trie.apply(to: words)
  }

  /// Counts every pair anew, as the words stand now: needed when pairs that were passed over could be the best.
  private mutating func recount() {
    recounts += 1
    table.deallocate()
    queue.removeAll()
    threshold.reset()
    countPairs()
  }

  private mutating func countPairs() {
    var tally = PairTally()
    defer { tally.deallocate() }
    let (words, lengths) = (words, lengths)
    PairWalk.forEachBatch(words, lengths) { tally.add($0) }
    threshold.raise(left: plan.tokens - tokens.count, of: tally.count) { body in tally.forEach { body($0.count) } }
    let least = threshold.least
    tally.forEach { entry in
      guard entry.count >= least else { return }
      let gain = NeighbourCounts.Change(count: entry.count, places: entry.places)
      if let pair = table.add(entry.key, count: gain.count, room: Int(gain.places), minimum: least) {
        queue.push(PairQueue.Entry(count: entry.count, key: entry.key, pair: UInt32(pair)))
      }
    }
    PairWalk.forEachBatch(words, lengths) { batch in
      for place in batch { table.prefetch(place.key) }
      for place in batch { table.note(place.key, at: place.position) }
    }
  }

  // MARK: choosing

  /// The most frequent pair that is allowed, or nil when none reaches the minimum.
  private mutating func nextPair() -> Int? {
    if merges.count % Self.raiseEvery == 0 {
      threshold.raise(left: plan.tokens - tokens.count, of: table.pairs.count) { body in
        for pair in table.pairs { body(pair.count) }
      }
    }
    while true {
      guard let top = queue.top else {
        if !threshold.isRaised { return nil }
        recount()
        continue
      }
      let count = table.pairs[Int(top.pair)].count
      if count < plan.minimum {
        queue.removeTop()
      } else if count != top.count {
        queue.replaceTop(PairQueue.Entry(count: count, key: top.key, pair: top.pair))
      } else if count < threshold.least {
        recount()
      } else {
        queue.removeTop()
        if !plan.banned.holds(spelling(top.key)) { return Int(top.pair) }
      }
    }
  }

  private func spelling(_ key: UInt64) -> [UInt8] {
    Array(tokens[Int(key >> 32)]) + tokens[Int(UInt32(truncatingIfNeeded: key))]
  }

  // MARK: merging

  /// Enters the rule of a pair; the token it makes.
  private mutating func list(_ key: UInt64) -> UInt32 {
    let (first, second) = (UInt32(key >> 32), UInt32(truncatingIfNeeded: key))
    let known = tokens.count
    let result = tokens.insert(spelling(key))
    let rule = Merge(left: Int32(first), right: Int32(second), result: Int32(result))
    if result == known {
      lengths[result] = lengths[Int(first)] + lengths[Int(second)]
      merges.append(rule)
    } else if !merges.contains(rule) {
      // Two different pairs may spell the same token; a pair that comes back is merged again but listed once.
      merges.append(rule)
    }
    return UInt32(result)
  }

  private mutating func merge(_ pair: Int) {
    let key = table.pairs[pair].key
    let (first, second) = (UInt32(key >> 32), UInt32(truncatingIfNeeded: key))
    let known = tokens.count
    let result = list(key)
    let positions = table.takePositions(pair)
    left.beginRound(atMost: positions.positions.count)
    right.beginRound(atMost: positions.positions.count)
    let ungained = replace(first, second, by: result, at: positions.positions)
    settle(first, second, result, pair: pair, isNew: result == known, ungained: ungained)
    table.release(positions)
    // A token that was there before: pairs of it may have been passed over, and would now be counted short.
    if result != known, threshold.isRaised { recount() }
  }

  /// Puts `result` where `first` and `second` still stand side by side, and notes the gains and losses around it.
  ///
  /// - Returns: how often a pair (`result`, `first`) was gained and taken back, in runs.
  private mutating func replace(
    _ first: UInt32, _ second: UInt32, by result: UInt32, at positions: UnsafeMutableBufferPointer<UInt32>
  ) -> Int64 {
    let (cells, blockCounts) = (words.cells, words.blockCounts)
    let firstLength = Int(lengths[Int(first)])
    let length = firstLength &+ Int(lengths[Int(second)])
    let distance = UInt32(truncatingIfNeeded: length &- 1)
    var (left, right) = (self.left, self.right)
    var ungained: Int64 = 0
    let ahead = 24
    for index in 0..<positions.count {
      if index &+ ahead < positions.count { ck_prefetch(cells + Int(positions[index &+ ahead])) }
      let place = positions[index]
      let position = Int(place)
      guard cells[position] == first, cells[position &+ firstLength] == second else { continue }
      let count = blockCounts[position >> WordCells.blockBits]
      cells[position &+ firstLength] = WordCells.inside
      cells[position] = result
      cells[position &+ length &- 1] = WordCells.endsToken | distance
      var before = place &- 1
      var previous = cells[Int(before)]
      if previous & WordCells.endsToken != 0 {
        before &-= previous & ~WordCells.endsToken
        previous = cells[Int(before)]
      }
      if previous == result {
        // A run: what was gained as (X, a) a moment ago is now (X, X).
        right.ungain(first, count)
        ungained &+= count
        right.gain(result, count, at: before)
      } else if previous != WordCells.separator {
        left.gain(previous, count, at: before)
      }
      let next = cells[position &+ length]
      if next != WordCells.separator { right.gain(next, count, at: place) }
    }
    (self.left, self.right) = (left, right)
    return ungained
  }

  /// Brings the round's losses and gains into the pair table and the queue.
  private mutating func settle(
    _ first: UInt32, _ second: UInt32, _ result: UInt32, pair: Int, isNew: Bool, ungained: Int64
  ) {
    let (lefts, rights) = (left.touched, right.touched)
    let ahead = 8
    for index in 0..<lefts.count {
      if index &+ ahead < lefts.count { table.prefetch(PairTable.key(lefts[index &+ ahead], first)) }
      table.subtract(left[lefts[index]].count, from: PairTable.key(lefts[index], first))
    }
    for index in 0..<rights.count {
      if index &+ ahead < rights.count { table.prefetch(PairTable.key(second, rights[index &+ ahead])) }
      let token = rights[index]
      let inRuns = token == first ? ungained : token == result ? -ungained : 0
      table.subtract(right[token].count &+ inRuns, from: PairTable.key(second, token))
    }
    table.clearCount(pair)
    // Pairs of a new token are all new: the rare ones need not be looked for.
    let least = isNew ? threshold.least : .min
    for token in lefts where left[token].count >= least {
      enter(PairTable.key(token, result), left[token], cursor: &left.cursors[Int(token)])
    }
    left.finishRound()
    for token in rights where right[token].count >= least {
      enter(PairTable.key(result, token), right[token], cursor: &right.cursors[Int(token)])
    }
    right.finishRound()
  }

  /// Adds what a pair gained; leaves in `cursor` where its positions go, nil if the pair is not worth keeping.
  private mutating func enter(
    _ key: UInt64, _ gain: NeighbourCounts.Change, cursor: inout UnsafeMutablePointer<UInt32>?
  ) {
    guard gain.count != 0,
      let pair = table.add(key, count: gain.count, room: Int(gain.places), minimum: threshold.least)
    else { return }
    cursor = table.cursor(pair)
    table.written(Int(gain.places), to: pair)
    queue.push(PairQueue.Entry(count: table.pairs[pair].count, key: key, pair: UInt32(pair)))
  }
}
