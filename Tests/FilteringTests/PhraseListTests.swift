import Documents
import Filtering
import Testing

/// Phrases through the sieve are those that plain search finds.
@Suite struct PhraseListTests {
  private func share(_ list: String, _ text: String) -> Float {
    let lists = PhraseLists(texts: ["dated": Array(list.utf8)])
    return SignalMeter(phrases: lists).measure(Array(text.utf8))[.datedShare]
  }

  static let cases: [(String, String, Float)] = [
    ("buy now", "buy now", 1), ("buy now", "Buy NOW", 1), ("buy now", "buy  now", 0), ("buy", "we buy", 0.5),
    ("buy", "webuy", 0), ("立即购买", "请立即购买", 0.8), ("中", "中国", 0.5), ("aba", "ababa", 0.6),
    ("# comment\n\nbuy", "buy", 1), ("-x", "a-x", 2.0 / 3),
    ("扫码\n请扫码关注", "请扫码关注", 1), ("b\nc d\na b c d e", "a b c d e f g h i j", 9.0 / 19),
  ]

  /// What two lists have in common counts for both, and so does the end of another list's phrase.
  @Test func listsDoNotHideEachOther() {
    let lists = PhraseLists(texts: [
      "dated": Array("buy now\nnow".utf8), "adult": Array("now\nor never".utf8), "gambling": Array("buy now".utf8),
    ])
    let signals = SignalMeter(phrases: lists).measure(Array("buy now or never, nowbuy now".utf8))
    #expect(signals[.datedShare] == Float(7 + 3 + 3) / 28)
    #expect(signals[.adultShare] == Float(3 + 8 + 3 + 3) / 28)
    #expect(signals[.gamblingShare] == Float(7) / 28)
  }

  @Test(arguments: cases) func coveredBytesAreCounted(_ list: String, _ text: String, _ expected: Float) {
    let value = share(list, text)
    #expect(abs(value - expected) < 0.001, "\(list) in \(text): \(value)")
  }

  /// Many phrases at random places of a long text, against a plain search at every place.
  @Test func longTextsAreSearchedThrough() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("PhraseListTests seed \(seed)")
    var state = seed
    func next(_ below: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % below
    }
    let phrases = ["buy", "click here", "限时抢购", "包邮", "中", "这里", "now or never"]
    let fillers = ["x", "yes", " ", ", ", "\n", "国", "。", "1", "ab ", "中国 ", "now or "]
    for _ in 0..<100 {
      var text = ""
      for _ in 0..<200 { text += next(3) == 0 ? phrases[next(phrases.count)] : fillers[next(fillers.count)] }
      let bytes = Array(text.utf8)
      let expected = Float(Self.covered(bytes, phrases)) / Float(bytes.count)
      let found = share(phrases.joined(separator: "\n"), text)
      #expect(abs(found - expected) < 0.0001, "seed \(seed): \(text)")
    }
  }

  private static func covered(_ text: [UInt8], _ phrases: [String]) -> Int {
    var marks = [Bool](repeating: false, count: text.count)
    for phrase in phrases.map({ Array($0.utf8) }) {
      for start in text.indices where start + phrase.count <= text.count && begins(text, start) {
        if text[start..<(start + phrase.count)].elementsEqual(phrase) {
          for index in start..<(start + phrase.count) { marks[index] = true }
        }
      }
    }
    return marks.count { $0 }
  }

  private static func begins(_ text: [UInt8], _ start: Int) -> Bool {
    func isWord(_ byte: UInt8) -> Bool {
      (byte >= 0x30 && byte <= 0x39) || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A)
    }
    return !isWord(text[start]) || start == 0 || !isWord(text[start - 1])
  }
}
