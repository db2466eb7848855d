/// A text in pieces of one grain. No piece ends inside of a character or, but for what lines do, of a sentence.
struct TextPieces {
  private let text: UnsafeBufferPointer<UInt8>

  /// - Parameter text: UTF-8, must outlive the pieces.
  init(_ text: UnsafeBufferPointer<UInt8>) { self.text = text }

  /// Byte ranges of all pieces in order, without the blanks around them.
  func pieces(_ grain: Grain) -> [Range<Int>] {
    switch grain {
    case .line: lines().map(trimmed).filter { !$0.isEmpty }
    case .paragraph: paragraphs()
    case .sentence: paragraphs().flatMap(sentences)
    }
  }

  /// Pieces that may stand together in one that is looked for: sentences of one paragraph.
  func groups(_ grain: Grain) -> [[Range<Int>]] {
    grain == .sentence ? paragraphs().map(sentences) : [pieces(grain)]
  }

  /// Byte ranges of the lines, without their line feeds.
  func lines() -> [Range<Int>] {
    var lines: [Range<Int>] = []
    var start = 0
    for index in text.indices where text[index] == 0x0A {
      lines.append(start..<index)
      start = index + 1
    }
    if start < text.count { lines.append(start..<text.count) }
    return lines
  }

  /// Lines between blank ones.
  func paragraphs() -> [Range<Int>] {
    var paragraphs: [Range<Int>] = []
    var open: Range<Int>?
    for line in lines() {
      let body = trimmed(line)
      if body.isEmpty {
        if let paragraph = open { paragraphs.append(paragraph) }
        open = nil
      } else {
        open = (open?.lowerBound ?? body.lowerBound)..<body.upperBound
      }
    }
    if let open { paragraphs.append(open) }
    return paragraphs
  }

  func trimmed(_ range: Range<Int>) -> Range<Int> {
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, isBlank(start) { start += 1 }
    while start < end, isBlank(end - 1) { end -= 1 }
    return start..<end
  }

  private func isBlank(_ index: Int) -> Bool { text[index] <= 0x20 }

  /// Sentences of a paragraph: a line feed alone ends none, for lines may be broken anywhere.
  func sentences(_ paragraph: Range<Int>) -> [Range<Int>] {
    var sentences: [Range<Int>] = []
    var start = paragraph.lowerBound
    var index = start
    while index < paragraph.upperBound {
      guard let end = SentenceEnd.end(text, at: index, in: paragraph) else {
        index += 1
        continue
      }
      sentences.append(trimmed(start..<end))
      start = end
      index = end
    }
    let rest = trimmed(start..<paragraph.upperBound)
    return rest.isEmpty ? sentences : sentences + [rest]
  }

  /// True where a line break between these two lines is inside of a sentence: the first has no mark at its end and the
  /// second goes on in lower case, or both are a wide column of Chinese.
  func isSentenceBroken(_ line: Range<Int>, _ next: Range<Int>) -> Bool {
    let (line, next) = (trimmed(line), trimmed(next))
    guard !line.isEmpty, !next.isEmpty, !SentenceEnd.isEnd(text, line) else { return false }
    if UInt8(ascii: "a")...UInt8(ascii: "z") ~= text[next.lowerBound] { return true }
    // 25 characters and more, with a character of a comma's or an ideograph's length at the break.
    return line.count >= 75 && text[line.upperBound - 1] >= 0x80 && (0xE3...0xE9).contains(text[next.lowerBound])
  }
}
