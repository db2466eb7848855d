import CKernels
import Documents
import Filtering
import Fixtures
import Testing

/// Every shortcut of the meter, for every kind of CPU, against the plain way through the rules.
@Suite struct SignalTwinTests {
  private static let pieces = [
    "the", "The", "don't", "cannot", "Mr.", "e.g.", "U.S.", "x=1", "a-b", "foo(bar)", "...", "\u{2026}", ":)", "8)",
    "''", "'''", "https://a.bc/d-e?f=1", "5GB", "3.5", "10am", "\n", "\n\n", " ", "  ", "\t", ",", ".", "!", "?", "\"",
    "\u{201C}", "\u{2019}s", "O'Neil's", "春", "天气", "，", "。", "「", "é", "naïve", "Straße", "\u{3000}", "\u{A0}",
    "--", "—", "C++", "{", "}", "->", "std::vector<int>", "javascript", "lorem ipsum", "terms of use", "[12]",
    "word[3].", "🙂", "\u{FFFD}", "𠀀", "+1", "$5", "i+1", "+=", "+5kg", "foo+)", "u32,", "0x1f;", "x2y", "100%",
    "(e.g.,", "(Mr.", "self.map(|x|x.y)", "<space>", "w/o", "and/or", "=D", "a.B", "a.,b", "5-6", "a--b", "#include",
    "\"Hello,\"", "WORDS.", "x.", "S.", "aB.", "abcdefghijklmnopqrstuvwxyz", "Cookie policy", "_under_score_", "a/b/c",
    "`code`", "'s", "end's", "I'LL", "(((", ")));", "=[", ";_;", ">.<", "=>", "&&", "<div>", "a.b.", "foo.bar.com/x",
    "self.x", "she.ll", "o_O,", "(o_O)", "(w/o", "Ph.D.", "p.m.,", "a)))))))))))).", "((((((((((((", "x).", "8-D,",
    "\u{0}",
    "an_identifier_that_goes_on(and_on)::without<any>.white_space&more;",
  ]

  /// The levels of CPU whose signals are not those of the plain twin.
  private static func differing(_ bytes: [UInt8]) -> [Int32] {
    let meter = SignalMeter()
    return bytes.withUnsafeBufferPointer { text in
      let plain = meter.measure(text, plain: true)
      return (0...ck_cpu_level()).filter { meter.measure(text, level: $0) != plain }
    }
  }

  private func seeded() -> (UInt64, SeededRandom) {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("SignalTwinTests seed \(seed)")
    return (seed, SeededRandom(seed))
  }

  @Test func wordsMarksAndIdeographsAreCountedAlike() {
    var (seed, random) = seeded()
    for _ in 0..<400 {
      var text = ""
      for _ in 0..<120 {
        text += Self.pieces[random.below(Self.pieces.count)] + (random.below(4) == 0 ? "" : " ")
      }
      let levels = Self.differing(Array(text.utf8))
      #expect(levels.isEmpty, "seed \(seed), levels \(levels): \(text)")
    }
  }

  /// Marks, letters and digits in any order are all the ways that a word can be split.
  @Test func wordsOfAnyMarksAreCountedAlike() {
    var (seed, random) = seeded()
    let letters = Array("aAbBsStTxX019".utf8)
    for _ in 0..<600 {
      let bytes = (0..<700).map { _ -> UInt8 in
        switch random.below(16) {
        case 0..<2: random.below(9) == 0 ? 0x0A : 0x20
        case 2..<9: letters[random.below(letters.count)]
        default: UInt8(0x21 + random.below(94))
        }
      }
      let levels = Self.differing(bytes)
      #expect(levels.isEmpty, "seed \(seed), levels \(levels): \(String(decoding: bytes, as: UTF8.self))")
    }
  }

  /// Bytes that are no UTF-8, and texts of every length around the blocks of the kernels.
  @Test func anyBytesAreCountedAlike() {
    var (seed, random) = seeded()
    for length in 0..<300 {
      let bytes = (0..<(length < 200 ? length : length * 11)).map { _ -> UInt8 in
        UInt8(random.below(4) == 0 ? random.below(256) : 0x20 + random.below(95))
      }
      let levels = Self.differing(bytes)
      #expect(levels.isEmpty, "seed \(seed), levels \(levels), bytes \(bytes)")
    }
  }
}
