import Bytes
import Documents
import Settings
import Testing
import TextModels

@testable import Deduplication

@Suite("Deduplication")
struct DeduplicationTests {
  private static let english = (0..<120).map { "word\($0)" }
  private static let chinese = (0..<200).map { Character(Unicode.Scalar(UInt32(0x4E00 + $0 * 37))!) }
  private static let code = (0..<60).map { "let v\($0) = f\($0)(a, b\($0));" }

  /// Inserts all in order; true for those kept.
  private static func kept(_ corpus: Corpus, _ settings: DedupeSettings = DedupeSettings()) -> [Bool] {
    let deduplicator = corpus.deduplicator(settings)
    corpus.insertAll(deduplicator, settings)
    return corpus.documents.map { deduplicator.state($0.candidate.ordinal) == .kept }
  }

  @Test("Near-duplicates at known similarity, by script", arguments: [(1, true), (2, true), (8, false)])
  func edits(_ changes: Int, _ isDuplicate: Bool) {
    for (channel, units, separator) in [
      (Channel.english, Self.english, " "), (.chinese, Self.chinese.map { String($0) }, ""), (.code, Self.code, "\n"),
    ] {
      var edited = units
      for change in 0..<changes { edited[10 + change * units.count / 10] = channel == .chinese ? "龍" : "changed_here" }
      var corpus = Corpus()
      corpus.add(units.joined(separator: separator), channel: channel, score: 0.9)
      corpus.add(edited.joined(separator: separator), channel: channel)
      let similarity = Self.similarity(corpus, channel)
      #expect((similarity >= 0.8) == isDuplicate, "\(channel): \(similarity)")
      #expect(Self.kept(corpus) == [true, !isDuplicate], "\(channel): \(similarity)")
    }
  }

  @Test("Of equal texts the URL decides who stays, whatever their identifiers, and one with a URL before one without")
  func equalTexts() {
    let urls = ["http://b.example/1", "", "http://a.example/2", "http://c.example/3"]
    var stayed: Set<String> = []
    for turn in 0..<urls.count {
      // The identifier follows from the place, so that another one is the least each time.
      let order = urls.indices.map { urls[($0 + turn) % urls.count] }
      for isArchived in [false, true] {
        var corpus = Corpus()
        for url in order { corpus.add(Self.english.joined(separator: " "), url: url) }
        let deduplicator = isArchived ? corpus.archived(DedupeSettings()) : corpus.deduplicator()
        corpus.insertAll(deduplicator)
        stayed.formUnion(order.indices.filter { deduplicator.state(UInt32($0)) == .kept }.map { order[$0] })
      }
    }
    #expect(stayed.count == 1 && stayed != [""], "\(stayed)")
  }

