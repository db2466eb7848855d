/// Where a notice lies: a line of its own behind marks and brackets, or a sentence, or brackets inside a line.
enum NoticeLine {
  /// A notice is no longer than this.
  static let longest = 300
  private static let marks: WordList = [
    "（", "【", "—", "※", "　", "•", "·", "●", "▲", "▼", "◆", "■", "👇", "🔗", "「", "“", "－", "｜",
  ]

  /// The start of the line when only marks stand between it and `start`.
  static func start(_ text: TextView, before start: Int) -> Int? {
    let line = text.lineStart(start, reach: 40)
    guard line == 0 || text.at(line - 1) == 0x0A else { return nil }
    var place = line
    while place < start {
      if isDecoration(text.at(place)) {
        place += 1
      } else if let length = marks.match(text, at: place) {
        place += length
      } else {
        return nil
      }
    }
    return line
  }

  private static func isDecoration(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || "*>-_([#|+".utf8.contains(byte)
  }

  /// The end of the line (its feed included) when the notice fills it, else the end of its sentence.
  static func end(_ text: TextView, from place: Int) -> Int? {
    var index = place
    var sentence = -1
    let stop = min(text.count, place + 2 * longest)
    while index < stop, text.at(index) != 0x0A {
      if sentence < 0, text.has("。", at: index) || text.has("！", at: index) { sentence = index + 3 }
      index += 1
    }
    let isLine = index == text.count || text.at(index) == 0x0A
    if isLine && index - place <= longest && (sentence < 0 || sentence + 12 >= index) {
      return index < text.count ? index + 1 : index
    }
    return sentence > 0 && sentence - place < longest ? sentence : nil
  }

  /// The end of the sentence, or of the line without its feed.
  static func sentenceEnd(_ text: TextView, from place: Int) -> Int? {
    var end = place
    while end < text.count, end - place < longest, text.at(end) != 0x0A {
      if text.has("。", at: end) || text.has("！", at: end) || text.has("？", at: end) { return end + 3 }
      end += 1
    }
    return end - place < longest ? end : nil
  }

  /// The brackets right around a notice that begins inside a line.
  static func brackets(_ text: TextView, around start: Int) -> (start: Int, end: Int)? {
    let pairs: InlineArray<4, (StaticString, StaticString)> = [("（", "）"), ("【", "】"), ("(", ")"), ("[", "]")]
    for pair in 0..<4 {
      let (open, close) = pairs[pair]
      let first = start - open.utf8CodeUnitCount
      guard text.has(open, at: first) else { continue }
      var end = start
      while end < start + longest, end < text.count, text.at(end) != 0x0A {
        if text.has(close, at: end) { return (first, end + close.utf8CodeUnitCount) }
        end += 1
      }
      return nil
    }
    return nil
  }

  /// Whether a sentence ends right before the place.
  static func followsSentence(_ text: TextView, _ place: Int) -> Bool {
    for mark: StaticString in ["。", "！", "？", "”"] where text.has(mark, at: place - 3) { return true }
    return false
  }
}
