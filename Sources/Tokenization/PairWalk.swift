/// All pairs of neighbouring tokens in the words.
enum PairWalk {
  /// All pairs as the words stand now, in their order, some at a time so that what they need can be asked for ahead.
  static func forEachBatch(
    _ words: WordCells, _ lengths: UnsafeMutablePointer<UInt32>, _ body: (UnsafeBufferPointer<PairPlace>) -> Void
  ) {
    let (cells, blockCounts) = (words.cells, words.blockCounts)
    let size = 64
    let batch = UnsafeMutableBufferPointer<PairPlace>.allocate(capacity: size)
    batch.initialize(repeating: PairPlace())
    defer { batch.deallocate() }
    var filled = 0
    var position = 0
    while position < words.count {
      let symbol = cells[position]
      if symbol == WordCells.separator {
        position &+= 1
        continue
      }
      let next = position &+ Int(lengths[Int(symbol)])
      if cells[next] != WordCells.separator {
        batch[filled] = PairPlace(
          key: PairTable.key(symbol, cells[next]), count: blockCounts[position >> WordCells.blockBits],
          position: UInt32(truncatingIfNeeded: position))
        filled &+= 1
        if filled == size {
          body(UnsafeBufferPointer(batch))
          filled = 0
        }
      }
      position = next
    }
    body(UnsafeBufferPointer(rebasing: batch[..<filled]))
  }
}