  @Test("A crowd of pages of one template is compared with no more than the settings allow, and its duplicates go")
  func crowd() {
    // Half of each page is the template: far below the threshold, and so near that all share keys.
    let template = (0..<140).map { "same\($0)" }.joined(separator: " ")
    func page(_ number: Int) -> String {
      template + " " + (0..<40).map { "page\(number)word\($0)" }.joined(separator: " ")
    }
    var settings = DedupeSettings()
    settings.mostCandidates = 20
    var corpus = Corpus()
    for number in 0..<200 { corpus.add(page(number)) }
    for number in 0..<200 { corpus.add(page(number) + " end", score: 0.4) }
    let deduplicator = corpus.deduplicator(settings)
    corpus.insertAll(deduplicator, settings)
    #expect(deduplicator.crowded > 100, "\(deduplicator.crowded)")
    #expect(deduplicator.comparisons <= 400 * settings.mostCandidates, "\(deduplicator.comparisons)")
    for number in 0..<200 as Range<UInt32> {
      #expect(deduplicator.state(number) == .kept)
      #expect(deduplicator.state(number + 200) == .duplicate(of: number))
    }
    let unbounded = corpus.deduplicator()
    corpus.insertAll(unbounded)
    #expect(unbounded.crowded == 0 && unbounded.comparisons > deduplicator.comparisons)
    for ordinal in 0..<400 as Range<UInt32> { #expect(unbounded.state(ordinal) == deduplicator.state(ordinal)) }
  }

  private static func similarity(_ corpus: Corpus, _ channel: Channel) -> Double {
    let sets = corpus.documents.map { ShingleSet($0.text, rule: SketchMaker.rule(channel.index)) }
    return sets[0].jaccard(sets[1])
  }

  @Test(
    "Templates with other contents are no duplicates",
    arguments: [
      (
        Channel.chinese, "根据《中华人民共和国产品质量法》有关规定，现将", "抽查结果公告如下：经检验，",
        ["福建泉州的三家茶叶企业", "山东青岛的啤酒与海产品", "四川成都火锅底料生产商", "黑龙江五常大米合作社"]
      ),
      (
        Channel.english, "Dear customer, your order of", "has been shipped from our warehouse and will arrive by",
        ["two blue chairs", "a box of green tea from Fujian", "the collected works of Dickens", "one spare wheel"]
      ),
    ])
  func templates(_ channel: Channel, _ head: String, _ middle: String, _ contents: [String]) {
    var corpus = Corpus()
    for content in contents { corpus.add("\(head) \(content) \(middle) \(content)", channel: channel) }
    #expect(Self.kept(corpus) == [Bool](repeating: true, count: contents.count))
  }

  @Test("Short documents are duplicates only when equal in matching form")
  func short() {
    var corpus = Corpus()
    corpus.add("床前明月光，疑是地上霜。", channel: .chinese, score: 0.9)
    corpus.add("床前明月光 疑是地上霜", channel: .chinese)
    corpus.add("床前看月光，疑是地上霜。", channel: .chinese)
    corpus.add("... !!!", channel: .chinese)
    corpus.add("……？", channel: .chinese)
    #expect(Self.kept(corpus) == [true, false, true, true, true])
  }

  @Test("Channels never meet; the same text in one channel is found at once")
  func channels() {
    let text = Self.english.joined(separator: " ")
    var corpus = Corpus()
    corpus.add(text, channel: .english)
    corpus.add(text, channel: .instruct)
    corpus.add(text, channel: .english)
    #expect(Self.kept(corpus).filter { $0 }.count == 2)
    #expect(Self.kept(corpus)[1])
  }

  @Test(
    "The better copy stays, whichever comes first",
    arguments: [
      (Float(0.9), Float(0.1), 0, 0), (0.1, 0.9, 0, 0), (0.5, 0.5, 2, 1), (0.5, 0.5, 0, 1), (.nan, 0.0, 0, 0),
    ])
  func rank(_ first: Float, _ second: Float, _ firstDate: Int, _ secondDate: Int) {
    let text = Self.english.joined(separator: " ")
    var corpus = Corpus()
    corpus.add(text, score: first, date: firstDate)
    corpus.add(text, score: second, date: secondDate)
    let firstWins = first > second || (first == second && firstDate > secondDate)
    #expect(Self.kept(corpus) == [firstWins, !firstWins])
  }

  @Test("Thresholds differ by genre and channel; of two documents the higher holds")
  func thresholds() throws {
    var edited = Self.english
    edited[10] = "changed"
    edited[50] = "changed"
    edited[80] = "changed"
    var corpus = Corpus()
    corpus.add(Self.english.joined(separator: " "), genre: .news, score: 0.9)
    corpus.add(edited.joined(separator: " "), genre: .news)
    #expect(Self.similarity(corpus, .english) > 0.7 && Self.similarity(corpus, .english) < 0.8)
    var settings = DedupeSettings()
    // News is shipped with 0.70.
    #expect(Self.kept(corpus, settings) == [true, false])
    settings.thresholds = []
    #expect(Self.kept(corpus, settings) == [true, true])
    settings.thresholds = ["*/news=0.70"]
    #expect(Self.kept(corpus, settings) == [true, false])
    settings.thresholds = ["*/news=0.70", "en/*=0.85"]
    #expect(Self.kept(corpus, settings) == [true, true])
    corpus = Corpus()
    corpus.add(Self.english.joined(separator: " "), genre: .news, score: 0.9)
    corpus.add(edited.joined(separator: " "), genre: .law)
    settings.thresholds = ["*/news=0.70"]
    #expect(Self.kept(corpus, settings) == [true, true])
  }

  @Test(
    "Settings that cannot be are refused", arguments: ["news=0.7", "*/nwes=0.7", "*/news=0.2", "*/news", "/news=0.9"])
  func wrongSettings(_ text: String) throws {
    let tree = try SettingTree(Array("{ dedupe: { thresholds: [\"\(text)\"] } }".utf8), file: "test.json5")
    #expect(throws: SettingError.self) { try tree.decode(DedupeSettings.self) }
  }

  @Test("Switched off, everything is kept")
  func disabled() {
    var settings = DedupeSettings()
    settings.enabled = false
    var corpus = Corpus()
    for _ in 0..<3 { corpus.add("the same text every time") }
    #expect(Self.kept(corpus, settings) == [true, true, true])
  }

  @Test("A text that is gone is judged by its bands, and its dependants follow it")
  func goneText() {
    var corpus = Corpus()
    let text = Self.english.joined(separator: " ")
    for (index, score) in [Float(0.5), 0.1, 0.9].enumerated() { corpus.add(text + " end\(index)", score: score) }
    let deduplicator = Deduplicator(settings: DedupeSettings()) { _ in nil }
    corpus.insertAll(deduplicator)
    // The cache still holds the first; a restored index holds none.
    let restored = Deduplicator(settings: DedupeSettings()) { _ in nil }
    restored.restore(corpus.documents[0].candidate, sketch: corpus.sketch(0), state: .kept)
    restored.restore(corpus.documents[1].candidate, sketch: corpus.sketch(1), state: .duplicate(of: 0))
    let changes = restored.insert(
      corpus.documents[2].candidate, sketch: corpus.sketch(2), text: corpus.documents[2].text)
    #expect(
      changes == [
        StateChange(ordinal: 2, state: .kept), StateChange(ordinal: 0, state: .superseded(by: 2)),
        StateChange(ordinal: 1, state: .duplicate(of: 2)),
      ])
    #expect(deduplicator.state(0) == .superseded(by: 2))
  }

  @Test("Sketches survive their encoding", arguments: ["", "short", (0..<100).map { "w\($0)" }.joined(separator: " ")])
  func encoding(_ text: String) {
    let sketch = SketchMaker(DedupeSettings()).sketch(text: Array(text.utf8), channel: 1)
    var bytes: [UInt8] = [1, 2, 3]
    sketch.append(to: &bytes)
    #expect(bytes.count == 3 + DocumentSketch.encodedSize)
    #expect(bytes.withUnsafeBytes { DocumentSketch($0, at: 3) } == sketch)
    #expect(bytes.withUnsafeBytes { DocumentSketch($0, at: 4) } == nil)
    bytes[3 + 20] = 7
    #expect(bytes.withUnsafeBytes { DocumentSketch($0, at: 3) } == nil)
  }

  @Test(
    "Common bands asked for lose at most one pair in 200 at the threshold", arguments: [(0.7, 1), (0.8, 3), (0.9, 9)])
  func commonBands(_ similarity: Double, _ least: Int) {
    #expect(ThresholdTable.Threshold.commonBands(at: similarity) == least)
  }
}
