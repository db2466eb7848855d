/// Merges one long word in n log n: a heap of (rank, position) over a linked list of symbols.
struct LongWordMerger {
  private let table: MergeTable
  private let count: Int
  private let symbols: UnsafeMutablePointer<UInt32>
  private let next: UnsafeMutablePointer<UInt32>
  private let previous: UnsafeMutablePointer<UInt32>
  /// The rank of the pair that starts at each symbol now; heap entries that disagree are stale.
  private let ranks: UnsafeMutablePointer<UInt32>
  private static let noSymbol = UInt32.max

  /// `first`: the symbols before any merge, at least one.
  init(table: MergeTable, first: UnsafeMutableBufferPointer<UInt32>) {
    count = first.count
    precondition(count > 0 && count < Int(Self.noSymbol), "a word of \(count) symbols")
    self.table = table
    symbols = .allocate(capacity: count)
    next = .allocate(capacity: count)
    previous = .allocate(capacity: count)
    ranks = .allocate(capacity: count)
    for index in 0..<count {
      symbols[index] = first[index]
      next[index] = index + 1 < count ? UInt32(index + 1) : Self.noSymbol
      previous[index] = index > 0 ? UInt32(index - 1) : Self.noSymbol
      ranks[index] = index + 1 < count ? table.rank(first[index], first[index + 1]) : MergeTable.none
    }
  }

  /// Writes the ids to `output`, returns how many there are, and frees the scratch memory: call it once.
  consuming func merge(output: UnsafeMutablePointer<UInt32>) -> Int {
    var heap = MinimumHeap()
    for index in 0..<count where ranks[index] != MergeTable.none { heap.append(entry(index)) }
    heap.order()
    while let top = heap.popLowest() {
      let at = Int(truncatingIfNeeded: top & 0xFFFF_FFFF)
      let rank = UInt32(truncatingIfNeeded: top >> 32)
      if ranks[at] != rank { continue }
      mergePair(at: at, rank: rank, heap: &heap)
    }
    var written = 0
    var index: UInt32 = 0
    while index != Self.noSymbol {
      if symbols[Int(index)] != MergeTable.missing {
        output[written] = symbols[Int(index)]
        written += 1
      }
      index = next[Int(index)]
    }
    symbols.deallocate()
    next.deallocate()
    previous.deallocate()
    ranks.deallocate()
    return written
  }

  private func mergePair(at: Int, rank: UInt32, heap: inout MinimumHeap) {
    let right = Int(next[at])
    let after = next[right]
    symbols[at] = table.results[Int(rank)]
    next[at] = after
    ranks[right] = MergeTable.none
    ranks[at] = MergeTable.none
    if after != Self.noSymbol {
      previous[Int(after)] = UInt32(at)
      refresh(at, heap: &heap)
    }
    if previous[at] != Self.noSymbol { refresh(Int(previous[at]), heap: &heap) }
  }

  private func refresh(_ at: Int, heap: inout MinimumHeap) {
    ranks[at] = table.rank(symbols[at], symbols[Int(next[at])])
    if ranks[at] != MergeTable.none { heap.push(entry(at)) }
  }

  private func entry(_ at: Int) -> UInt64 { UInt64(ranks[at]) << 32 | UInt64(at) }
}

/// A binary heap of 64-bit keys, the lowest on top.
struct MinimumHeap {
  private var keys: [UInt64] = []

  /// Adds a key without keeping order; `order()` must follow before the first `popLowest()`.
  mutating func append(_ key: UInt64) { keys.append(key) }

  mutating func order() {
    for index in stride(from: keys.count / 2 - 1, through: 0, by: -1) { siftDown(index) }
  }

  mutating func push(_ key: UInt64) {
    keys.append(key)
    keys.withUnsafeMutableBufferPointer { keys in
      var index = keys.count &- 1
      while index > 0 {
        let parent = (index &- 1) / 2
        if keys[parent] <= key { break }
        keys[index] = keys[parent]
        index = parent
      }
      keys[index] = key
    }
  }

  mutating func popLowest() -> UInt64? {
    guard let last = keys.popLast() else { return nil }
    guard let lowest = keys.first else { return last }
    keys[0] = last
    siftDown(0)
    return lowest
  }

  private mutating func siftDown(_ start: Int) {
    keys.withUnsafeMutableBufferPointer { keys in
      let key = keys[start]
      var index = start
      while true {
        var child = 2 &* index &+ 1
        if child >= keys.count { break }
        if child &+ 1 < keys.count, keys[child &+ 1] < keys[child] { child &+= 1 }
        if keys[child] >= key { break }
        keys[index] = keys[child]
        index = child
      }
      keys[index] = key
    }
  }
}
