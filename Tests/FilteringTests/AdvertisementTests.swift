import Bytes
import Documents
import Filtering
import Fixtures
import Glibc
import Testing

/// What reads like an advertisement, by the model that comes with the program.
@Suite struct AdvertisementTests {
  private func value(_ text: String, _ channel: Channel) -> Float {
    var document = Document(id: Identifier(high: 0, low: 0), text: Array(text.utf8), source: "test", origin: "test")
    document.channel = channel
    SignalMeter().process(&document)
    return document.signals[.advertisement]
  }

  /// As the rule `advertisement` has it.
  private static let threshold: Float = 0.3

  /// `Tests/Fixtures/advertisements`: written for the measurement alone, never trained on. Some are missed.
  @Test(arguments: [("zh", Channel.chinese), ("en", .english)])
  func mostAdvertisementsAreKnown(_ file: String, _ channel: Channel) throws {
    let texts = try Self.texts(file)
    let missed = texts.filter { value($0, channel) <= Self.threshold }
    #expect(texts.count >= 15)
    #expect(missed.count * 100 <= texts.count * 15, "missed \(missed.map { $0.prefix(30) })")
  }

  private static func texts(_ name: String) throws -> [String] {
    let root = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
    let file = try #require(fopen("/\(root)/Fixtures/advertisements/\(name).txt", "r"))
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, file))
    return bytes.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
  }

  /// About trade, prices, medicine and lotteries, and no advertisement.
  static let others: [(String, Channel)] = [
    ("商品的价格由供求关系决定。当供给大于需求时，价格下降；当供给小于需求时，价格上升。市场上的价格反过来又影响生产者的决定。", .chinese),
    ("国家彩票管理机构应当将彩票公益金用于社会福利、体育等公益事业，不得用于平衡财政一般预算。违反本条例规定的，由财政部门责令改正。", .chinese),
    ("他打开店门，把昨天没卖完的布一匹一匹搬到柜台上，心里盘算着，要是今天还没有人来买，这个月的房租便付不出了。", .chinese),
    (
      "When a consumer buys a good at a lower price than she would have paid, economists call the difference consumer "
        + "surplus. Discounts move it from the seller to the buyer.", .english
    ),
    (
      "The function returns an error if the order was cancelled. Call it again with a larger buffer, or free the old one.",
      .english
    ),
    (
      "She had won the prize at the fair, a small blue ribbon, and she kept it in the drawer with her mother's letters "
        + "until the house was sold.", .english
    ),
  ]

  @Test(arguments: others) func whatSpeaksOfTradeIsNone(_ text: String, _ channel: Channel) {
    #expect(value(text, channel) < Self.threshold, "\(text.prefix(30))")
  }

  /// Short unrelated lines, as a page of clickbait has them, but of another manner.
  static let lists: [(String, Channel)] = [
    (
      "\"Where have you been?\"\n\"At the station.\"\n\"At this hour?\"\n\"The train was late.\"\n\"You could have called us.\"\n"
        + "\"I did not think you would be awake.\"\n\"Your father waited until two.\"\n\"I am sorry.\"\n\"Sit down and eat something.\"",
      .english
    ),
    (
      "Starters\nTomato soup with basil\nGoat cheese salad with walnuts\nSmoked trout on rye bread\n\nMain courses\n"
        + "Roast chicken with lemon and thyme\nBraised beef with root vegetables\nGrilled cod with new potatoes\n\nDesserts\n"
        + "Apple tart with vanilla ice cream\nA plate of three English cheeses", .english
    ),
    (
      "Presidents of the society\nCharles Babbage 1820 to 1822\nHenry Colebrooke 1823 to 1824\nFrancis Baily 1825 to 1826\n"
        + "John Herschel 1827 to 1828\nJames South 1829 to 1830\nJohn Brinkley 1831 to 1832\nGeorge Airy 1835 to 1836",
      .english
    ),
    (
      "The History of the Steam Engine\n1. The Engines of Savery and Newcomen\n2. Watt and the Separate Condenser\n"
        + "3. The Partnership with Boulton\n4. Engines for the Cotton Mills\n5. The First Locomotives\nIndex of Persons",
      .english
    ),
    (
      "Down the Rabbit-Hole\nThe Pool of Tears\nA Caucus-Race and a Long Tale\nAdvice from a Caterpillar\nPig and Pepper\n"
        + "A Mad Tea-Party\nThe Queen's Croquet-Ground\nThe Lobster Quadrille\nWho Stole the Tarts?\nAlice's Evidence",
      .english
    ),
    (
      "What is a checksum?\nHow do I verify a download?\nWhy does my key expire?\nCan I use two keys at once?\n"
        + "Which ciphers are supported?\nWhat should I do if I lose my key?\nHow do I revoke a key?", .english
    ),
    (
      "I wandered by the river where the willows bend and sway,\nAnd listened to the water as it carried off the day;\n"
        + "The swallows turned above me in the slowly fading light,\nAnd one by one the windows of the village welcomed night.",
      .english
    ),
    ("第一章 总则\n第二章 组织机构\n第三章 会员的权利和义务\n第四章 经费的来源和使用\n第五章 章程的修改\n第六章 附则", .chinese),
    ("凉菜\n凉拌黄瓜\n皮蛋豆腐\n五香牛肉\n热菜\n宫保鸡丁\n鱼香肉丝\n清蒸鲈鱼\n红烧排骨\n麻婆豆腐\n主食\n米饭 面条 水饺", .chinese),
    ("“你去哪儿了？”\n“去车站了。”\n“这么晚？”\n“火车晚点了。”\n“你应该打个电话回来。”\n“我以为你们都睡了。”", .chinese),
  ]

  @Test(arguments: lists) func listsOfManyKindsAreNone(_ text: String, _ channel: Channel) {
    #expect(value(text, channel) < Self.threshold, "\(text.prefix(30))")
  }

  /// Half of the headlines was never trained on: clickbait goes, pages of news stay.
  @Test(arguments: [true, false]) func pagesOfHeadlinesAreToldApart(_ isClickbait: Bool) throws {
    guard let all = Self.headlines(isClickbait) else { return }
    let heads = all.filter { Digest.sha256(Array($0.utf8))[0] & 1 == 0 }
    let pages = stride(from: 0, to: heads.count - 39, by: 40).map { heads[$0..<($0 + 40)].joined(separator: "\n") }
    #expect(pages.count > 150)
    let hit = pages.count { value($0, .english) > Self.threshold }
    #expect(isClickbait ? hit * 100 >= pages.count * 95 : hit * 100 <= pages.count * 5, "\(hit) of \(pages.count)")
  }

  private static func headlines(_ isClickbait: Bool) -> [String]? {
    let path = SharedData.path("quality/en-clickbait/dataset__\(isClickbait ? "" : "non_")clickbait_data.gz")
    guard access(path, R_OK) == 0, let pipe = popen("gzip -dc '\(path)'", "r") else {
      print("skipped: \(path) is not there")
      return nil
    }
    defer { pclose(pipe) }
    var bytes = [UInt8](repeating: 0, count: 4 << 20)
    bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, pipe))
    return bytes.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
      .filter { !$0.allSatisfy(\.isWhitespace) }
  }

  @Test func codeAndShortTextsAreNotJudged() {
    let text =
      "Our herbal pills give you rock solid results every night. Two month supply for the price of one, shipped today."
    #expect(value(text, .code) == 0 && value(text, .math) == 0)
    #expect(value("Buy now, 50% off!", .english) == 0)
  }

  @Test func withoutAModelTheSignalIsZeroAndTheRuleIdle() throws {
    let meter = SignalMeter(advertisement: nil)
    let rules = try RuleSet.builtIn()
    #expect(rules.checkCanaries(meter) == [] && rules.idle(meter).contains("advertisement"))
    #expect(!rules.idle(SignalMeter()).contains("advertisement"))
    let text = "Order now and get 50% off! Free shipping worldwide, call our hotline today."
    #expect(meter.measure(Array(text.utf8))[.advertisement] == 0)
  }

  @Test func aModelOfAnotherKindIsRefused() {
    #expect(throws: (any Error).self) { try AdvertisementModel(Array("no model".utf8)) }
  }
}
