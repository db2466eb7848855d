import Tokens

/// The merge loop of byte-pair training over `WordCells`.
///
/// Each round takes the most frequent pair (a, b), replaces it by a token X wherever it stands, and counts what that
/// does to the neighbours. Every pair that gains holds X, so gains and losses are summed per neighbour in plain arrays
/// and the pair table is touched once per neighbour, not once per place.
struct PairMerging {
  private let words: WordCells
  private let cells: UnsafeMutablePointer<WordCells.Cell>
  private let minimum: Int64
  private var table = PairTable()
  private var queue = PairQueue()
  private var left: NeighbourCounts
  private var right: NeighbourCounts
  private var tokens = ByteStringTable(capacity: 1 << 16)
  private var lengths: [UInt32] = []
  private var merges: [Merge] = []

  /// The tokens, bytes first, and the merges that make them: at most `vocabularySize` tokens; nil when `goesOn`, asked
  /// before every merge, said no.
  static func train(
    words: consuming WordCells, vocabularySize: Int, minimumFrequency: Int, goesOn: () -> Bool
  ) -> (tokens: [[UInt8]], merges: [Merge])? {
    var merging = PairMerging(words: words, vocabularySize: vocabularySize, minimum: Int64(minimumFrequency))
    defer { merging.deallocate() }
    merging.countBytePairs()
    while merging.tokens.count < vocabularySize, let pair = merging.nextPair() {
      if !goesOn() { return nil }
      merging.merge(pair)
    }
    return ((0..<merging.tokens.count).map { Array(merging.tokens[$0]) }, merging.merges)
  }

  private init(words: WordCells, vocabularySize: Int, minimum: Int64) {
    self.words = words
    self.minimum = minimum
    cells = words.cells
    left = NeighbourCounts(tokens: vocabularySize)
    right = NeighbourCounts(tokens: vocabularySize)
    for token in TokenizerDefinition.byteTokens {
      tokens.insert(token)
      lengths.append(1)
    }
  }

  private mutating func deallocate() {
    table.deallocate()
    left.deallocate()
    right.deallocate()
  }

  private mutating func countBytePairs() {
    var counts = [Int64](repeating: 0, count: 65_536)
    var places = [Int](repeating: 0, count: 65_536)
    for position in 1..<max(1, words.count - 1) {
      let (first, second) = (cells[position], cells[position + 1].symbol)
      if first.symbol == WordCells.separator || second == WordCells.separator { continue }
      counts[Int(first.symbol) << 8 | Int(second)] += Int64(first.count)
      places[Int(first.symbol) << 8 | Int(second)] += 1
    }
    var cursors = [UnsafeMutablePointer<UInt32>?](repeating: nil, count: 65_536)
    for pair in 0..<65_536 where counts[pair] >= minimum {
      let key = PairTable.key(UInt32(pair >> 8), UInt32(pair & 255))
      guard let index = table.add(key, count: counts[pair], room: places[pair], minimum: minimum) else { continue }
      cursors[pair] = table.cursor(index)
      table.written(places[pair], to: index)
      queue.push(PairQueue.Entry(count: counts[pair], key: key, pair: UInt32(index)))
    }
    for position in 1..<max(1, words.count - 1) {
      let (first, second) = (cells[position].symbol, cells[position + 1].symbol)
      if first == WordCells.separator || second == WordCells.separator { continue }
      let pair = Int(first) << 8 | Int(second)
      if let cursor = cursors[pair] {
        cursor.pointee = UInt32(position)
        cursors[pair] = cursor + 1
      }
    }
  }

  /// The most frequent pair, or nil when none reaches the minimum.
  private mutating func nextPair() -> Int? {
    while let top = queue.top {
      let count = table.pairs[Int(top.pair)].count
      if count < minimum {
        queue.removeTop()
      } else if count != top.count {
        queue.replaceTop(PairQueue.Entry(count: count, key: top.key, pair: top.pair))
      } else {
        queue.removeTop()
        return Int(top.pair)
      }
    }
    return nil
  }

  private mutating func merge(_ pair: Int) {
    let key = table.pairs[pair].key
    let (first, second) = (UInt32(key >> 32), UInt32(truncatingIfNeeded: key))
    let result = UInt32(tokens.insert(tokens[Int(first)] + tokens[Int(second)]))
    if Int(result) == lengths.count { lengths.append(lengths[Int(first)] + lengths[Int(second)]) }
    // Two different pairs may spell the same token; a pair that comes back is merged again but listed once.
    let rule = Merge(left: Int32(first), right: Int32(second), result: Int32(result))
    if !table.pairs[pair].merged { merges.append(rule) }
    let list = table.takePositions(pair)
    replace(first, second, by: result, at: list.positions)
    settle(first, second, result, pair: pair)
    table.release(list)
  }

  /// Puts `result` where `first` and `second` still stand side by side, and notes the gains and losses around it.
  private mutating func replace(
    _ first: UInt32, _ second: UInt32, by result: UInt32, at positions: UnsafeMutableBufferPointer<UInt32>
  ) {
    let firstLength = Int(lengths[Int(first)])
    let length = firstLength + Int(lengths[Int(second)])
    for place in positions {
      let position = Int(place)
      guard cells[position].symbol == first, cells[position &+ firstLength].symbol == second else { continue }
      let count = Int64(cells[position].count)
      cells[position].symbol = result
      cells[position &+ firstLength].symbol = WordCells.inside
      cells[position &+ length &- 1].start = place
      let before = cells[position &- 1].start
      let previous = cells[Int(before)].symbol
      if previous == result {
        // A run: what was gained as (X, a) a moment ago is now (X, X).
        right.ungain(first, count)
        right.gain(result, count, at: before)
      } else if previous != WordCells.separator {
        left.lose(previous, count)
        left.gain(previous, count, at: before)
      }
      let next = cells[position &+ length].symbol
      if next != WordCells.separator {
        right.lose(next, count)
        right.gain(next, count, at: place)
      }
    }
  }

  /// Brings the round's losses and gains into the pair table and the queue.
  private mutating func settle(_ first: UInt32, _ second: UInt32, _ result: UInt32, pair: Int) {
    for token in left.touched { table.subtract(left[token].loss, from: PairTable.key(token, first)) }
    for token in right.touched { table.subtract(right[token].loss, from: PairTable.key(second, token)) }
    table.markMerged(pair)
    for token in left.touched { enter(PairTable.key(token, result), left[token], cursor: left.cursors + Int(token)) }
    left.finishRound()
    for token in right.touched { enter(PairTable.key(result, token), right[token], cursor: right.cursors + Int(token)) }
    right.finishRound()
  }

  /// Adds what one neighbour gained; leaves in `cursor` where its positions go, nil if the pair is not worth keeping.
  private mutating func enter(
    _ key: UInt64, _ change: NeighbourCounts.Change, cursor: UnsafeMutablePointer<UnsafeMutablePointer<UInt32>?>
  ) {
    cursor.pointee = nil
    guard change.gain != 0,
      let pair = table.add(key, count: change.gain, room: Int(change.places), minimum: minimum)
    else { return }
    cursor.pointee = table.cursor(pair)
    table.written(Int(change.places), to: pair)
    queue.push(PairQueue.Entry(count: table.pairs[pair].count, key: key, pair: UInt32(pair)))
  }
}
