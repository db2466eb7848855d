import Bytes
import Testing
import Text

@Suite struct NormalizerTests {
  @Test(
    "what nobody can read goes, what means something stays",
    arguments: [
      ("a\r\nb\rc\n", "a\nb\nc\n"), ("a \t\nb\u{3000}\nc\u{A0}", "a\nb\nc"), ("a\n\n\n\n\n\nb", "a\n\n\nb"),
      ("\n\n a\n\n", " a\n"),
      ("a\u{0}b\u{1}c\u{7F}d\u{85}e", "abcd\ne"), ("x\u{200B}y\u{FEFF}z\u{2060}w\u{AD}v", "xyzwv"),
      ("\u{1B}[1;31mred\u{1B}[0m \u{1B}]0;title\u{7}text", "red text"), ("b\u{8}bo\u{8}old _\u{8}u", "bold u"),
      ("می\u{200C}خواهم", "می\u{200C}خواهم"), ("a\u{200C}b中\u{200D}文", "ab中文"), ("क्\u{200D}ष", "क्\u{200D}ष"),
      ("👩\u{200D}👩\u{200D}👧 ❤️\u{200D}🔥", "👩\u{200D}👩\u{200D}👧 ❤️\u{200D}🔥"), ("abc\u{202E}def\u{2066}g", "abcdefg"),
      ("שלום\u{200F}!", "שלום\u{200F}!"), ("ＡＢＣ　１２３，。", "ＡＢＣ　１２３，。"), ("　　段落", "　　段落"), ("e\u{301}", "é"),
      ("e\u{200B}\u{301}", "é"),
      ("a\u{2028}b", "a\nb"), ("a\u{C}b", "a\nb"), ("🏴\u{E0067}\u{E007F} x\u{E0041}", "🏴\u{E0067}\u{E007F} x"),
      ("", ""),
      (" \u{200B}\n ", ""), ("\tif a:\n\t\tb\n", "\tif a:\n\t\tb\n"), ("\u{E000}私用", "\u{E000}私用"),
    ])
  func cases(text: String, clean: String) {
    #expect(String(decoding: Normalizer.normalize(Array(text.utf8)), as: UTF8.self) == clean)
  }

  @Test("normalizing twice is normalizing once; the result is well-formed")
  func idempotent() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var state = seed
    let pieces = [
      "a", "中", " ", "\n", "\r", "\t", "\u{200B}", "\u{200D}", "\u{200C}", "\u{A0}", "\u{3000}", "م", "👩", "\u{1B}",
      "[", "m", "]",
      "\u{7}", "\u{2028}", "\u{85}", "\u{200F}", "é", "\u{FEFF}", "\u{0}", "\u{FFFF}", "ह", "e", "\u{301}", "\u{323}",
      "\u{1100}", "\u{1161}", "\u{FA19}", "\u{2126}",
    ]
    for _ in 0..<3000 {
      var text: [UInt8] = []
      for _ in 0..<24 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        text += Array(pieces[Int(state >> 33) % pieces.count].utf8)
      }
      let once = Normalizer.normalize(text)
      #expect(Normalizer.normalize(once) == once, "\(text)")
      #expect(UTF8Text.firstInvalid(once) == nil)
    }
  }
}

@Suite struct ScriptTests {
  @Test("script and class of a scalar")
  func classes() {
    for han in ["中", "々", "〇", "㐀", "豈", "𠀀", "𰀀"] { #expect(Script.isHan(han.unicodeScalars.first!.value), "\(han)") }
    for other in ["あ", "。", "a", "한", "ー"] { #expect(!Script.isHan(other.unicodeScalars.first!.value), "\(other)") }
    for sign in ["。", "、", "《", "，", "！", "～", "・", "：", "（"] {
      #expect(Script.isCJKPunctuation(sign.unicodeScalars.first!.value), "\(sign)")
    }
    for other in ["々", "Ａ", "１", "“", ".", "中"] {
      #expect(!Script.isCJKPunctuation(other.unicodeScalars.first!.value), "\(other)")
    }
    #expect(Script.isKana(0x3042) && Script.isKana(0xFF71) && !Script.isKana(0x4E00))
    #expect(Script.isHangul(0xAC00) && !Script.isHangul(0x4E00))
    #expect(Script.isLetter(0x4E2D) && Script.isLetter(0xE9) && !Script.isLetter(0x31))
    #expect(Script.isNumber(0xFF11) && Script.isSpace(0x3000) && Script.isPunctuation(0x3002) && Script.isSymbol(0x2B))
    #expect(Script.isLatin(0xE9) && Script.isLatin(0xFF21) && !Script.isLatin(0xD7) && !Script.isLatin(0x3B1))
  }

  @Test("folding agrees with Unicode's simple lower case in the alphabets it covers")
  func folding() {
    for range in [
      0x00...0x12F, 0x132...0x17E, 0x386...0x3CF, 0x400...0x4BF, 0x4D0...0x556, 0x1E00...0x1E95, 0x1EA0...0x1EFF,
    ] {
      for value in range {
        guard let scalar = Unicode.Scalar(UInt32(value)), ![0x149, 0x3C2, 0x1E9E].contains(value) else { continue }
        let lower = scalar.properties.lowercaseMapping.unicodeScalars
        if lower.count == 1 {
          #expect(MatchingForm.fold(UInt32(value)) == lower.first!.value, "U+\(String(value, radix: 16))")
        }
      }
    }
  }

  @Test(
    "texts that look the same compare the same",
    arguments: [("ＡＢＣ　１２３", "abc 123"), ("  Hello\n\t World ", "hello world"), ("ÀÉ Ж中，", "àé ж中,"), ("", "")])
  func matching(text: String, form: String) {
    #expect(String(decoding: MatchingForm.of(Array(text.utf8)), as: UTF8.self) == form)
  }

  @Test(
    "lines end at LF only",
    arguments: [("a\nb", [0..<1, 2..<3]), ("a\n\nb\r\n", [0..<1, 2..<2, 3..<5]), ("", []), ("\n", [0..<0])])
  func lines(text: String, ranges: [Range<Int>]) {
    let bytes = Array(text.utf8)
    #expect(bytes.withUnsafeBufferPointer { Array(Lines($0)) } == ranges)
  }
}
