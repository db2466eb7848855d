import Bytes
import Documents
import Fixtures
import Testing
import TextModels

@testable import Deduplication

@Suite("Pieces of texts")
struct PieceTests {
  private static func pieces(_ text: String, _ grain: Grain) -> [String] {
    let bytes = Array(text.utf8)
    return bytes.withUnsafeBufferPointer { TextPieces($0).pieces(grain) }.map {
      String(decoding: bytes[$0], as: UTF8.self)
    }
  }

  @Test(
    "Sentences end with their closing quotes, in English and in Chinese, and nowhere else",
    arguments: [
      ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
      ("He said \"Go.\" She went.", ["He said \"Go.\"", "She went."]),
      (
        "Mr. Smith met J. R. Jones at 3.5 km, i.e. here. Then he left.",
        ["Mr. Smith met J. R. Jones at 3.5 km, i.e. here.", "Then he left."]
      ),
      ("A line\nbroken in two. Next one.", ["A line\nbroken in two.", "Next one."]),
      ("他说：“走吧。”她走了！真的？！是", ["他说：“走吧。”", "她走了！", "真的？！", "是"]),
      ("（完。）下一句。", ["（完。）", "下一句。"]),
      ("第一段\n\n第二段。第三句", ["第一段", "第二段。", "第三句"]),
      ("see example.com/a.html now. Done...", ["see example.com/a.html now.", "Done..."]),
      ("", []), (" \n \n", []),
    ])
  func sentences(_ text: String, _ expected: [String]) { #expect(Self.pieces(text, .sentence) == expected) }

  @Test("Lines and paragraphs without the blanks around them")
  func linesAndParagraphs() {
    #expect(Self.pieces(" a \n\n b\nc\r\n\nd", .line) == ["a", "b", "c", "d"])
    #expect(Self.pieces(" a \n\n b\nc\r\n\nd", .paragraph) == ["a", "b\nc", "d"])
  }

  /// What is left of a text when all pieces that stand in `common` go.
  private static func left(_ text: String, _ grain: Grain, _ common: [String]) -> String {
    let keys = common.map { Array($0.utf8).withUnsafeBufferPointer { MatchKey($0)! } }
    let document = document(text)
    let outcome = RepeatedPieces.cut(document, grain, least: 1) { key, _ in keys.contains(key) }
    return String(decoding: (outcome?.document ?? document).text, as: UTF8.self)
  }

  private static func document(_ text: String, source: String = "web") -> Document {
    Document(id: Identifier(high: 1, low: 2), text: Array(text.utf8), source: source, origin: "")
  }

  @Test("Lines go with their line feeds; of the blank lines around them one stays")
  func lines() {
    #expect(
      Self.left("Go back home\nA text.\nShare this page", .line, ["go back home", "share this page"]) == "A text.")
    #expect(Self.left("One.\n\nShare this page\n\nTwo.\n", .line, ["share this page"]) == "One.\n\nTwo.\n")
    #expect(Self.left("Share this page\n\nOne.\n", .line, ["share this page"]) == "One.\n")
    #expect(Self.left("正文一。\n关注公众号\n正文二。", .line, ["关注公众号"]) == "正文一。\n正文二。")
    #expect(Self.left("“Yes.”\nOne.\n", .line, ["Yes"]) == "“Yes.”\nOne.\n", "too short to be anybody's own")
    #expect(Self.left("Nothing common.\n\n\nHere.", .line, ["share this page"]) == "Nothing common.\n\n\nHere.")
  }

