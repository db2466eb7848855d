import Glibc
import Tokens

/// All distinct words, one cell of four bytes for each byte, with a separator before, between and behind them.
///
/// The first cell of a token holds its id, its last cell how far back it starts, the others `inside`. So the neighbours
/// of a token are found without links. Words met equally often stand together: what a word counts is looked up by
/// block.
final class WordCells {
  static let separator: UInt32 = 0x7FFF_FFFE
  static let inside: UInt32 = 0x7FFF_FFFF
  /// Set in the last cell of a token of two bytes or more; the other bits are its length less one.
  static let endsToken: UInt32 = 1 << 31
  /// Cells of a block: all its words count the same.
  static let blockBits = 8
  /// Words met less often than this are put in place by counting, the others are sorted.
  private static let classes = 4096

  let cells: UnsafeMutablePointer<UInt32>
  let count: Int
  /// How often the words of each block were met.
  let blockCounts: UnsafeMutablePointer<Int64>

  init(_ words: WordCounts) {
    let plan = Self.plan(words)
    count = plan.total
    cells = HugePages.allocate(UInt32.self, count: count)
    cells.initialize(repeating: Self.separator, count: count)
    blockCounts = .allocate(capacity: count >> Self.blockBits)
    blockCounts.initialize(repeating: 0, count: count >> Self.blockBits)
    fill(words, plan)
  }

  deinit {
    free(cells)
    blockCounts.deallocate()
  }

  private struct Plan {
    /// Where the words of each count begin.
    var starts: [Int]
    /// Where each of the frequent counts begins.
    var frequent: [UInt64: Int]
    var total: Int
  }

  /// Words of one byte have nothing to merge.
  private static func plan(_ words: WordCounts) -> Plan {
    var rare = [Int](repeating: 0, count: classes)
    var frequent: [UInt64: Int] = [:]
    words.forEach { word, count in
      if word.count < 2 { return }
      if count < classes { rare[Int(count)] += word.count + 1 } else { frequent[count, default: 0] += word.count + 1 }
    }
    // The first cell is a separator: every cell of a word has one before it.
    var position = 1 << blockBits
    func place(_ size: Int) -> Int {
      defer { position += ((size + (1 << blockBits) - 1) >> blockBits) << blockBits }
      return position
    }
    let order = frequent.keys.sorted(by: >)
    let places = Dictionary(uniqueKeysWithValues: order.map { ($0, place(frequent[$0] ?? 0)) })
    var starts = [Int](repeating: 0, count: classes)
    for count in (1..<classes).reversed() { starts[count] = place(rare[count]) }
    return Plan(starts: starts, frequent: places, total: position + (1 << blockBits))
  }

  private func fill(_ words: WordCounts, _ plan: Plan) {
    var ids = [UInt32](repeating: 0, count: 256)
    for (id, token) in TokenizerDefinition.byteTokens.enumerated() { ids[Int(token[0])] = UInt32(id) }
    var cursors = plan.starts
    var frequent = plan.frequent
    words.forEach { word, count in
      if word.count < 2 { return }
      let start: Int
      if count < Self.classes {
        start = cursors[Int(count)]
        cursors[Int(count)] += word.count + 1
      } else {
        start = frequent[count] ?? 0
        frequent[count] = start + word.count + 1
      }
      for (offset, byte) in word.enumerated() { cells[start &+ offset] = ids[Int(byte)] }
      for block in start >> Self.blockBits...(start + word.count) >> Self.blockBits {
        blockCounts[block] = Int64(clamping: count)
      }
    }
  }
}
