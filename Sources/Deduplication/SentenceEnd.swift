/// Where sentences end, in Latin and in Chinese punctuation, closing quotes and brackets with them.
enum SentenceEnd {
  private static let wide: [StaticString] = ["。", "！", "？", "｡"]
  private static let closings: [StaticString] = [
    "”", "’", "」", "』", "）", "】", "》", "\"", "'", ")", "]", "»",
  ]
  /// What may end a line that is whole without being a sentence.
  private static let pauses: [StaticString] = [".", "!", "?", ":", ";", "：", "；", "…", "—"]
  /// Words that have a full stop behind them and end nothing.
  private static let shortened: [StaticString] = [
    "Mr", "Mrs", "Ms", "Dr", "Prof", "St", "Jr", "Sr", "No", "Fig", "vs", "Inc", "Ltd", "Vol", "pp", "cf", "al",
  ]

  /// The place behind a sentence whose mark begins at `index`; nil where none ends.
  static func end(_ text: UnsafeBufferPointer<UInt8>, at index: Int, in range: Range<Int>) -> Int? {
    if let length = match(wide, text, index, range.upperBound) {
      return behindMarks(text, index + length, range.upperBound)
    }
    let byte = text[index]
    guard byte == UInt8(ascii: ".") || byte == UInt8(ascii: "!") || byte == UInt8(ascii: "?") else { return nil }
    let end = behindMarks(text, index + 1, range.upperBound)
    if end < range.upperBound, text[end] > 0x20 { return nil }
    if byte == UInt8(ascii: "."), isShortened(text, range.lowerBound..<index) || goesOn(text, end..<range.upperBound) {
      return nil
    }
    return end
  }

  /// True when a line's last mark is one after which nothing has to follow.
  static func isEnd(_ text: UnsafeBufferPointer<UInt8>, _ line: Range<Int>) -> Bool {
    for mark in wide + closings + pauses {
      let length = mark.utf8CodeUnitCount
      if line.count >= length, match([mark], text, line.upperBound - length, line.upperBound) != nil { return true }
    }
    return false
  }

  /// Behind further marks and what closes.
  private static func behindMarks(_ text: UnsafeBufferPointer<UInt8>, _ index: Int, _ end: Int) -> Int {
    var index = index
    while index < end {
      if ".!?".utf8.contains(text[index]) {
        index += 1
      } else if let length = match(wide, text, index, end) ?? match(closings, text, index, end) {
        index += length
      } else {
        break
      }
    }
    return index
  }

  /// The full stop behind an initial or a shortened word.
  private static func isShortened(_ text: UnsafeBufferPointer<UInt8>, _ before: Range<Int>) -> Bool {
    var start = before.upperBound
    while start > before.lowerBound, isLetter(text[start - 1]) { start -= 1 }
    let word = UnsafeBufferPointer(rebasing: text[start..<before.upperBound])
    if word.count == 1 { return word[0] & 0x20 == 0 && word[0] != UInt8(ascii: "I") }
    return shortened.contains { $0.withUTF8Buffer { $0.elementsEqual(word) } }
  }

  /// What follows does not begin like a sentence.
  private static func goesOn(_ text: UnsafeBufferPointer<UInt8>, _ rest: Range<Int>) -> Bool {
    guard let next = rest.first(where: { text[$0] > 0x20 }) else { return false }
    return UInt8(ascii: "a")...UInt8(ascii: "z") ~= text[next] || text[next] == UInt8(ascii: ",")
  }

  private static func isLetter(_ byte: UInt8) -> Bool { UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 }

  private static func match(
    _ marks: [StaticString], _ text: UnsafeBufferPointer<UInt8>, _ index: Int, _ end: Int
  ) -> Int? {
    for mark in marks {
      let length = mark.utf8CodeUnitCount
      guard index + length <= end, text[index] == mark.utf8Start.pointee else { continue }
      if mark.withUTF8Buffer({ $0.elementsEqual(text[index..<(index + length)]) }) { return length }
    }
    return nil
  }
}
