import Bytes

/// Writes blocks and words of a page as Markdown-like text; white space collapses outside of code.
struct MarkdownBuilder {
  /// A line of the result: where it starts, how much of it is text and how much of that is links.
  private struct Line {
    let start: Int
    var text = 0
    var link = 0
    var links = 0
    /// Level of the heading that it is, or 0.
    var heading = 0
    /// Bars, arrows and dots between words.
    var separators = 0

    var isLink: Bool { text > 0 && link == text }
    /// A menu or a path: links and hardly anything but separators between them.
    var isMenu: Bool { links >= 3 && separators + 1 >= links && (link + separators) * 3 >= text * 2 }
  }

  /// So many lines of nothing but links in a row are navigation.
  private static let linkLines = 5

  private var out: [UInt8] = []
  private var lines: [Line] = []
  private var pendingBreak = 0
  private var pendingSpace = false
  private var pendingMarker: [UInt8] = []
  private var inCode = false
  private var isCodeStart = false
  private var hasCell = false
  /// Cells of the row so far, and whether all of them are heads; a table's first row of heads gets its row of dashes.
  private var cells = 0
  private var isHeadRow = true
  private var cellIsEmpty = false
  private var inLink = false
  /// A backtick is due before the next text; one is open.
  private var pendingBacktick = false
  private var inInlineCode = false

  /// Ends the line (1) or the block (2) before the next text.
  mutating func breakLine(_ lines: Int) {
    if inCode { return }
    endInlineCode()
    pendingSpace = false
    if cellIsEmpty { return }
    pendingBreak = max(pendingBreak, lines)
  }

  mutating func heading(_ level: Int) {
    breakLine(2)
    if level > 0 {
      pendingMarker = [UInt8](repeating: UInt8(ascii: "#"), count: level) + [0x20]
    } else {
      pendingMarker = []
    }
  }

  mutating func marker(_ marker: [UInt8]) { pendingMarker = marker }

  /// Rows follow each other without a blank line, whatever their cells hold.
  mutating func row() {
    if cells > 1 && isHeadRow && !inCode { dashes() }
    cells = 0
    isHeadRow = true
    cellIsEmpty = false
    if hasCell { pendingBreak = min(pendingBreak, 1) }
    breakLine(1)
    hasCell = false
  }

  private mutating func dashes() {
    if pendingBreak > 0 { return }
    out.append(0x0A)
    lines.append(Line(start: out.count))
    out += Array((0..<cells).map { _ in "---" }.joined(separator: " | ").utf8)
    pendingMarker = []
  }

  mutating func cell(isHead: Bool) {
    cells += 1
    isHeadRow = isHeadRow && isHead
    if hasCell {
      // An empty first cell still begins the row.
      if cellIsEmpty && pendingBreak > 0 { begin() }
      pendingBreak = 0
      pendingMarker += [0x20, UInt8(ascii: "|"), 0x20]
    }
    hasCell = true
    cellIsEmpty = true
  }

  mutating func space() { pendingSpace = true }

  mutating func beginLink() { inLink = true }

  mutating func endLink() {
    if inLink && !lines.isEmpty { lines[lines.count - 1].links += 1 }
    inLink = false
  }

  /// - Parameter language: empty when it is not known.
  mutating func beginCode(_ language: [UInt8]) {
    cellIsEmpty = false
    breakLine(2)
    begin()
    out += Array("```".utf8)
    out += language
    out.append(0x0A)
    inCode = true
    isCodeStart = true
  }

  /// Between `<pre>` and its first character.
  var isAtCodeStart: Bool { inCode && isCodeStart && out.last == 0x0A }

  /// Says the language of the code that has just begun, when nobody did before.
  mutating func nameCode(_ language: [UInt8]) {
    guard isAtCodeStart, out.count > 1, out[out.count - 2] == UInt8(ascii: "`") else { return }
    out.removeLast()
    out += language
    out.append(0x0A)
  }

  mutating func formula(_ source: UnsafeBufferPointer<UInt8>) {
    let sign: StaticString = "$"
    let dollar = UnsafeBufferPointer(start: sign.utf8Start, count: 1)
    text(dollar)
    text(source)
    pendingSpace = false
    text(dollar)
  }

  mutating func endCode() {
    if !inCode { return }
    inCode = false
    while let last = out.last, last == 0x20 || last == 0x0A || last == 0x0D || last == 0x09 { out.removeLast() }
    out.append(0x0A)
    out += Array("```".utf8)
    breakLine(2)
  }

