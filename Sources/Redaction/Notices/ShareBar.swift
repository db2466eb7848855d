/// A line of nothing but names of places to share a page on.
enum ShareBar {
  static let words: [StaticString] = ["facebook", "twitter", "微博", "qq空间", "朋友圈", "linkedin", "pinterest"]
  private static let places: WordList = [
    "facebook", "twitter", "whatsapp", "pinterest", "linkedin", "reddit", "telegram", "tumblr", "email", "e-mail",
    "print", "tweet",
    "share", "messenger", "copy link", "pocket", "flipboard", "line", "weibo", "wechat", "x", "more", "save", "微信好友",
    "微信", "微博",
    "新浪微博", "qq空间", "qq好友", "qq", "朋友圈", "豆瓣", "人人网", "腾讯微博", "贴吧", "百度贴吧", "知乎", "复制链接", "打印", "收藏", "分享到", "分享", "更多",
  ]

  static func find(_ text: TextView, word start: Int) -> Finding? {
    let line = text.lineStart(start, reach: 200)
    let end = text.lineEnd(start, reach: 200)
    guard line == 0 || text.at(line - 1) == 0x0A, end == text.count || text.at(end) == 0x0A else { return nil }
    var place = line
    var count = 0
    while place < end {
      let byte = text.at(place)
      if byte <= 0x20 || "|/,*-[]():".utf8.contains(byte) {
        place += 1
      } else if text.has("·", at: place) {
        place += 2
      } else if text.has("：", at: place) || text.has("｜", at: place) || text.has("•", at: place)
        || text.has("、", at: place)
      {
        place += 3
      } else if let length = places.match(text, at: place), !TextView.isLetter(text.at(place + length)) || byte >= 0x80
      {
        place += length
        count += 1
      } else {
        return nil
      }
    }
    guard count >= 3 else { return nil }
    return Finding(kind: .notice, start: line, end: end < text.count ? end + 1 : end, key: 0)
  }
}
