/// Merges one word at a time: the lowest rank first, the leftmost of equals. Scratch memory is kept between words.
struct WordMerger {
  private let table: MergeTable
  /// Up to this length a plain search for the lowest rank beats a heap.
  private static let shortLimit = 48
  private let symbols: UnsafeMutablePointer<UInt32>
  private let ranks: UnsafeMutablePointer<UInt32>

  init(table: MergeTable) {
    self.table = table
    symbols = .allocate(capacity: Self.shortLimit + 1)
    ranks = .allocate(capacity: Self.shortLimit + 1)
  }

  func deallocate() {
    symbols.deallocate()
    ranks.deallocate()
  }

  /// Writes the ids of `word` to `output`, which has room for `count` of them; returns how many there are.
  @inline(__always)
  func merge(_ word: UnsafePointer<UInt8>, count: Int, output: UnsafeMutablePointer<Int32>) -> Int {
    if count == 1 {
      let id = table.byteIDs[Int(word[0])]
      output[0] = Int32(bitPattern: id)
      return id == MergeTable.missing ? 0 : 1
    }
    if count <= Self.shortLimit { return mergeShort(word, count: count, output: output) }
    return LongWordMerger(table: table, word: word, count: count).merge(output: output)
  }

  private func mergeShort(_ word: UnsafePointer<UInt8>, count: Int, output: UnsafeMutablePointer<Int32>) -> Int {
    let (table, symbols, ranks) = (table, symbols, ranks)
    for index in 0..<count &- 1 {
      symbols[index] = table.byteIDs[Int(word[index])]
      ranks[index] = table.byteRanks[Int(word[index]) << 8 | Int(word[index &+ 1])]
    }
    symbols[count &- 1] = table.byteIDs[Int(word[count &- 1])]
    ranks[count &- 1] = MergeTable.none
    var length = count
    while length > 1 {
      var best = MergeTable.none
      var at = 0
      for index in 0..<length &- 1 where ranks[index] < best {
        best = ranks[index]
        at = index
      }
      if best == MergeTable.none { break }
      symbols[at] = table.results[Int(best)]
      length &-= 1
      var index = at &+ 1
      while index < length {
        symbols[index] = symbols[index &+ 1]
        ranks[index] = ranks[index &+ 1]
        index &+= 1
      }
      ranks[at] = at &+ 1 < length ? table.rank(symbols[at], symbols[at &+ 1]) : MergeTable.none
      if at > 0 { ranks[at &- 1] = table.rank(symbols[at &- 1], symbols[at]) }
    }
    var written = 0
    for index in 0..<length where symbols[index] != MergeTable.missing {
      output[written] = Int32(bitPattern: symbols[index])
      written &+= 1
    }
    return written
  }
}
