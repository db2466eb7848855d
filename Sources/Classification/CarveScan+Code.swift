import Documents

/// Fenced and indented code.
extension CarveScan {
  /// From the opening fence to the end of the line of the closing one: the same mark, at least as long, alone.
  mutating func fence(_ line: CarveLine) -> Range<Int>? {
    let mark = text[line.body]
    let length = min(FenceMemory.longest, run(of: mark, from: line.body, to: line.end))
    guard length >= 3, !fences.isHopeless(mark, length) else { return nil }
    // ```code``` on one line is an inline span.
    if mark == UInt8(ascii: "`"), ByteSearch.next(mark, text, from: line.body + length, to: line.end) != nil {
      return nil
    }
    var place = line.next
    while place < text.count {
      let candidate = CarveLine(text, from: place)
      if !candidate.isBlank, text[candidate.body] == mark, closes(candidate, mark, length) {
        return line.start..<candidate.next
      }
      place = candidate.next
    }
    fences.giveUp(mark, length)
    return nil
  }

  private func run(of mark: UInt8, from start: Int, to end: Int) -> Int {
    var place = start
    while place < end, text[place] == mark { place += 1 }
    return place - start
  }

  private func closes(_ line: CarveLine, _ mark: UInt8, _ length: Int) -> Bool {
    let count = run(of: mark, from: line.body, to: line.end)
    guard count >= length else { return false }
    for place in (line.body + count)..<line.end where text[place] > 0x20 { return false }
    return true
  }

  /// Lines indented by four columns or more after an empty line, if most of them look like code, or if the paragraph
  /// before announces them by `::` as reStructuredText does.
  mutating func indentedCode(_ first: CarveLine) -> Range<Int>? {
    let announced = endsWithTwoColons(before: first.start)
    var lines = 0
    var code = 0
    var end = first.start
    var place = first.start
    while place < text.count {
      let line = CarveLine(text, from: place)
      place = line.next
      if line.isBlank { continue }
      guard line.indent >= 4 else { break }
      lines += 1
      if looksLikeCode(line) { code += 1 }
      end = line.next
    }
    indentedTo = end
    let isCode = announced ? code * 4 >= lines : code * 2 >= lines && code > 1
    return isCode ? first.start..<end : nil
  }

  private func looksLikeCode(_ line: CarveLine) -> Bool {
    if starts("$ ", at: line.body) || starts(">>>", at: line.body) || starts("# ", at: line.body) { return true }
    return CodeLine(text, line.start..<line.end).looksLikeCode(ByteTally(text, line.start, line.end))
  }

  private func endsWithTwoColons(before start: Int) -> Bool {
    var place = start
    while place > 0, text[place - 1] <= 0x20 { place -= 1 }
    return place > 1 && text[place - 1] == UInt8(ascii: ":") && text[place - 2] == UInt8(ascii: ":")
  }
}
