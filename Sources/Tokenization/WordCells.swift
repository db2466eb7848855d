import Tokens

/// All distinct words, one cell a byte, with a separator before, between and behind them.
///
/// A token of n bytes stands at its first cell; its last cell says where it starts. So the neighbours of a token are
/// found without links: to the right by its length, to the left by the cell before it.
final class WordCells {
  struct Cell {
    /// The token that starts here; `separator`, or `inside` for the other bytes of a token.
    var symbol: UInt32
    /// Where the token that ends here starts.
    var start: UInt32
    /// How often the word was met.
    var count: UInt32
  }

  static let separator = UInt32.max
  static let inside = UInt32.max - 1

  let cells: UnsafeMutablePointer<Cell>
  let count: Int

  init(words: ByteStringTable, counts: [UInt32]) {
    var total = 1
    for number in 0..<words.count where words[number].count > 1 { total += words[number].count + 1 }
    count = total
    cells = .allocate(capacity: total)
    let edge = Cell(symbol: Self.separator, start: 0, count: 0)
    (cells + 0).initialize(to: edge)
    var ids = [UInt32](repeating: 0, count: 256)
    for (id, token) in TokenizerDefinition.byteTokens.enumerated() { ids[Int(token[0])] = UInt32(id) }
    var position = 1
    for number in 0..<words.count {
      let word = words[number]
      if word.count < 2 { continue }
      for byte in word {
        (cells + position).initialize(
          to: Cell(symbol: ids[Int(byte)], start: UInt32(position), count: counts[number]))
        position += 1
      }
      (cells + position).initialize(to: edge)
      position += 1
    }
  }

  deinit { cells.deallocate() }
}
