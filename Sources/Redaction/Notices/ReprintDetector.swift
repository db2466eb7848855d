/// Notices of where a text was taken from: a line, a sentence or a bracket of its own; running text is left alone.
enum ReprintDetector {
  static let words: [StaticString] = [
    "转载自", "本文转自", "本文转载", "文章转自", "文章转载", "转自：", "转自:", "转载请注明", "转载于", "转载：", "转载:", "轉載自", "本文轉自",
    "本文轉載", "轉自：", "轉載請註明", "原文链接：", "原文链接:", "原文地址：", "原文地址:", "原文出处：", "本文来源：", "本文来源:", "文章来源：", "文章来源:",
    "信息来源：", "稿源：", "来源：", "来源:", "來源：", "本文来自：", "本文来自微信", "原载于", "摘自：", "转自公众号", "转自微信", "首发于", "本文首发",
  ]
  static let englishWords: [StaticString] = [
    "reprinted from ", "reposted from ", "originally published at ", "originally published on ",
    "originally published in ",
    "originally posted on ", "republished from ", "originally appeared ",
  ]
  /// Words that only begin like a notice.
  private static let lookalikes: WordList = ["转载自己", "转载自由", "轉載自己", "转载自动"]

  static func find(_ text: TextView, word start: Int) -> Finding? {
    for word: StaticString in ["this article was ", "this post was ", "this article ", "this post "] {
      let first = start - word.utf8CodeUnitCount
      if text.hasFolded(word, at: first) { return find(text, word: first) }
    }
    if lookalikes.match(text, at: start) != nil { return nil }
    if let line = NoticeLine.start(text, before: start), let end = NoticeLine.end(text, from: start) {
      return Finding(kind: .reprint, start: line, end: end, key: 0)
    }
    if let around = NoticeLine.brackets(text, around: start) {
      return Finding(kind: .reprint, start: around.start, end: around.end, key: 0)
    }
    // Inside a line, `来源：` may speak of anything.
    guard isReprint(text, start), NoticeLine.followsSentence(text, start),
      let end = NoticeLine.end(text, from: start)
    else { return nil }
    let isLine = end > 0 && text.at(end - 1) == 0x0A
    return Finding(kind: .reprint, start: start, end: isLine ? end - 1 : end, key: 0)
  }

  private static func isReprint(_ text: TextView, _ start: Int) -> Bool {
    for word: StaticString in ["转", "轉"] {
      for offset in [0, 6] where text.has(word, at: start + offset) { return true }
    }
    return false
  }
}
