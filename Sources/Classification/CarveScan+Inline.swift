import Documents

/// Inline math: `$...$`, `$$...$$` within a line, `\(...\)`. Prices and shell variables are none.
extension CarveScan {
  private static let longest = 512

  mutating func inlineMath(_ line: CarveLine) {
    var place = max(line.body, carvedTo)
    var hopelessRuns: UInt64 = 0
    while place < line.end {
      switch text[place] {
      case UInt8(ascii: "`"): place = behindCodeSpan(place, line.end, &hopelessRuns)
      case UInt8(ascii: "\\"):
        if starts("\\(", at: place), let end = bracketEnd(place + 2) {
          carve(place..<end)
          place = end
        } else {
          place += 2
        }
      case UInt8(ascii: "$"):
        let (end, isMath) = dollarEnd(place)
        if isMath { carve(place..<end) }
        place = end
      default: place += 1
      }
    }
  }

  private mutating func carve(_ range: Range<Int>) {
    add(.math, range)
    carvedTo = range.upperBound
  }

  /// Behind the closing run of as many backticks on this line; behind the opening run when there is none.
  private func behindCodeSpan(_ start: Int, _ end: Int, _ hopelessRuns: inout UInt64) -> Int {
    var place = start
    while place < end, text[place] == UInt8(ascii: "`") { place += 1 }
    let opening = place
    let length = min(63, opening - start)
    if hopelessRuns >> UInt64(length) & 1 == 1 { return opening }
    while let found = ByteSearch.next(UInt8(ascii: "`"), text, from: place, to: end) {
      place = found
      while place < end, text[place] == UInt8(ascii: "`") { place += 1 }
      if min(63, place - found) == length { return place }
    }
    hopelessRuns |= 1 << UInt64(length)
    return opening
  }

  private mutating func bracketEnd(_ start: Int) -> Int? {
    let limit = min(text.count, start + CarveScan.longest)
    var place = start
    while let found = ByteSearch.next(UInt8(ascii: "\\"), text, from: place, to: limit) {
      // A second opening before the end: the first was none.
      if starts("\\(", at: found) { return nil }
      if starts("\\)", at: found) { return hasEmptyLine(start, found) ? nil : found + 2 }
      place = found + 1
    }
    return nil
  }

  /// Where to read on: behind the formula, or at the next dollar sign, which may open one.
  private func dollarEnd(_ start: Int) -> (end: Int, isMath: Bool) {
    let width = starts("$$", at: start) ? 2 : 1
    let limit = min(text.count, start + CarveScan.longest)
    var place = start + width
    while let found = ByteSearch.next(UInt8(ascii: "$"), text, from: place, to: limit) {
      if text[found - 1] == UInt8(ascii: "\\") {
        place = found + 1
        continue
      }
      let end = found + width
      if width == 2 && !starts("$$", at: found) { return (found, false) }
      return isFormula(start + width..<found, after: end, isDisplay: width == 2) ? (end, true) : (found, false)
    }
    return (start + width, false)
  }

  private func isFormula(_ range: Range<Int>, after end: Int, isDisplay: Bool) -> Bool {
    guard !range.isEmpty, !hasEmptyLine(range.lowerBound, range.upperBound) else { return false }
    if isDisplay { return true }
    // As pandoc has it: no space inside the marks, no digit behind.
    if text[range.lowerBound] <= 0x20 || text[range.upperBound - 1] <= 0x20 { return false }
    if end < text.count, text[end] >= 0x30 && text[end] <= 0x39 { return false }
    if range.count <= 2 { return true }
    return range.contains { CarveScan.isMathMark(text[$0]) } || isBareExpression(range)
  }

  private static func isMathMark(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "\\"), UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "="), UInt8(ascii: "+"),
      UInt8(ascii: "<"), UInt8(ascii: ">"):
      true
    default: false
    }
  }

  /// `n - 1`, `f(x)`, `1000`: letters stand alone, or there are none.
  private func isBareExpression(_ range: Range<Int>) -> Bool {
    var letters = 0
    for place in range {
      let byte = text[place]
      letters = byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A ? letters + 1 : 0
      if letters > 2 || byte >= 0x80 || byte == UInt8(ascii: "/") { return false }
    }
    return true
  }

  private func hasEmptyLine(_ start: Int, _ end: Int) -> Bool {
    var place = start
    while let found = ByteSearch.next(0x0A, text, from: place, to: end) {
      if found + 1 < text.count, text[found + 1] == 0x0A || text[found + 1] == 0x0D { return true }
      place = found + 1
    }
    return false
  }
}
