import Bytes
import Documents
import Filtering
import Testing

@Suite struct FilterTests {
  private static func judged(_ text: String, _ channel: Channel, _ genre: Genre = .unknown) throws -> Document {
    var document = Document(id: Identifier(high: 0, low: 0), text: Array(text.utf8), source: "test", origin: "test")
    document.channel = channel
    document.genre = genre
    SignalMeter().process(&document)
    Filter(rules: try RuleSet.builtIn()).process(&document)
    return document
  }

  /// Good documents of kinds that English-minded rules lose.
  static let good: [(String, Channel, Genre)] = [
    ("床前明月光，\n疑是地上霜。\n举头望明月，\n低头思故乡。", .chinese, .poetry),
    ("第一条 为了规范管理，制定本条例。\n第二条 本条例自公布之日起施行。\n第三条 解释权归市政府。", .chinese, .law),
    (
      "子曰：「學而時習之，不亦說乎？有朋自遠方來，不亦樂乎？人不知而不慍，不亦君子乎？」有子曰：「其為人也孝弟，而好犯上者，鮮矣。」",
      .chinese, .unknown
    ),
    (
      "# 安装\n\n运行 `pip install torch`，然后执行：\n\n```python\nimport torch\nprint(torch.__version__)\n```\n\n看到版本号就说明安装好了。",
      .chinese, .manual
    ),
    (
      "It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of foolishness, "
        + "it was the epoch of belief, it was the epoch of incredulity.",
      .english, .book
    ),
    ("fn main() {\n    let total: u32 = (1..=10).sum();\n    println!(\"{total}\");\n}\n", .code, .code),
    ("Let $x \\in \\mathbb{R}$. Then $x^2 \\geq 0$ because a square is never negative.", .math, .unknown),
  ]

  @Test(arguments: good)
  func goodTextsStay(_ text: String, _ channel: Channel, _ genre: Genre) throws {
    #expect(try Self.judged(text, channel, genre).verdict == .kept)
  }

  static let junk: [(String, Channel)] = [
    (String(repeating: "Copyright 2020 Example Inc. All rights reserved.\n", count: 30), .english),
    (String(repeating: "$$$ ### @@@ !!! ~~~ %%% ^^^ &&& ", count: 20), .english),
    (
      "Home\nAbout us\nProducts\nContact us\nBlog\nLog in\nSign up\nFAQ\nSitemap\nTerms of use\nPrivacy policy\nJobs\n",
      .english
    ),
    (String(repeating: "cheap viagra online buy viagra cheap ", count: 30), .english),
    (
      String(repeating: "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor. ", count: 4),
      .english
    ),
    ("404 Not Found", .english),
    (String(repeating: "Das Haus steht am Ende der Straße, und niemand weiß, wem es gehört.\n", count: 12), .english),
    (String(repeating: "Привет, мир! Это текст на русском языке. ", count: 10), .english),
    (String(repeating: "오늘은 날씨가 참 좋습니다. 그래서 산책을 갑니다. ", count: 10), .english),
    (String(repeating: "今日は天気がいいから、散歩しましょう。", count: 10), .chinese),
    ("首页\n产品中心\n新闻动态\n关于我们\n联系我们\n人才招聘\n在线留言\n友情链接\n网站地图\n返回顶部\n登录\n注册\n加入收藏\n设为首页\n", .chinese),
    (String(repeating: "代开发票，办理证件，电话咨询，诚信可靠。", count: 20), .chinese),
    (String(repeating: "本网站内容仅供参考，不构成投资建议。\n", count: 30), .chinese),
    (String(repeating: "哈哈哈哈哈", count: 100), .chinese),
    (String(repeating: "★★★☆☆♥♥→→◆◆", count: 30), .chinese),
    ("您访问的页面不存在。", .chinese),
    (String(repeating: "第01期 05 12 19 28 33 07 ", count: 30), .chinese),
    (String(repeating: "0x00, 0x1f, 0x2e, 0x3d, 0x4c, 0x5b,\n", count: 60), .code),
    (String(repeating: "function(a,b){return a+b};", count: 400), .code),
    ("a", .code),
  ]

  @Test(arguments: junk)
  func junkGoes(_ text: String, _ channel: Channel) throws {
    #expect(try Self.judged(text, channel).verdict != .kept, "\(text.prefix(60))")
  }

  @Test func theHitNamesRuleValueAndThreshold() throws {
    let document = try Self.judged("您访问的页面不存在，请稍后再试。", .chinese)
    #expect(document.verdict == .filtered(RuleHit(rule: "zh_short", value: 16, threshold: 50, signal: "characters")))
    #expect(document.signals[.hanShare] > 0.8, "all signals are recorded whatever the verdict")
  }

  @Test func rejectedDocumentsAreLeftAlone() throws {
    var document = Document(id: Identifier(high: 0, low: 0), text: [], source: "test", origin: "test")
    document.verdict = .rejected(reason: "empty")
    Filter(rules: try RuleSet.builtIn()).process(&document)
    #expect(document.verdict == .rejected(reason: "empty"))
  }
}
