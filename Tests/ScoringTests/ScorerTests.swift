import Bytes
import Documents
import Scoring
import Testing
import TextModels

@Suite struct ScorerTests {
  private func scored(_ channel: Channel, _ scorer: Scorer, text: String = "good", _ set: (inout Signals) -> Void)
    -> Document
  {
    var document = Document(id: Identifier(high: 0, low: 0), text: Array(text.utf8), source: "test", origin: "test")
    document.channel = channel
    document.signals[.characters] = 2000
    document.signals[.endPunctuationLineShare] = 0.8
    document.signals[.stopCharacterShare] = 0.2
    document.signals[.stopWordShare] = 0.3
    set(&document.signals)
    scorer.process(&document)
    return document
  }

  @Test func theDefaultSaysThatItIsUntrained() throws {
    #expect(try Scorer().describe == "built-in, untrained")
  }

  @Test(arguments: [Channel.chinese, .english])
  func cleanProseScoresHighAndEachFaultLowers(_ channel: Channel) throws {
    let scorer = try Scorer(ScoreSettings())
    let clean = scored(channel, scorer) { _ in }.score
    #expect(clean > 0.95 && clean <= 1)
    for fault: Signal in [
      .duplicateLineCharacterShare, .duplicateTengramShare, .symbolShare, .digitShare, .urlShare, .keywordShare,
    ] {
      let worse = scored(channel, scorer) { $0[fault] = 0.9 }.score
      #expect(worse < clean * 0.7 && worse > 0, "\(fault.name)")
    }
    #expect(scored(channel, scorer) { $0[.characters] = 20 }.score < 0.6)
  }

  @Test(arguments: [Channel.code, .math])
  func codeAndMathAreNeutral(_ channel: Channel) throws {
    let document = scored(channel, try Scorer()) { $0[.symbolShare] = 0.9 }
    #expect(document.score == 0.5)
    #expect(document.signals[.qualityScore] == 0.5)
  }

  /// Praise is good, insults are bad; the percentiles are those of `-1...1`.
  private static func model(facts: Int = 0, task: String = "quality") throws -> NgramModel {
    let praise = "a careful and well told story about the sea"
    let insult = "buy now cheap cheap pills click here"
    let examples = (0..<30).flatMap { index in
      [(praise, 1), (insult, 0)].map { text, label in
        let bytes = Array("\(text) \(index)".utf8)
        return bytes.withUnsafeBufferPointer {
          NgramExample($0, spans: [0..<bytes.count], facts: [], label: label, key: UInt64(index), bits: 10)
        }
      }
    }
    var training = NgramTraining()
    training.bits = 10
    var model = try training.train(
      task: task, classes: ["bad", "good"], examples: examples, factCount: facts, ordered: [0, 1])
    model.percentiles = [
      .init(channel: "", margins: (0...100).map { Float($0) / 50 - 1 }),
      .init(channel: "zh", margins: (0...100).map { Float($0) + 1000 }),
    ]
    return model
  }

  @Test func aModelFileDecidesAndItsMarginIsKept() throws {
    let scorer = try Scorer(model: Self.model().encoded())
    #expect(scorer.describe.contains("60 documents"))
    let text = "a careful and well told story about the sea, and about those who live by it and from it"
    let good = scored(.english, scorer, text: text) { $0[.symbolShare] = 0.9 }
    let bad = scored(
      .english, scorer, text: "click here to buy now, cheap pills click here to buy now cheap cheap pills"
    ) { _ in }
    #expect(good.score > 0.5 && bad.score < 0.5)
    #expect(good.signals[.qualityMargin] > 0 && bad.signals[.qualityMargin] < 0)
    #expect(good.signals[.qualityScore] == good.score)
    // The same margin stands elsewhere among Chinese documents.
    #expect(scored(.chinese, scorer, text: text) { _ in }.score == 0)
    #expect(scored(.code, scorer, text: text) { _ in }.score == 0.5)
  }

  @Test func whatIsCarvedOutIsNeverScored() throws {
    let scorer = try Scorer(model: Self.model().encoded())
    let prose = "a careful and well told story about the sea, and about those who live by it and from it\n"
    let code = "```\nbuy now cheap cheap pills click here buy now cheap cheap pills click here\n```\n"
    func score(_ text: String, _ segments: [Segment]) -> Float {
      var document = Document(id: Identifier(high: 0, low: 0), text: Array(text.utf8), source: "", origin: "")
      document.segments = segments
      scorer.process(&document)
      return document.signals[.qualityMargin]
    }
    let carved = score(prose + code, [Segment(.code, prose.utf8.count..<(prose + code).utf8.count)])
    #expect(carved == score(prose, []))
    #expect(carved > score(prose + code, []))
    // Nothing but code: neutral.
    var document = Document(id: Identifier(high: 0, low: 0), text: Array(code.utf8), source: "", origin: "")
    document.segments = [Segment(.code, 0..<code.utf8.count)]
    scorer.process(&document)
    #expect(document.score == 0.5)
  }

  @Test func aWrongOrDamagedModelIsRefused() throws {
    #expect(throws: NgramModelError.self) { try Scorer(model: [1, 2, 3]) }
    #expect(throws: NgramModelError.self) { try Scorer(model: Self.model(task: "genre").encoded()) }
    #expect(throws: NgramModelError.self) { try Scorer(model: Self.model(facts: 3).encoded()) }
  }
}
