import Bytes
import Testing

@Suite struct CanonicalFormTests {
  private func composed(_ text: String) -> String {
    String(decoding: CanonicalForm.composed(Array(text.utf8)), as: UTF8.self)
  }
  /// Swift's own comparison holds composed and decomposed texts to be equal.
  private func scalars(_ text: String) -> [UInt32] { text.unicodeScalars.map(\.value) }

  @Test(
    "letters and marks compose, nothing else changes",
    arguments: [
      ("e\u{301}", "\u{E9}"), ("A\u{30A}ngstro\u{308}m", "\u{C5}ngstr\u{F6}m"), ("a\u{323}\u{302}", "\u{1EAD}"),
      ("a\u{302}\u{323}", "\u{1EAD}"), ("q\u{307}\u{323}", "q\u{323}\u{307}"), ("\u{1112}\u{1161}\u{11AB}", "\u{D55C}"),
      ("\u{AC00}\u{11A8}", "\u{AC01}"), ("\u{B7B4}\u{11B4}丽\u{2F88A}", "\u{B7C1}丽\u{387C}"),
      ("\u{212B}\u{2126}\u{212A}", "\u{C5}\u{3A9}K"), ("か\u{3099}", "が"),
      ("\u{915}\u{93C}", "\u{915}\u{93C}"), ("\u{958}", "\u{915}\u{93C}"), ("\u{FA19}\u{F92C}", "神郎"),
      ("\u{2F800}", "丽"), ("\u{1D15E}", "\u{1D157}\u{1D165}"), ("\u{301}x", "\u{301}x"),
      ("e\u{301}\u{301}", "\u{E9}\u{301}"),
      ("中文 ＡＢＣ，１２３。ﾊﾝｶｸ ﬁ ①", "中文 ＡＢＣ，１２３。ﾊﾝｶｸ ﬁ ①"), ("", ""), ("x\u{338}=\u{338}", "x\u{338}\u{2260}"),
    ])
  func table(text: String, form: String) {
    #expect(scalars(composed(text)) == scalars(form))
  }

  @Test("a text in the form is the same array: nothing is copied")
  func untouched() {
    let text = Array(String(repeating: "中文与 English，“quotes”。\n", count: 100).utf8)
    let form = CanonicalForm.composed(text)
    #expect(
      text.withUnsafeBufferPointer { before in form.withUnsafeBufferPointer { before.baseAddress == $0.baseAddress } })
  }

  /// Ways to write the same character.
  private static let variants: [[String]] = [
    ["\u{E9}", "e\u{301}"], ["\u{1EAD}", "a\u{323}\u{302}", "a\u{302}\u{323}", "\u{E2}\u{323}", "\u{1EA1}\u{302}"],
    ["\u{AC01}", "\u{1100}\u{1161}\u{11A8}", "\u{AC00}\u{11A8}"], ["\u{C5}", "\u{212B}", "A\u{30A}"],
    ["\u{304C}", "\u{304B}\u{3099}"], ["\u{915}\u{93C}", "\u{958}"], ["\u{795E}", "\u{FA19}"],
    ["\u{1F84}", "\u{3B1}\u{313}\u{301}\u{345}", "\u{1F04}\u{345}", "\u{3B1}\u{345}\u{313}\u{301}"], ["x"], ["中"],
    ["，"], [" "],
    ["q\u{323}\u{307}", "q\u{307}\u{323}"], ["\u{5D1}\u{5BC}\u{5B8}", "\u{5D1}\u{5B8}\u{5BC}"],
    ["\u{3A9}", "\u{2126}"],
    ["\u{1D157}\u{1D165}", "\u{1D15E}"],
  ]

  @Test("however a text is written, its form is the same, and Swift holds it equal to the text")
  func random() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var state = seed
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    for _ in 0..<20_000 {
      let kinds = (0..<(1 + next(8))).map { _ in
        CanonicalFormTests.variants[next(CanonicalFormTests.variants.count)]
      }
      let one = kinds.map { $0[next($0.count)] }.joined()
      let other = kinds.map { $0[next($0.count)] }.joined()
      #expect(scalars(composed(one)) == scalars(composed(other)), "\(scalars(one)) \(scalars(other))")
      #expect(composed(one) == one)
      #expect(scalars(composed(composed(one))) == scalars(composed(one)))
    }
  }

  @Test("a million marks on one letter take no longer than they must", .timeLimit(.minutes(1)))
  func manyMarks() {
    let text = Array(("e" + String(repeating: "\u{323}\u{301}", count: 500_000)).utf8)
    #expect(CanonicalForm.composed(text).count > 1_000_000)
  }
}
