import Documents
import Filtering
import Testing

@Suite struct SignalMeterTests {
  private func signals(_ text: String) -> Signals { SignalMeter().measure(Array(text.utf8)) }

  static let cases: [(String, Signal, Float)] = [
    ("the cat", .characters, 7),
    ("春天 ab", .hanShare, 0.5),
    ("春天 ab", .latinShare, 0.5),
    ("ab12", .digitShare, 0.5),
    ("a.b,", .punctuationShare, 0.5),
    ("a+b=", .symbolShare, 0.5),
    ("天。地。", .punctuationShare, 0.5),
    ("don't stop", .words, 3),
    ("春天 in Rome", .words, 4),
    ("one three", .meanWordLength, 4),
    ("a 1 b 2", .alphabeticWordShare, 0.5),
    ("The cat and THE dog", .distinctStopWords, 2),
    ("天的地在", .distinctStopWords, 2),
    ("天的地在", .stopCharacterShare, 0.5),
    ("# a b", .hashPerWord, 1 / 3),
    ("well ... so …", .ellipsisPerWord, 0.5),
    ("a\n\nb\nc", .lines, 3),
    ("- a\n• b\nc\nd", .bulletLineShare, 0.5),
    ("a...\nb…\nc\nd", .ellipsisLineShare, 0.5),
    ("One.\n二。\nthree\nfour", .endPunctuationLineShare, 0.5),
    ("a\na\nb\n a ", .duplicateLineShare, 0.25),
    ("ab\nab\ncd", .duplicateLineCharacterShare, 0.25),
    ("ab\nab\ncd", .duplicateLineTextShare, 1 / 3),
    ("ab\n\nab\n\ncd", .duplicateParagraphCharacterShare, 0.2),
    ("One.\ntwo!\nthree \nfour:", .fullStopLineShare, 0.5),
    ("short\nand a line of more than thirty characters", .briefLineShare, 0.5),
    ("a 1 b !", .letterUnitShare, 0.5),
    ("The cat and THE dog", .gopherStopWords, 1),
    ("One is here. Two is here.\nno end\nThree is here too.", .c4Sentences, 3),
    ("It begins { here and ends.", .c4CurlyBracket, 1),
    ("Say lorem ipsum and stop.", .c4LoremIpsum, 1),
    ("see https://a.b/c and http://d.e", .links, 2),
    ("no no yes no", .topUnitShare, 0.75),
    ("porn star", .adultShare, 4 / 9),
    ("a\n\na\n\nb\n\nc", .duplicateParagraphShare, 0.25),
    ("aa\nbbbb", .meanLineLength, 3),
    ("aa\nbbbb", .longestLine, 4),
    ("【天】地", .bracketShare, 0.5),
    ("https://a.b c", .urlShare, 11 / 12),
    ("aabb", .distinctCharacterShare, 0.5),
    ("aabb", .characterEntropy, 0.6931),
    ("абвг", .otherScriptShare, 1),
    ("かな漢字", .kanaShare, 0.5),
    ("a1--", .alphanumericShare, 0.5),
    ("ABcd", .upperCaseShare, 0.5),
    ("123\nabc", .numericLineShare, 0.5),
    ("ab\u{FFFD}\u{E000}", .replacementShare, 0.5),
    ("click here", .keywordShare, 1),
    ("the end of it all", .stopWordShare, 0.6),
    ("supercalifragilistic word", .longestWord, 20),
    ("x y x y", .topBigramShare, 6 / 7),
    ("a b c d e f g", .topBigramShare, 3 / 13),
    ("one two three four five six one two three four five seven", .duplicateFivegramShare, 19.0 / 57),
  ]

  @Test(arguments: cases)
  func signalIs(_ text: String, _ signal: Signal, _ expected: Float) {
    let value = signals(text)[signal]
    #expect(abs(value - expected) < 0.001, "\(signal.name) of \(text): \(value)")
  }

  @Test func emptyTextHasNoSignals() { #expect(signals("").values.allSatisfy { $0 == 0 }) }

  /// A quadratic twin of the repetition meter, as datatrove writes it.
  @Test func repetitionAgreesWithPlainCounting() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("SignalMeterTests seed \(seed)")
    var state = seed
    for _ in 0..<50 {
      let words = (0..<60).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return ["a", "bb", "ccc", "dd"][Int(state >> 40) % 4]
      }
      let measured = signals(words.joined(separator: " "))
      let total = Float(words.joined(separator: " ").count)
      for (n, signal) in [(2, Signal.topBigramShare), (3, .topTrigramShare), (4, .topFourgramShare)] {
        #expect(abs(measured[signal] - Self.top(words, n) / total) < 0.001, "seed \(seed), n \(n)")
      }
      let repeated: [(Int, Signal)] = [
        (5, .duplicateFivegramShare), (6, .duplicateSixgramShare), (7, .duplicateSevengramShare),
        (8, .duplicateEightgramShare), (9, .duplicateNinegramShare), (10, .duplicateTengramShare),
      ]
      for (n, signal) in repeated {
        #expect(abs(measured[signal] - Self.repeated(words, n) / total) < 0.001, "seed \(seed), n \(n)")
      }
    }
  }

  private static func top(_ words: [String], _ n: Int) -> Float {
    var counts: [String: Int] = [:]
    var order: [String] = []
    for start in 0...(words.count - n) {
      let gram = words[start..<(start + n)].joined(separator: " ")
      if counts[gram] == nil { order.append(gram) }
      counts[gram, default: 0] += 1
    }
    let most = counts.values.max() ?? 0
    return Float(most * (order.first { counts[$0] == most } ?? "").count)
  }

  private static func repeated(_ words: [String], _ n: Int) -> Float {
    var seen = Set<[String]>()
    var characters = 0
    var start = 0
    while start + n <= words.count {
      let gram = Array(words[start..<(start + n)])
      let isNew = seen.insert(gram).inserted
      if !isNew { characters += gram.joined().count }
      start += isNew ? 1 : n
    }
    return Float(characters)
  }

  @Test func longTextsRepeatLikeShortOnes() {
    let sentence = "每个窗口都用同样的办法来量，长文章也不会因为长就显得重复。"
    let once = signals(String(repeating: sentence, count: 30))[.duplicateTengramShare]
    let many = signals(String(repeating: sentence, count: 3000))[.duplicateTengramShare]
    #expect(once > 0.9 && many > 0.9)
  }

  @Test func randomTextsAreMeasuredWithoutTrouble() {
    var generator = SystemRandomNumberGenerator()
    let seed = generator.next()
    print("SignalMeterTests random seed \(seed)")
    var state = seed
    for _ in 0..<200 {
      var text = ""
      for _ in 0..<100 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        if let scalar = Unicode.Scalar(UInt32(state >> 33) % (state & 1 == 0 ? 0x3000 : 0x11_0000)) {
          text.unicodeScalars.append(scalar)
        }
      }
      #expect(signals(text).values.allSatisfy { $0.isFinite && $0 >= 0 }, "seed \(seed)")
    }
  }

  @Test func textCutInsideACharacterIsRead() {
    for cut in 1...3 {
      let values = SignalMeter().measure(Array(Array("一段文字𠀀".utf8).dropLast(cut))).values
      #expect(values[Signal.characters.rawValue] == 5, "what is left of it counts as one")
    }
  }
}
