import Bytes
import Foundation
import Testing
import Text

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

  @Test("random runs of letters and marks compose as Foundation's do")
  func random() {
    var random = SystemRandomNumberGenerator()
    var state = random.next()
    print("seed \(state)")
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    // Blocks that were full before Unicode 9: both sides know them. No final consonants of Hangul: Foundation of Swift 6.3
    // leaves some of them alone when a compatibility ideograph follows; the table above has them.
    let pools: [ClosedRange<UInt32>] = [
      0x41...0x7A, 0xC0...0x17F, 0x300...0x34E, 0x391...0x3C9, 0x5D0...0x5EA, 0x5B0...0x5BD, 0x915...0x939,
      0x93C...0x94D,
      0x1100...0x1112, 0x1161...0x1175, 0xAC00...0xD7A3, 0x1E00...0x1EFF, 0x1F00...0x1F15, 0x3041...0x3096,
      0x3099...0x309A, 0xF900...0xFA0D, 0x2F800...0x2FA1D, 0x1D15E...0x1D164, 0x4E00...0x4E80, 0x2120...0x2130,
    ]
    for _ in 0..<20_000 {
      var text = String.UnicodeScalarView()
      for _ in 0..<(1 + next(8)) {
        let pool = pools[next(pools.count)]
        text.append(Unicode.Scalar(pool.lowerBound + UInt32(next(pool.count)))!)
      }
      let plain = String(text)
      let form = composed(plain)
      #expect(scalars(form) == scalars(plain.precomposedStringWithCanonicalMapping), "\(scalars(plain))")
      #expect(scalars(composed(form)) == scalars(form))
    }
  }

  @Test("a million marks on one letter take no longer than they must", .timeLimit(.minutes(1)))
  func manyMarks() {
    let text = Array(("e" + String(repeating: "\u{323}\u{301}", count: 500_000)).utf8)
    #expect(CanonicalForm.composed(text).count > 1_000_000)
  }
}

@Suite struct MendingTests {
  @Test(
    "emoji become words",
    arguments: [
      ("ok 😀!", "ok :grinning_face:!"), ("❤️ ❤", ":heavy_black_heart: ❤"), ("🇨🇳🇩🇪", ":flag_cn::flag_de:"), ("1️⃣ x", "1 x"),
      ("👍🏽", ":thumbs_up_sign:"), ("👩‍👩‍👧", ":woman::woman::girl:"), ("中文 → “x”", "中文 → “x”"), ("⌚", ":watch:"), ("", ""),
      ("🇨", "🇨"),
    ])
  func emoji(text: String, words: String) {
    #expect(String(decoding: EmojiText.worded(Array(text.utf8)), as: UTF8.self) == words)
  }

  @Test(
    "left-over tags become what they mean; what is no tag stays",
    arguments: [
      ("a<br>b< br / >c", "a\nb\nc"), ("<p>x</ p>", "\nx\n"), ("a&nbsp;b&amp;nbsp;c&hellip;", "a b c…"),
      ("&lt;br&gt;x", "\nx"),
      ("<b>bold</b>", "bold"), ("a < b and b > a", "a < b and b > a"), ("vector<int> v; p<q>", "vector<int> v; p<q>"),
      ("<br class=x>", "<br class=x>"), ("<", "<"), ("&", "&"), ("&lt;", "&lt;"), ("<b", "<b"), ("", ""),
    ])
  func tags(text: String, mended: String) {
    #expect(String(decoding: TagMending.mended(Array(text.utf8)), as: UTF8.self) == mended)
  }
}
