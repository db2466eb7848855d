import Redaction
import Testing

@Suite struct NoticeTests {
  private func redacted(_ text: String, _ change: (inout RedactSettings) -> Void = { _ in }, list: String = "")
    -> String
  {
    var settings = RedactSettings()
    change(&settings)
    let redactor = Redactor(settings, list: list.isEmpty ? nil : try? CutList(Array(list.utf8)))
    return redactor.redact(Array(text.utf8)).text.map { String(decoding: $0, as: UTF8.self) } ?? text
  }

  static let notices: [(String, String)] = [
    ("正文。\n责任编辑：王某\n", "正文。\n"),
    ("正文。（责任编辑：李某）", "正文。"),
    ("原标题：某某大会召开\n正文。", "正文。"),
    ("正文。\n版权声明：本文为原创，转载须经许可。\n后文。", "正文。\n后文。"),
    ("正文。欢迎关注我们的微信公众号「某某」。后文。", "正文。后文。"),
    ("如果喜欢，可以关注我的公众号。\n正文", "正文"),
    ("正文。\n未经授权，禁止转载本文。\n", "正文。\n"),
    ("Text.\n\nReferences\n\nRoe, B. (1999). On x.\nDoe, A. (2001). On y.\nPoe, C. (2003). On z.\n", "Text.\n\n"),
    ("正文\n上一篇：甲\n下一篇：乙\n", "正文\n"),
    ("Text.\nWe use cookies to improve your experience.\nMore.", "Text.\nMore."),
    ("This site uses cookies. By continuing you agree.\nText", "Text"),
    ("Text\nShare this: Facebook | Twitter | WhatsApp\n", "Text\n"),
    ("Facebook Twitter WhatsApp Email Print\nText", "Text"),
    ("分享到：微信 微博 QQ空间\n正文", "正文"),
    ("This article was originally published on example.com.\nText", "Text"),
    (
      "结论。\n\n## 参考文献\n\n[1] 张三. 某书[M]. 北京: 某出版社, 2001.\n[2] Li S. A paper. Journal of X, 2010, 3: 1-9.\n\n## 附录\n内容",
      "结论。\n\n\n## 附录\n内容"
    ),
    (
      "End.\n\nReferences\n\nSmith, J. (2001). A book. Oxford University Press.\nDoe, A. et al. (2010). A paper. doi:10.1/2.\n",
      "End.\n\n"
    ),
  ]

  @Test(arguments: notices)
  func boilerplateIsCut(_ text: String, _ expected: String) { #expect(redacted(text) == expected) }

  static let texts = [
    "公众号的运营者越来越多。", "未经许可，擅自进入警戒区的，处以罚款。\n", "他在上一篇文章里说过这件事。", "本书的责任编辑是王某。", "他关注这一问题已有十年。", "版权声明的写法有三种。",
    "The cookies were baked at noon.", "We share this view.", "She shared it on Facebook.",
    "See the references in chapter 2.",
    "References\n\nThis chapter explains references.\nThey are pointers that are never null.\n",
    "参考文献是论文的一部分。\n如何写好参考文献？\n", "Facebook 与 Twitter 都是社交网站。", "原标题党现象。",
  ]

  @Test(arguments: texts)
  func runningTextStays(_ text: String) { #expect(redacted(text) == text) }

  /// A phrase of another encoding would be found nowhere, or inside of a character.
  @Test func aListThatIsNoTextIsRefusedWithItsLine() {
    #expect(throws: CutList.BadLine(number: 2)) { try CutList(Array("buy now\n".utf8) + [0xB9, 0xE3, 0xB8, 0xE6]) }
    let marked = try? CutList([0xEF, 0xBB, 0xBF] + Array("buy now\n".utf8))
    let text = Redactor(RedactSettings(), list: marked).redact(Array("Text, buy now, more.".utf8)).text
    #expect(text.map { String(decoding: $0, as: UTF8.self) } == "Text, more.")
  }

  static let cuts: [(list: String, text: String, expected: String)] = [
    ("点击领取", "我们，点击领取，一起学习。", "我们，一起学习。"),
    ("点击领取", "一起学习，点击领取。", "一起学习。"),
    ("点击领取", "点击领取，一起学习。", "一起学习。"),
    ("点击领取", "一起学习（点击领取）。", "一起学习。"),
    ("点击领取", "上文\n  点击领取  \n下文", "上文\n下文"),
    ("click here", "Please Click Here to go on, now.", "Please to go on, now."),
    ("click here", "Read on, click here.", "Read on."),
    ("line: 广告", "正文\n这是广告一行。\n后文", "正文\n后文"),
    ("sentence: 加群", "正文在此。欢迎加群聊天！后文。", "正文在此。后文。"),
    ("sentence: sign up", "It works. Please sign up today. It is good.", "It works. It is good."),
    ("# 注释\n\n点击领取\n", "没有它。", "没有它。"),
  ]

  @Test(arguments: cuts)
  func listedPhrasesAreCutAndTheSentenceIsWhole(_ list: String, _ text: String, _ expected: String) {
    #expect(redacted(text, list: list) == expected)
  }

  @Test func eachSwitchKeepsItsLines() {
    let text = "正文\n责任编辑：王某\n转载自：某网\n参考文献\n[1] 张三. 某书[M]. 2001.\n[2] 李四. 某书[M]. 2002.\n"
    #expect(redacted(text) == "正文\n")
    #expect(redacted(text) { $0.notice = false }.contains("责任编辑"))
    #expect(redacted(text) { $0.reprint = false }.contains("转载自"))
    #expect(redacted(text) { $0.references = false }.contains("[2]"))
  }
}
