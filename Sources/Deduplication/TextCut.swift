import Documents

/// Pieces taken out of a text so that what is left reads like a text: no half sentence, no heading without anything
/// below it, no two blank lines where one was.
struct TextCut {
  private let document: Document
  private let lines: [Range<Int>]
  /// Lines that go, line feed and all.
  private var isGone: [Bool]
  /// What goes of other lines.
  private let inner: SortedRanges
  private let carved: SortedRanges

  /// - Parameter pieces: ranges of one grain, ascending; they may overlap.
  init(_ document: Document, pieces: [Range<Int>], grain: Grain) {
    self.document = document
    carved = SortedRanges(document.segments.map(\.range))
    (lines, isGone, inner) = document.text.withUnsafeBufferPointer { bytes in
      let text = TextPieces(bytes)
      let lines = text.lines()
      let (isGone, inner) = TextCut.cover(text, bytes, lines, SortedRanges(merging: pieces).ranges)
      return (lines, isGone, SortedRanges(merging: inner))
    }
    if grain == .line { keepSentencesWhole() }
    dropOrphanHeadings()
    dropDoubledBlankLines()
  }

  /// Byte ranges that go, ascending and apart.
  var removed: [Range<Int>] {
    var ranges = inner.ranges
    for (index, line) in lines.enumerated() where isGone[index] {
      ranges.append(line.lowerBound..<min(line.upperBound + 1, document.text.count))
    }
    var removed = SortedRanges(merging: ranges.sorted { $0.lowerBound < $1.lowerBound }).ranges
    // A text that did not end in a line feed does not do so now.
    if let last = removed.last, last.upperBound == document.text.count, document.text.last != 0x0A {
      var start = last.lowerBound
      while start > 0, document.text[start - 1] <= 0x20 { start -= 1 }
      removed[removed.count - 1] = start..<last.upperBound
      while removed.count > 1, removed[removed.count - 2].upperBound >= start {
        start = min(start, removed[removed.count - 2].lowerBound)
        removed.remove(at: removed.count - 2)
        removed[removed.count - 1] = start..<last.upperBound
      }
    }
    return removed
  }

  /// The document without them; segments and masked values stay with their text.
  func applied() -> Document {
    let removed = removed
    if removed.isEmpty { return document }
    var result = document
    result.text.removeAll(keepingCapacity: true)
    var place = 0
    for range in removed {
      result.text += document.text[place..<range.lowerBound]
      place = range.upperBound
    }
    result.text += document.text[place...]
    let gone = SortedRanges(removed)
    func moved(_ offset: Int) -> Int { offset - gone.bytes(before: offset) }
    result.segments = document.segments.map { segment in
      let start = moved(segment.offset)
      return Segment(segment.kind, start..<(start + segment.length))
    }
    result.redactions = document.redactions.compactMap { span in
      let range = span.offset..<(span.offset + span.length)
      if gone.overlaps(range) { return nil }
      return RedactedSpan(type: span.type, offset: moved(span.offset), length: span.length)
    }
    return result
  }

  /// Which lines are covered whole, blanks aside, and what of other lines goes, with the blanks behind it.
  private static func cover(
    _ text: TextPieces, _ bytes: UnsafeBufferPointer<UInt8>, _ lines: [Range<Int>], _ cuts: [Range<Int>]
  ) -> (isGone: [Bool], inner: [Range<Int>]) {
    var isGone = [Bool](repeating: false, count: lines.count)
    var inner: [Range<Int>] = []
    var next = 0
    for (index, line) in lines.enumerated() {
      let body = text.trimmed(line)
      while next < cuts.count, cuts[next].upperBound <= line.lowerBound { next += 1 }
      var cut = next
      while cut < cuts.count, cuts[cut].lowerBound < line.upperBound {
        let part = cuts[cut].clamped(to: line)
        if !body.isEmpty, part.lowerBound <= body.lowerBound, body.upperBound <= part.upperBound {
          isGone[index] = true
        } else if !part.isEmpty {
          inner.append(withBlanks(part, line, bytes))
        }
        cut += 1
      }
      // Between two lines that a piece covers there is nothing left to keep.
      if body.isEmpty, next < cuts.count, cuts[next].lowerBound < line.lowerBound,
        line.upperBound < cuts[next].upperBound
      {
        isGone[index] = true
      }
    }
    return (isGone, inner)
  }

  private static func withBlanks(_ part: Range<Int>, _ line: Range<Int>, _ bytes: UnsafeBufferPointer<UInt8>) -> Range<
    Int
  > {
    var (start, end) = (part.lowerBound, part.upperBound)
    while end < line.upperBound, bytes[end] <= 0x20 { end += 1 }
    if end == line.upperBound { while start > line.lowerBound, bytes[start - 1] <= 0x20 { start -= 1 } }
    return start..<end
  }

  /// Lines that would leave the beginning or the end of a sentence behind stay.
  private mutating func keepSentencesWhole() {
    let isBroken = document.text.withUnsafeBufferPointer { bytes -> [Bool] in
      let text = TextPieces(bytes)
      return lines.indices.dropLast().map { text.isSentenceBroken(lines[$0], lines[$0 + 1]) }
    }
    var hasChanged = true
    while hasChanged {
      hasChanged = false
      for index in isBroken.indices where isBroken[index] && isGone[index] != isGone[index + 1] {
        isGone[index] = false
        isGone[index + 1] = false
        hasChanged = true
      }
    }
  }

  /// A heading goes when all that stood below it, up to the next one of its level or above, went.
  private mutating func dropOrphanHeadings() {
    let levels = lines.map { isCarved($0) ? nil : TextCut.headingLevel(document.text, $0) }
    for index in lines.indices.reversed() where !isGone[index] {
      guard let level = levels[index] else { continue }
      var next = index + 1
      var hadContent = false
      var hasContent = false
      while next < lines.count, !hasContent, (levels[next] ?? 7) > level {
        if isGone[next] { hadContent = true } else if !isBlank(lines[next]) { hasContent = true }
        next += 1
      }
      if hadContent && !hasContent { isGone[index] = true }
    }
  }

  /// Of the blank lines on both sides of what went one is enough.
  private mutating func dropDoubledBlankLines() {
    var isAfterBlank = true
    var isAfterCut = false
    for index in lines.indices {
      if isGone[index] {
        isAfterCut = true
        continue
      }
      let isBlank = isBlank(lines[index])
      if isBlank && isAfterBlank && isAfterCut && !isCarved(lines[index]) {
        isGone[index] = true
        continue
      }
      (isAfterBlank, isAfterCut) = (isBlank, false)
    }
    dropBlankLinesAtEnd()
  }

  /// Those before a cut that reaches to the end of the text.
  private mutating func dropBlankLinesAtEnd() {
    var isBeforeCut = false
    for index in lines.indices.reversed() {
      if isGone[index] {
        isBeforeCut = true
        continue
      }
      if !isBlank(lines[index]) || isCarved(lines[index]) { return }
      if isBeforeCut { isGone[index] = true }
    }
  }

  private func isBlank(_ line: Range<Int>) -> Bool {
    document.text[line].allSatisfy { $0 <= 0x20 } || inner.covers(line)
  }

  private func isCarved(_ line: Range<Int>) -> Bool { carved.overlaps(line) }

  /// 1 to 6 of a Markdown heading.
  static func headingLevel(_ text: [UInt8], _ line: Range<Int>) -> Int? {
    let level = text[line].prefix { $0 == UInt8(ascii: "#") }.count
    guard (1...6).contains(level), level < line.count, text[line.lowerBound + level] == 0x20 else { return nil }
    return level
  }
}
