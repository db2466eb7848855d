import Bytes
import Documents
import Filtering
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
    ("When a consumer buys a good at a lower price than she would have paid, economists call the difference consumer surplus. Discounts move it from the seller to the buyer.", .english),
    ("The function returns an error if the order was cancelled. Call it again with a larger buffer, or free the old one first.", .english),
    ("She had won the prize at the fair, a small blue ribbon, and she kept it in the drawer with her mother's letters until the house was sold.", .english),
  ]

  @Test(arguments: others) func whatSpeaksOfTradeIsNone(_ text: String, _ channel: Channel) {
    #expect(value(text, channel) < Self.threshold, "\(text.prefix(30))")
  }

  @Test func codeAndShortTextsAreNotJudged() {
    let text = "Our herbal pills give you rock solid results every night. Two month supply for the price of one, delivered discreetly."
    #expect(value(text, .code) == 0 && value(text, .math) == 0)
    #expect(value("Buy now, 50% off!", .english) == 0)
  }

  @Test func withoutAModelTheSignalIsZeroAndTheRuleIdle() throws {
    let meter = SignalMeter(advertisement: nil)
    let rules = try RuleSet.builtIn()
    #expect(rules.checkCanaries(meter) == [] && rules.idle(meter).contains("advertisement"))
    #expect(!rules.idle(SignalMeter()).contains("advertisement"))
    #expect(meter.measure(Array("Order now and get 50% off! Free shipping worldwide, call our hotline today.".utf8))[.advertisement] == 0)
  }

  @Test func aModelOfAnotherKindIsRefused() {
    #expect(throws: (any Error).self) { try AdvertisementModel(Array("no model".utf8)) }
  }
}
