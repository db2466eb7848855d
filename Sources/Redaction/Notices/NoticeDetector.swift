/// Lines around an article that are no part of it: editors, former titles, copyright, calls to follow, links to the
/// next page, cookie and share bars.
enum NoticeDetector {
  /// Nothing else begins a line like this.
  private static let plain: WordList = [
    "关注公众号", "扫码关注", "扫描二维码", "长按识别", "长按二维码", "识别二维码", "点击上方蓝字", "点击上方蓝色", "返回顶部", "回到顶部", "打印本页", "关闭窗口",
    "点击阅读原文", "欢迎关注公众号", "欢迎关注我的公众号", "欢迎关注我们的", "微信扫一扫", "本网站使用cookie", "我们使用cookie", "未经授权", "未经许可", "版权归原作者",
    "版权所有，未经", "点击下方关注", "喜欢就点个", "觉得有用就", "求点赞", "分享到微信", "分享到朋友圈", "分享到微博",
    "we use cookies", "this site uses cookies", "this website uses cookies", "our website uses cookies",
    "by continuing to use this site", "by continuing to browse", "accept all cookies", "share this:",
    "share this article",
    "share this post", "share on facebook", "share on twitter", "share on linkedin", "click to share on", "tweet this",
    "subscribe to our newsletter", "sign up for our newsletter", "follow us on ", "like us on facebook",
  ]
  /// These need a colon, a bar, a bracket or the line's end behind them.
  private static let headed: WordList = [
    "责任编辑", "责编", "原标题", "版权声明", "免责声明", "上一篇", "下一篇", "上一章", "下一章", "分享到", "相关阅读", "推荐阅读", "延伸阅读", "热门推荐", "相关推荐",
    "阅读原文", "責任編輯", "原標題", "版權聲明", "特约编辑", "值班编辑", "审核", "一审", "二审", "三审", "编辑", "校对", "previous article",
    "next article",
    "previous post", "next post", "related articles", "related posts", "cookie settings", "cookie policy", "share",
  ]
  static let words: [StaticString] = [
    "关注公众号", "扫码关注", "扫描二维码", "长按识别", "长按二维码", "识别二维码", "点击上方", "返回顶部", "回到顶部", "打印本页", "关闭窗口", "点击阅读", "欢迎关注",
    "微信扫一扫", "本网站使用cookie", "我们使用cookie", "未经授权", "未经许可", "版权归原作者", "版权所有", "点击下方", "喜欢就点个", "觉得有用就", "求点赞", "分享到",
    "责任编辑", "责编", "原标题", "版权声明", "免责声明", "上一篇", "下一篇", "上一章", "下一章", "相关阅读", "推荐阅读", "延伸阅读", "热门推荐", "相关推荐", "阅读原文",
    "責任編輯", "原標題", "版權聲明", "特约编辑", "值班编辑", "审核：", "一审：", "二审：", "三审：", "编辑：", "编辑:", "校对：", "公众号",
  ]
  static let englishWords: [StaticString] = [
    "we use cookies", "site uses cookies", "website uses cookies", "continuing to use this site",
    "continuing to browse",
    "accept all cookies", "share this", "share on ", "click to share", "tweet this", "subscribe to our newsletter",
    "sign up for our newsletter", "follow us on ", "like us on facebook", "previous article", "next article",
    "previous post",
    "next post", "related articles", "related posts", "cookie settings", "cookie policy",
  ]
  /// Laws begin like this too: a notice forbids reprinting.
  private static let forbidding: WordList = ["未经授权", "未经许可"]
  private static let reprinting: WordList = ["转载", "复制", "轉載", "摘编", "镜像"]
  private static let followWords: WordList = ["关注", "扫码", "搜索", "搜一搜", "回复", "添加", "加入", "关註", "欢迎"]

  static func find(_ text: TextView, word start: Int) -> Finding? {
    if text.has("公众号", at: start) { return accountCall(text, start) }
    for word: StaticString in ["this ", "our ", "by "] where text.hasFolded(word, at: start - word.utf8CodeUnitCount) {
      return find(text, word: start - word.utf8CodeUnitCount)
    }
    let around = NoticeLine.brackets(text, around: start)
    guard let length = plain.match(text, at: start) ?? headed.match(text, at: start) else { return nil }
    let end = start + length
    if forbidding.match(text, at: start) != nil, !text.mentions(reprinting, after: end, reach: 60) { return nil }
    if plain.match(text, at: start) == nil {
      guard isHeaded(text, end, closesBracket: around != nil) else { return nil }
    }
    if let around { return Finding(kind: .notice, start: around.start, end: around.end, key: 0) }
    guard let line = NoticeLine.start(text, before: start), let stop = NoticeLine.end(text, from: start) else {
      return nil
    }
    // A heading with nothing behind it announces the lines below, which stay.
    return Finding(kind: .notice, start: line, end: stop, key: 0)
  }

  private static func isHeaded(_ text: TextView, _ end: Int, closesBracket: Bool) -> Bool {
    var place = end
    while text.at(place) == 0x20 { place += 1 }
    for mark: StaticString in ["：", "｜", "】", "）", "丨", "→", "»", "》"] where text.has(mark, at: place) { return true }
    return ":|]>)".utf8.contains(text.at(place)) || (place > end && closesBracket)
  }

  /// A sentence or line that asks to follow a WeChat account.
  private static func accountCall(_ text: TextView, _ start: Int) -> Finding? {
    guard text.mentions(followWords, before: start, reach: 45) else { return nil }
    var first = start
    let stop = max(0, start - 150)
    while first > stop, text.at(first - 1) != 0x0A, !NoticeLine.followsSentence(text, first) { first -= 1 }
    guard first == 0 || text.at(first - 1) == 0x0A || NoticeLine.followsSentence(text, first) else { return nil }
    let startsLine = first == 0 || text.at(first - 1) == 0x0A
    let end = startsLine ? NoticeLine.end(text, from: first) : NoticeLine.sentenceEnd(text, from: first)
    guard let end, end - first <= NoticeLine.longest, end > start else { return nil }
    return Finding(kind: .notice, start: first, end: end, key: 0)
  }
}
