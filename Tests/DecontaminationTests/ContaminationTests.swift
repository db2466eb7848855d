import Bytes
import CKernels
import Fixtures
import Settings
import Suites
import Testing
import TextModels

@testable import Decontamination

/// A suite of one item a line.
func suite(_ kind: SuiteSource.Kind, _ name: String, _ lines: [JSONValue]) -> SuiteSource {
  SuiteSource(kind: kind, name: name, bytes: lines.flatMap { JSONWriter.compact($0) + [0x0A] })
}

func texts(_ kind: SuiteSource.Kind, _ texts: [String]) -> SuiteSource {
  suite(kind, "s", texts.map { .object([kind == .benchmark ? "question" : "text": .string($0)]) })
}

@Suite("Contamination")
struct ContaminationTests {
  private static let question =
    "Natalia sold clips to 48 of her friends in April, and then she sold half as many clips in May."
  private static let chinese = "《战国无双3》是由光荣和ω-force开发的战国无双系列的正统第三续作，本作以三大故事为主轴。"

  struct Case: Sendable {
    let kind: SuiteSource.Kind
    let item: String
    let document: String
    let isHeld: Bool
  }

  private static func held(_ item: String, _ document: String, _ kind: SuiteSource.Kind = .benchmark) -> Case {
    Case(kind: kind, item: item, document: document, isHeld: true)
  }

  private static func free(_ item: String, _ document: String, _ kind: SuiteSource.Kind = .benchmark) -> Case {
    Case(kind: kind, item: item, document: document, isHeld: false)
  }

  static let cases: [Case] = [
    held(question, "They asked: \(question) Nobody knew."),
    held(question, "NATALIA SOLD CLIPS - to 48 of her friends - in april; and then, she"),
    held(question, "ｎａｔａｌｉａ　ｓｏｌｄ　ｃｌｉｐｓ　ｔｏ　４８ of her\nfriends in April and then she sold"),
    free(question, "Natalia sold clips to 48 of her friends in April and then"),
    free(question, "Natalia sold clips to 49 of her friends in April and then half as many clips"),
    held(question, "看：Natalia sold clips to 48 of her friends in April, and then she sold half。"),
    held(chinese, "介绍\(chinese)完"),
    held(chinese, "战国无双三……是由光荣和Ω－FORCE开发的、战国无双系列的正统「第三续作」本作以三大故事"),
    free(chinese, "战国无双系列的正统第三续作本作以三大故事"),
    // Short items are looked for whole.
    held("What is the capital city of northern France?", "so: what is the capital city of Northern France"),
    free("What is the capital city of northern France?", "what is the capital city of northern Spain"),
    free("What is the capital of France?", "Then: what is the capital of France? Paris."),
    held("中国古代四大发明是哪几项", "问：中国古代四大发明，是哪几项？答"),
    free("四大发明是哪几项", "问：四大发明是哪几项？答"),
    // Numbers alone say nothing.
    free("sort 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15", "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17"),
    held("sort 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 of them", "1 sort 1 2 3 4 5 6 7 8 9 10 of them"),
    // Every kind is a source.
    held(question, question, .probe), held(question, question, .privacy), held(question, question, .sample),
    held(question, question, .ppl), free(question, "", .probe),
  ]

  @Test(arguments: cases) func found(_ one: Case) {
    let index = SuiteIndex([texts(one.kind, [one.item])], DecontaminateSettings())
    let verdict = ContaminationRule(index, common: []).judge(Array(one.document.utf8))
    #expect((verdict != nil) == one.isHeld, "\(one.item) in \(one.document)")
  }

  @Test("A ppl text is held from a tenth of its n-grams on")
  func share() {
    let words = (0..<112).map { "w\($0)" }
    let index = SuiteIndex([texts(.ppl, [words.joined(separator: " ")])], DecontaminateSettings())
    let rule = ContaminationRule(index, common: [])
    // 112 words are 100 n-grams; 22 words are 10 of them.
    #expect(rule.judge(Array(words[40..<62].joined(separator: " ").utf8))?.ngrams == 10)
    #expect(rule.judge(Array(words[40..<61].joined(separator: " ").utf8)) == nil)
  }

