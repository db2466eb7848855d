/// Notices of where a text was taken from: a line, a sentence or a bracket of its own; running text is left alone.
struct ReprintDetector {
  /// Openings of a notice that need nothing before them.
  private static let openings: [StaticString] = [
    "转载自", "本文转自", "本文转载", "文章转自", "文章转载", "转自：", "转自:", "转载请注明", "转载于", "转载：", "转载:", "轉載自", "本文轉自",
    "本文轉載", "轉自：", "轉載請註明", "原文链接：", "原文链接:", "原文地址：", "原文地址:", "原文出处：", "本文来源：", "本文来源:", "文章来源：", "文章来源:",
    "信息来源：", "稿源：", "来源：", "来源:", "來源：", "本文来自：", "本文来自微信", "原载于", "摘自：",
  ]
  private static let englishOpenings: [StaticString] = [
    "reprinted from ", "reposted from ", "originally published at ", "originally published on ",
    "this article was originally published",
  ]
  /// Words that only begin like a notice.
  private static let lookalikes: [StaticString] = ["转载自己", "转载自由", "轉載自己", "转载自动"]
  /// A notice is no longer than this.
  private static let longest = 300

  /// A notice at a line's start, decorations before it included.
  static func findLine(_ text: TextView, lineStart: Int) -> Finding? {
    var place = lineStart
    while place - lineStart < 24, isDecoration(text.at(place)) { place += 1 }
    var bracket = false
    for mark: StaticString in ["（", "【", "—", "※", "　"] {
      while text.has(mark, at: place), place - lineStart < 24 {
        place += 3
        bracket = true
      }
    }
    let first = text.at(place)
    guard first >= 0xE5 || (TextView.isLetter(first) && !bracket), opens(text, place) else { return nil }
    let end = noticeEnd(text, place)
    guard let end, end.isLine || end.place - place < longest else { return nil }
    let stop = end.isLine && text.at(end.place) == 0x0A ? end.place + 1 : end.place
    return Finding(kind: .reprint, start: lineStart, end: stop, key: 0)
  }

  /// A notice that begins at `转` or `轉` inside a line: after the end of a sentence or an opening bracket.
  static func findInside(_ text: TextView, at place: Int) -> Finding? {
    var start = place
    for word: StaticString in ["本文", "文章"] where text.has(word, at: place - 6) { start = place - 6 }
    guard opens(text, start) || opens(text, place) else { return nil }
    for (open, close) in [("（", "）"), ("【", "】")] as [(StaticString, StaticString)] where text.has(open, at: start - 3)
    {
      var end = place
      while end < place + longest, end < text.bytes.count, text.at(end) != 0x0A {
        if text.has(close, at: end) { return Finding(kind: .reprint, start: start - 3, end: end + 3, key: 0) }
        end += 1
      }
      return nil
    }
    if text.at(start - 1) == UInt8(ascii: "("), let end = closing(text, from: place) {
      return Finding(kind: .reprint, start: start - 1, end: end, key: 0)
    }
    for mark: StaticString in ["。", "！", "？", "”"] where text.has(mark, at: start - 3) {
      guard let end = noticeEnd(text, place), end.place - place < longest else { return nil }
      return Finding(kind: .reprint, start: start, end: end.place, key: 0)
    }
    return nil
  }

  private static func closing(_ text: TextView, from place: Int) -> Int? {
    for index in place..<min(text.bytes.count, place + longest) {
      if text.at(index) == UInt8(ascii: ")") { return index + 1 }
      if text.at(index) == 0x0A { return nil }
    }
    return nil
  }

  private static func opens(_ text: TextView, _ place: Int) -> Bool {
    for word in lookalikes where text.has(word, at: place) { return false }
    if text.at(place) < 0x80 { return englishOpenings.contains { text.hasFolded($0, at: place) } }
    return openings.contains { text.has($0, at: place) }
  }

  private static func isDecoration(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || "*>-_([#".utf8.contains(byte)
  }

  /// The end of the line when the notice fills it, else the end of its sentence.
  private static func noticeEnd(_ text: TextView, _ place: Int) -> (place: Int, isLine: Bool)? {
    var index = place
    var sentence = -1
    while index < text.bytes.count, text.at(index) != 0x0A {
      if sentence < 0, text.has("。", at: index) || text.has("！", at: index) { sentence = index + 3 }
      index += 1
    }
    if index - place <= longest && (sentence < 0 || sentence + 12 >= index) { return (index, true) }
    return sentence > 0 ? (sentence, false) : index - place <= longest ? (index, true) : nil
  }
}