  mutating func beginInlineCode() { pendingBacktick = !inCode && !inInlineCode }

  mutating func endInlineCode() {
    pendingBacktick = false
    if !inInlineCode { return }
    inInlineCode = false
    out.append(UInt8(ascii: "`"))
  }

  mutating func text(_ bytes: UnsafeBufferPointer<UInt8>) {
    var index = 0
    if isCodeStart, bytes.first == 0x0A { index = 1 }
    isCodeStart = false
    while index < bytes.count {
      let byte = bytes[index]
      if !inCode, byte <= 0x20 {
        pendingSpace = true
        index += 1
        continue
      }
      let start = index
      if byte == UInt8(ascii: "&") {
        let entity = HTMLEntities.decode(bytes, at: index)
        begin()
        UTF8Text.append(entity.scalar, to: &out)
        index = entity.end
      } else {
        while index < bytes.count, bytes[index] != UInt8(ascii: "&"), inCode || bytes[index] > 0x20 { index += 1 }
        begin()
        out.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start..<index]))
      }
      count(index - start)
      if !inLink { countSeparator(bytes[start..<index]) }
    }
  }

  private mutating func count(_ bytes: Int) {
    lines[lines.count - 1].text += bytes
    if inLink { lines[lines.count - 1].link += bytes }
  }

  /// `|`, `>`, `»`, `·`, `•` or `/` by itself, also as an entity.
  private mutating func countSeparator(_ word: Slice<UnsafeBufferPointer<UInt8>>) {
    let isSeparator =
      word.count <= 8 && MarkdownBuilder.separators.contains { $0.count == word.count && word.elementsEqual($0) }
    if isSeparator { lines[lines.count - 1].separators += word.count }
  }

  private static let separators = ["|", ">", "»", "·", "•", "/", "::", "&gt;", "&raquo;", "&middot;", "&bull;"]
    .map { Array($0.utf8) }

  /// Writes what is due before text: line ends, a space, the marker of the block.
  private mutating func begin() {
    if out.isEmpty {
      if lines.isEmpty { lines.append(Line(start: 0)) }
    } else if pendingBreak > 0 {
      out += [UInt8](repeating: 0x0A, count: pendingBreak)
      lines.append(Line(start: out.count))
    } else if pendingSpace && !inCode && pendingMarker.isEmpty {
      out.append(0x20)
    }
    out += pendingMarker
    if pendingMarker.first == UInt8(ascii: "#") { lines[lines.count - 1].heading = pendingMarker.count - 1 }
    pendingMarker = []
    pendingBreak = 0
    pendingSpace = false
    cellIsEmpty = false
    if pendingBacktick { openInlineCode() }
  }

  private mutating func openInlineCode() {
    pendingBacktick = false
    inInlineCode = true
    // Code right behind code is one piece.
    if out.last == UInt8(ascii: "`") { out.removeLast() } else { out.append(UInt8(ascii: "`")) }
  }

  /// The text without furniture: runs of link lines and the headings above them, menus and paths, and the site's name
  /// above a page's only title.
  mutating func finish() -> [UInt8] {
    endCode()
    var kept: [UInt8] = []
    kept.reserveCapacity(out.count)
    let furniture = self.furniture()
    for (index, line) in lines.enumerated() where !furniture[index] {
      let stop = index + 1 < lines.count ? lines[index + 1].start : out.count
      kept.append(contentsOf: out[line.start..<stop])
    }
    return kept
  }

  /// A mark for each line that is none of the text.
  private func furniture() -> [Bool] {
    var marks = lines.map(\.isMenu)
    var index = 0
    while index < lines.count {
      var end = index
      while end < lines.count, lines[end].isLink { end += 1 }
      if end - index >= MarkdownBuilder.linkLines {
        for line in index..<end { marks[line] = true }
        if index > 0, lines[index - 1].heading > 1 { marks[index - 1] = true }
      }
      index = max(end, index + 1)
    }
    if let title = lines.firstIndex(where: { $0.heading == 1 }), lines.count(where: { $0.heading == 1 }) == 1 {
      let above = (0..<title).reduce(0) { $0 + (marks[$1] ? 0 : lines[$1].text) }
      if above <= MarkdownBuilder.siteName { for line in 0..<title { marks[line] = true } }
    }
    return marks
  }

  /// More bytes of text than this above the title, menus aside, are no site's name.
  private static let siteName = 60
}