  @Test("A line that is the middle of a sentence stays, however common it is")
  func brokenSentences() {
    let text = "This is a sentence that was broken\nin the middle of it by a narrow page\nand goes on to its end.\n"
    #expect(Self.left(text, .line, ["in the middle of it by a narrow page"]) == text)
    let license = "Permission is hereby granted\nto all who want it.\n"
    #expect(
      Self.left("Text.\n" + license + "More.\n", .line, license.split(separator: "\n").map(String.init))
        == "Text.\nMore.\n")
    let column = String(repeating: "这里是一段被窄页面折断的中文正文", count: 2)
    #expect(Self.left("\(column)\n\(column)啊\n完。", .line, [column]) == "\(column)\n\(column)啊\n完。")
  }

  @Test("Headings are never common; one goes when all below it went")
  func headings() {
    let text = "# Title\n\nA text.\n\n## See also\n\nShare this page\n\n## Notes\n\nA note.\n"
    #expect(
      Self.left(text, .line, ["see also", "notes", "share this page"]) == "# Title\n\nA text.\n\n## Notes\n\nA note.\n")
    #expect(Self.left("# A\n\n## B\n\nx y z\n", .line, ["x y z"]) == "", "an orphan's orphan")
    #expect(
      Self.left("# A\n\n# B\n\nx y z\n\ntext\n", .line, ["x y z"]) == "# A\n\n# B\n\ntext\n", "one that was empty stays"
    )
  }

  @Test("Paragraphs and runs of three sentences go without what is around them")
  func coarser() {
    #expect(Self.left("One.\n\nall rights\nreserved\n\nTwo.", .paragraph, ["All rights reserved"]) == "One.\n\nTwo.")
    let three = "First here. Second here. Third here."
    #expect(Self.left("Begin it. \(three) End it.", .sentence, [three]) == "Begin it. End it.")
    #expect(Self.left("Begin it. \(three)\nNext line.", .sentence, [three]) == "Begin it.\nNext line.")
    #expect(
      Self.left("First here. Second here.", .sentence, ["First here. Second here."]) == "First here. Second here.")
    #expect(Self.left("开始。第一句。第二句。第三句。结束。", .sentence, ["第一句。第二句。第三句。"]) == "开始。结束。")
  }

  @Test("Carved segments are not touched, and they and masked values stay with their text")
  func places() {
    var document = Self.document(
      "Share this page\n<EMAIL_1>\n```\nShare this page\n```\nShare this page\n<EMAIL_2> text\n")
    document.segments = [Segment(.code, 26..<50)]
    document.redactions = [
      RedactedSpan(type: "EMAIL", offset: 16, length: 9), RedactedSpan(type: "EMAIL", offset: 66, length: 9),
    ]
    let key = Array("share this page".utf8).withUnsafeBufferPointer { MatchKey($0)! }
    let cut = RepeatedPieces.cut(document, .line, least: 1) { found, _ in found == key }?.document
    #expect(
      cut.map { String(decoding: $0.text, as: UTF8.self) } == "<EMAIL_1>\n```\nShare this page\n```\n<EMAIL_2> text\n")
    #expect(cut?.segments == [Segment(.code, 10..<34)])
    #expect(cut?.redactions.map(\.offset) == [0, 34])
    document.channel = .code
    #expect(RepeatedPieces.cut(document, .line, least: 1) { _, _ in true } == nil)
  }

  @Test("No cut leaves half a character, a doubled blank line or a changed rest, in texts of any make")
  func anyText() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var random = SeededRandom(seed)
    let parts = [
      "One. ", "Two words! ", "他说。", "“好。”", "\n", "\n\n", "# Head\n", "| a | b |\n", "é ", "- item\n", "and on ", "𠀀",
      "```\n", " ",
    ]
    for _ in 0..<3000 {
      let text = (0..<random.below(30)).map { _ in parts[random.below(parts.count)] }.joined()
      let document = Self.document(text)
      for grain in Grain.allCases {
        var wanted: [Range<Int>] = []
        let outcome = RepeatedPieces.cut(document, grain, least: 1) { _, place in
          let goes = random.below(3) == 0
          if goes { wanted.append(place) }
          return goes
        }
        guard let outcome else { continue }
        let left = outcome.document.text
        #expect(UTF8Text.firstInvalid(left) == nil, "seed \(seed): \(text.debugDescription)")
        #expect(Self.isSubsequence(left, document.text), "seed \(seed): \(text.debugDescription)")
        #expect(outcome.pieces == wanted.count && left.count < document.text.count)
      }
    }
  }

  private static func isSubsequence(_ part: [UInt8], _ whole: [UInt8]) -> Bool {
    var place = 0
    for byte in whole where place < part.count && part[place] == byte { place += 1 }
    return place == part.count
  }
}

@Suite("Boilerplate")
struct BoilerplateTests {
  private static func key(_ text: String) -> MatchKey { Array(text.utf8).withUnsafeBufferPointer { MatchKey($0)! } }

