/// Reference lists: a heading of its own and the entries below it, up to the next heading or the text's end.
enum ReferenceDetector {
  static let words: [StaticString] = [
    "参考文献", "參考文獻", "参考资料", "引用文献", "references", "bibliography", "works cited", "literature cited",
  ]
  private static let marks: WordList = [
    "doi", "http", "et al", "[j]", "[m]", "[d]", "[c]", "[r]", "[eb/ol]", "出版社", "pp.", "pp ", "vol.", "isbn",
    "proceedings", "journal",
    "press", "arxiv", "university", "学报", "ieee", "acm", "conference", "译", "期刊", "in:",
  ]

  /// The word stands at `start..<end`.
  static func find(_ text: TextView, word start: Int, _ end: Int) -> Finding? {
    guard let line = headingStart(text, start), isAlone(text, end) else { return nil }
    var place = text.lineEnd(end) + 1
    var last = -1
    var (entries, others) = (0, 0)
    while place < text.count {
      let lineEnd = text.lineEnd(place)
      if isBlank(text, place, lineEnd) {
        place = lineEnd + 1
        continue
      }
      if text.at(place) == UInt8(ascii: "#") || text.has("==", at: place) { break }
      // A line further in, or a bullet below an entry, belongs to the list.
      let goesOn = entries > 0 && others == 0 && (text.at(place) <= 0x20 || "-*".utf8.contains(text.at(place)))
      if goesOn || isEntry(text, place, lineEnd) {
        entries += 1
        others = 0
        last = min(lineEnd + 1, text.count)
      } else {
        // One stray line may belong to the entry above it, two are text.
        others += 1
        if others >= 2 { break }
      }
      place = lineEnd + 1
    }
    return entries >= 2 ? Finding(kind: .references, start: line, end: last, key: 0) : nil
  }

  /// The start of the line when nothing but a heading's marks and number precede the word.
  private static func headingStart(_ text: TextView, _ start: Int) -> Int? {
    let line = text.lineStart(start, reach: 40)
    guard line == 0 || text.at(line - 1) == 0x0A else { return nil }
    var place = line
    while place < start {
      if text.has("【", at: place) || text.has("　", at: place) || text.has("、", at: place) {
        place += 3
      } else if TextView.isDigit(text.at(place)) || "#*=_. \t[(".utf8.contains(text.at(place)) {
        place += 1
      } else {
        return nil
      }
    }
    return line
  }

  private static func isAlone(_ text: TextView, _ end: Int) -> Bool {
    var place = end
    while place < text.count, text.at(place) != 0x0A {
      if text.has("：", at: place) || text.has("】", at: place) {
        place += 3
      } else if "*#=_: \t\r])".utf8.contains(text.at(place)) {
        place += 1
      } else {
        return false
      }
    }
    return true
  }

  private static func isBlank(_ text: TextView, _ start: Int, _ end: Int) -> Bool {
    (start..<end).allSatisfy { text.at($0) <= 0x20 }
  }

  /// `[1] ...`, or a line with a year and a mark of the trade, or a bullet with a link.
  private static func isEntry(_ text: TextView, _ start: Int, _ end: Int) -> Bool {
    var place = start
    while place < end, text.at(place) <= 0x20 { place += 1 }
    let first = text.at(place)
    if first == UInt8(ascii: "["), end - place > 12 {
      let close = text.endOfDigits(from: place + 1)
      if close > place + 1, text.at(close) == UInt8(ascii: "]") { return true }
    }
    let isBullet = first == UInt8(ascii: "*") || first == UInt8(ascii: "-") || TextView.isDigit(first)
    var hasYear = false
    var hasMark = false
    for index in place..<min(end, place + 2000) {
      if !hasYear, text.has("19", at: index) || text.has("20", at: index) {
        hasYear = text.endOfDigits(from: index) == index + 4 && !text.isDigit(at: index - 1)
        // `Smith, J. (2001). ...`, the psychologists' form, needs no other mark.
        if hasYear, text.at(index - 1) == UInt8(ascii: "("), text.has(").", at: index + 4) { return true }
      }
      if !hasMark, marks.match(text, at: index) != nil { hasMark = true }
    }
    return hasMark && (hasYear || isBullet)
  }
}
