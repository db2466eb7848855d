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

  @Test func aModelFileDecides() throws {
    let weights = [Float](repeating: 3, count: 256)
    let model = try LinearModel(bits: 8, orders: 2, bias: 0, weights: weights)
    let scorer = try Scorer(model: model.encoded())
    #expect(scorer.describe.contains("linear model"))
    let document = scored(.english, scorer, text: "any words at all") { $0[.symbolShare] = 0.9 }
    #expect(document.score > 0.95)
    #expect(scored(.code, scorer) { _ in }.score == 0.5)
  }

  @Test func aDamagedModelIsRefused() {
    #expect(throws: LinearModelError.self) { try Scorer(model: [1, 2, 3]) }
  }
}
