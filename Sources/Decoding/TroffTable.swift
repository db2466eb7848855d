/// Where a reader is in a table of tbl(1): in the lines that say how columns look, in its rows, or in a cell of several
/// lines between `T{` and `T}`.
enum TroffTable {
  case none, format, rows, cell
}

extension TroffReader {
  /// A row with its tabs as ` | `; rules and the marks around long cells go.
  mutating func tableLine(_ line: UnsafeBufferPointer<UInt8>) {
    var plain = TroffEscapes.plain(line)
    guard let last = plain.last(where: { $0 > 0x20 }) else { return }
    switch table {
    case .none: return
    case .format:
      if last == UInt8(ascii: ".") { table = .rows }
      return
    case .cell:
      guard plain.starts(with: Array("T}".utf8)) else { return write(plain) }
      plain.removeFirst(2)
      table = .rows
    case .rows:
      if plain == [UInt8(ascii: "_")] || plain == [UInt8(ascii: "=")] { return }
      breakLine()
    }
    if plain.suffix(2).elementsEqual("T{".utf8) {
      plain.removeLast(2)
      table = .cell
    }
    let row = plain.split(separator: 0x09, omittingEmptySubsequences: false).map(Array.init)
    out += row.joined(separator: [0x20, UInt8(ascii: "|"), 0x20])
    needsBreak = false
    if table == .rows { breakLine() }
  }
}
