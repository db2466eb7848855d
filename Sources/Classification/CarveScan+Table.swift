import Documents

/// Markdown tables: a header, a row of dashes, rows.
extension CarveScan {
  /// - Parameter line: perhaps the row of dashes.
  func table(_ line: CarveLine, header: CarveLine) -> Range<Int>? {
    guard !header.isBlank, header.next == line.start, isDashes(line), hasPipe(header),
      !segments.reversed().prefix(while: { $0.range.upperBound > header.start }).contains(where: {
        $0.offset < header.start
      })
    else { return nil }
    var end = line.next
    while end < text.count {
      let row = CarveLine(text, from: end)
      if row.isBlank || !hasPipe(row) { break }
      end = row.next
    }
    return header.start..<end
  }

  private func hasPipe(_ line: CarveLine) -> Bool {
    ByteSearch.next(UInt8(ascii: "|"), text, from: line.body, to: line.end) != nil
  }

  /// `|---|:-:|`: nothing but dashes, colons, pipes and spaces, at least one pipe and three dashes.
  private func isDashes(_ line: CarveLine) -> Bool {
    var dashes = 0
    var pipes = 0
    for place in line.body..<line.end {
      switch text[place] {
      case UInt8(ascii: "-"): dashes += 1
      case UInt8(ascii: "|"): pipes += 1
      case UInt8(ascii: ":"), 0x20, 0x09: break
      default: return false
      }
    }
    return dashes >= 3 && pipes >= 1
  }
}