  @Test("Counts are exact whatever the order and however few the counters")
  func counter() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var random = SeededRandom(seed)
    let documents = (0..<400).map { _ in
      (
        source: "s\(random.below(3))",
        words: (0..<random.below(60)).map { _ in random.below(random.below(3) == 0 ? 40 : 20_000) }
      )
    }
    var expected: [PieceCounter.Key: Int] = [:]
    for document in documents {
      for word in Set(document.words) {
        expected[PieceCounter.Key(Self.key("w\(word)"), source: document.source), default: 0] += 1
      }
    }
    for _ in 0..<3 {
      var counter = PieceCounter(least: 5, megabytes: 0.001)
      let order = documents.indices.shuffled(using: &random).map { UInt32($0) }
      for ordinal in order {
        let document = documents[Int(ordinal)]
        for word in document.words {
          counter.sketch(PieceCounter.Key(Self.key("w\(word)"), source: document.source), of: ordinal)
        }
      }
      for ordinal in order {
        let document = documents[Int(ordinal)]
        for word in document.words {
          try counter.count(
            PieceCounter.Key(Self.key("w\(word)"), source: document.source), of: ordinal, at: 0..<1, isBetter: <)
        }
      }
      let found = Dictionary(uniqueKeysWithValues: counter.allCommon.map { ($0.key, $0.entry.documents) })
      #expect(found == expected.filter { $0.value >= 5 } && found.count > 50, "seed \(seed)")
      for (key, entry) in counter.allCommon {
        let holders = documents.indices.filter { index in
          documents[index].words.contains {
            PieceCounter.Key(Self.key("w\($0)"), source: documents[index].source) == key
          }
        }
        #expect(Int(entry.best) == holders.first, "the best holder, seed \(seed)")
      }
    }
  }

  @Test("More common pieces than there is memory for are refused, with the remedy")
  func tooMany() throws {
    var counter = PieceCounter(least: 2, megabytes: 0.001)
    let error = #expect(throws: PieceCounter.TooMany.self) {
      for document in 0..<2 as Range<UInt32> {
        for word in 0..<10_001 { counter.sketch(PieceCounter.Key(Self.key("w\(word)"), source: ""), of: document) }
      }
      for word in 0..<10_001 {
        try counter.count(PieceCounter.Key(Self.key("w\(word)"), source: ""), of: 0, at: 0..<1, isBetter: <)
      }
    }
    #expect(error.map { "\($0)".contains("dedupe.index_mb") } == true)
  }

  @Test(
    "A bad line of a list is named",
    arguments: [
      ("{\"source\": \"a\", \"text\": \"x y z\"}\nnothing", "line 2: it is no JSON"),
      ("{\"text\": \"x\"}", "line 1: it has no `source`"),
      ("\n{\"source\": \"a\"}", "line 2: it has no `text`"),
      ("{\"source\": \"a\", \"grain\": \"page\", \"text\": \"x\"}", "line 1: `grain` is"),
      ("{\"source\": \"a\", \"text\": \"---\"}", "line 1: its text has fewer than 3 words"),
    ])
  func badLists(_ file: String, _ reason: String) {
    let error = #expect(throws: BoilerplateList.BadLine.self) { try BoilerplateList(Array(file.utf8)) }
    #expect(error.map { "\($0)".contains("dedupe.boilerplate: \(reason)") } == true, "\(String(describing: error))")
  }

  @Test("Listed pieces go from their source, counted with their documents; a stump is dropped")
  func cutter() throws {
    let entries = [
      BoilerplateList.Entry(source: "web", grain: .line, documents: 40, text: Array("Share this page".utf8)),
      BoilerplateList.Entry(source: "*", grain: .paragraph, documents: 12, text: Array("关注公众号\n点赞".utf8)),
    ]
    let list = try BoilerplateList(entries.flatMap(\.line))
    #expect(list.count == 2)
    var settings = DedupeSettings()
    settings.leastLeft = 4
    let cutter = BoilerplateCutter(settings, list: list)
    func after(_ text: String, source: String) -> Document {
      var document = Document(id: Identifier(high: 0, low: 0), text: Array(text.utf8), source: source, origin: "")
      cutter.process(&document)
      return document
    }
    let cut = after("A text of five words.\nSHARE this page!\n\n关注公众号 点赞\n", source: "web")
    #expect(String(decoding: cut.text, as: UTF8.self) == "A text of five words.\n" && cut.isKept)
    let dropped = try #require(cut.droppedLines.first)
    #expect(dropped.count == 2 && dropped.first.rule == "boilerplate" && dropped.first.value == 12)
    #expect(after("A text of five words.\nShare this page", source: "book").droppedLines.isEmpty)
    let stump = after("Three words here\n\nShare this page", source: "web")
    guard case .filtered(let hit) = stump.verdict else {
      Issue.record("a stump is kept")
      return
    }
    #expect(hit.rule == "boilerplate.stump" && hit.value == 3 && hit.threshold == 4)
  }
}
