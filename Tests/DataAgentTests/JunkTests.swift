import Bytes
import Classification
import Documents
import Filtering
import Testing

@testable import DataAgent

/// Junk made by templates and chance: the built-in rules catch it, classified and carved as the agent does it.
@Suite struct JunkTests {
  private struct Chance {
    var state: UInt64

    mutating func below(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }

    mutating func pick(_ list: [String]) -> String { list[below(list.count)] }
    mutating func pick(_ list: [String], _ count: Int, _ separator: String) -> String {
      (0..<count).map { _ in pick(list) }.joined(separator: separator)
    }
  }

  private static let goods = [
    "watches", "shoes", "bags", "sunglasses", "jackets", "replica", "cheap", "brand", "discount", "outlet",
  ]
  private static let menu = [
    "Home", "About us", "Products", "News archive", "Contact us", "Login", "Sitemap", "Downloads", "Support", "Jobs",
    "Blog",
  ]
  private static let chineseMenu = ["首页", "产品中心", "新闻动态", "关于我们", "联系我们", "人才招聘", "在线留言", "友情链接", "网站地图", "登录", "注册"]
  private static let chineseAds = [
    "网站首页", "立即购买", "扫码关注", "加微信", "厂家直销", "批发价格", "限时抢购", "包邮", "代开发票", "免费领取", "娱乐城", "六合彩",
  ]
  private static let marks = ["$$$", "###", "!!!", "~~~", "%%%", "^^^", "|||", "===", "+++", "<<<"]
  private static let chineseMarks = ["★★★", "☆☆", "◆◆◆", "▲▼", "→→", "♥♥", "■□"]
  private static let policy = [
    "All rights reserved.", "Privacy policy", "Terms of use", "Cookie policy", "Accept cookies", "Follow us",
  ]

  /// A text of each family; the number of words in it is chance's.
  private static let families: [(name: String, make: @Sendable (inout Chance) -> String)] = [
    ("stuffed words", { $0.pick(goods, 80 + $0.below(200), " ") }),
    ("menu", { $0.pick(menu, 20 + $0.below(60), "\n") }),
    (
      "one line again and again",
      { chance in
        let line = chance.pick(goods, 8, " ") + " for you and for the whole family.\n"
        return String(repeating: line, count: 10 + chance.below(40))
      }
    ),
    ("marks", { $0.pick(marks, 40 + $0.below(100), " ") }),
    ("policies", { $0.pick(policy, 10 + $0.below(20), " ") }),
    ("error page", { "Error \($0.below(999)): page not found. Please try again later." }),
    ("numbers", { chance in (0..<120).map { _ in "\(chance.below(100_000))" }.joined(separator: " ") }),
    ("Chinese menu", { $0.pick(chineseMenu, 20 + $0.below(60), "\n") }),
    ("Chinese advertisement", { $0.pick(chineseAds, 15 + $0.below(40), "，") }),
    ("Chinese marks", { $0.pick(chineseMarks, 40 + $0.below(60), "好") }),
    (
      "one Chinese line again and again",
      { chance in
        String(repeating: "本店所有的\(chance.pick(["商品", "手表", "皮包"]))都是正品，请放心购买。\n", count: 15 + chance.below(30))
      }
    ),
    (
      "lottery",
      { chance in
        (0..<60).map { _ in "第\(chance.below(999))期 \(chance.below(33)) \(chance.below(33)) \(chance.below(33))" }
          .joined(separator: " ")
      }
    ),
    ("wrong decoding", { $0.pick(["锟斤拷", "\u{FFFD}\u{FFFD}", "烫烫烫", "\u{FFFD}"], 60 + $0.below(60), "") }),
    (
      "another language",
      { chance in
        chance.pick(["Привет, мир.", "Это предложение по-русски.", "Мы идём домой.", "今日は天気がいい。"], 40, " ")
      }
    ),
  ]

  @Test func templatesAreCaught() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("JunkTests seed \(seed)")
    var chance = Chance(state: seed)
    let classifier = try Classifier(
      ClassifySettings(), channelModel: DefaultModels.bytes(.channel), genreModel: DefaultModels.bytes(.genre),
      channels: ChannelTable())
    let filter = Filter(rules: try RuleSet.builtIn())
    let meter = SignalMeter()
    var (caught, all) = (0, 0)
    for family in Self.families {
      var missed: [String] = []
      for _ in 0..<40 {
        var document = Document(
          id: Identifier(high: 0, low: 0), text: Array(family.make(&chance).utf8), source: "", origin: "")
        classifier.process(&document)
        meter.process(&document)
        if filter.firstHit(document) == nil { missed.append(String(decoding: document.text.prefix(60), as: UTF8.self)) }
      }
      print("junk \(family.name): \(40 - missed.count) of 40 \(missed.prefix(1))")
      caught += 40 - missed.count
      all += 40
    }
    #expect(caught * 100 >= all * 95, "seed \(seed): \(caught) of \(all)")
  }
}