  @Test("Of several items the one with most n-grams is named, of equal ones the first")
  func best() {
    let words = (0..<40).map { "w\($0)" }
    let items = [words[0..<14], words[10..<40], words[10..<40]].map { $0.joined(separator: " ") }
    let rule = ContaminationRule(SuiteIndex([texts(.benchmark, items)], DecontaminateSettings()), common: [])
    let verdict = rule.judge(Array(words.joined(separator: " ").utf8))
    #expect(verdict == Contamination(source: 0, item: 1, ngrams: 18, of: 18))
  }

  @Test("What is common in the corpus is no sign, and is told")
  func common() throws {
    let notice = "this file is licensed under the terms of the public licence of the free world today"
    let item = "\(notice) unlike the question that follows it here and is asked of nobody else at all"
    let settings = DecontaminateSettings()
    let index = SuiteIndex([texts(.benchmark, [item])], settings)
    var counts = NgramCounts()
    for number in 0..<3000 {
      let text = Array((number % 200 == 0 ? "\(notice) \(number)" : "nothing \(number)").utf8)
      counts.add(index.search(text), key: Identifier(of: text), in: index)
    }
    // Copies of one text are one.
    for _ in 0..<100 {
      counts.add(index.search(Array(item.utf8)), key: Identifier(of: Array(item.utf8)), in: index)
    }
    let common = counts.common(settings)
    #expect(common.count == 4, "16 words are 4 n-grams")
    #expect(Set(common.values) == [16])
    let rule = ContaminationRule(index, common: Set(common.keys))
    #expect(rule.judge(Array(notice.utf8)) == nil)
    #expect(rule.judge(Array(item.utf8)) != nil)
    let told = index.texts(of: Set(common.keys)).values.map { String(decoding: $0, as: UTF8.self) }
    #expect(told.contains("this file is licensed under the terms of the public licence of the"))
    #expect(index.ngrams(of: 0, among: Set(common.keys)) == Set(common.keys))
    #expect(index.ngrams(of: 1, among: Set(common.keys)).isEmpty)
  }

  @Test("The search finds exactly the n-grams that a comparison unit by unit finds")
  func twin() {
    let seed = UInt64.random(in: 0 ... .max)
    print("seed \(seed)")
    var generator = SeededRandom(seed)
    let pieces = ["the ", "a ", "b ", "of ", "汉", "字", "词", "in, ", "Ｘ ", "y "]
    func text(_ count: Int) -> [UInt8] {
      (0..<count).flatMap { _ in
        Array(pieces.randomElement(using: &generator)!.utf8)
      }
    }
    var settings = DecontaminateSettings()
    (settings.words, settings.ideographs, settings.minimumWords, settings.minimumIdeographs) = (9, 14, 4, 8)
    var total = 0
    for round in 0..<60 {
      let items = (0..<8).map { _ in text(.random(in: 1...60, using: &generator)) }
      let source = suite(.benchmark, "s", items.map { .object([JSONMember("question", .text($0))]) })
      let index = SuiteIndex([source], settings)
      let document = text(20) + items[round % 8] + text(9000) + items[(round + 1) % 8].dropLast(9)
      let units = MatchUnits.of(Array(document))
      var wanted: Set<[UInt64]> = []
      for item in items {
        let own = MatchUnits.of(item)
        for window in NgramWindows(settings).windows(own) {
          let ngram = Array(own[(window.end - window.length)..<window.end])
          if units.indices.contains(where: { units[$0...].starts(with: ngram) }) { wanted.insert(ngram) }
        }
      }
      let hashes = Set(
        wanted.map { ngram in ngram.withUnsafeBufferPointer { ck_match_hash($0.baseAddress, $0.count) } })
      let found = index.search(Array(document))
      #expect(Set(found.map { index.entries[Int($0)].hash }) == hashes, "round \(round)")
      #expect(found == Array(Set(found)).sorted())
      total += hashes.count
    }
    #expect(total > 1000)
  }

  @Test("Settings that contradict each other are refused")
  func settings() {
    for text in ["{min_words: 14}", "{min_ideographs: 30}", "{min_words: 13, min_ideographs: 12}"] {
      #expect(throws: SettingError.self) {
        let tree = try SettingTree(Array("{decontaminate: \(text)}".utf8), file: "t")
        _ = try tree.decode(DecontaminateSettings.self)
      }
    }
  }
}
