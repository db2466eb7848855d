import Bytes
import Glibc
import Suites
import Testing

@testable import Evaluation

@Suite struct PerplexityTests {
  @Test(arguments: [
    (1, 4, [ScoringWindow]()), (2, 4, [ScoringWindow(range: 0..<2, firstCounted: 0)]),
    (5, 4, [ScoringWindow(range: 0..<5, firstCounted: 0)]),
    (6, 4, [ScoringWindow(range: 0..<5, firstCounted: 0), ScoringWindow(range: 2..<6, firstCounted: 2)]),
    (
      9, 4,
      [
        ScoringWindow(range: 0..<5, firstCounted: 0), ScoringWindow(range: 2..<7, firstCounted: 2),
        ScoringWindow(range: 4..<9, firstCounted: 2),
      ]
    ),
  ])
  func windowsOverlapByHalf(count: Int, context: Int, windows: [ScoringWindow]) {
    #expect(ScoringWindow.cut(count: count, contextLength: context) == windows)
  }

  @Test func everyTokenIsCountedOnceWithHalfAWindowBeforeIt() {
    for context in [2, 3, 7, 64] {
      for count in 1...200 {
        var counted: [Int] = []
        for window in ScoringWindow.cut(count: count, contextLength: context) {
          #expect(window.range.count <= context + 1)
          let tokens = window.range.dropFirst().dropFirst(window.firstCounted)
          if window.range.lowerBound > 0 { #expect(window.firstCounted >= context / 2) }
          counted += tokens
        }
        #expect(counted == Array(1..<max(count, 1)))
      }
    }
  }

  @Test func lossesAreWeightedByTokens() throws {
    // "ab": 1/2 and 1/4, 3 bits; "é" is two bytes of 1/8 and 1, 3 bits; "aaa": 1/2, 1/2, 1/2, 3 bits.
    let model = BigramModel([("", "a", 0.5), ("", "é", 0.125), ("a", "a", 0.5), ("a", "b", 0.25)])
    let items = [
      PerplexityItem(id: "1", text: bytes("ab"), channel: "x"),
      PerplexityItem(id: "2", text: bytes("aaa"), channel: "y"),
    ]
    let result = try PerplexityEvaluation(model.context()).evaluate(items, task: "t")
    let scores = result.scores
    #expect(scores["tokens"]?.integer == 5 && scores["bytes"]?.integer == 5 && scores["texts"]?.integer == 2)
    #expect(near(scores["loss"], 6 * M_LN2 / 5))
    #expect(near(scores["perplexity"], exp2(6.0 / 5)))
    #expect(near(scores["bits_per_byte"], 6.0 / 5))
    #expect(near(scores["channels"]?["x"]?["bits_per_byte"], 1.5))
    #expect(near(scores["channels"]?["y"]?["loss"], M_LN2))
    #expect(scores["channels"]?.members?.map(\.name) == ["x", "y"])
    #expect(result.details.split(separator: 0x0A).count == 2)
  }

  @Test func charactersAreNotBytes() throws {
    var loss = TextLoss()
    loss.add(bytes("é中"), [])
    #expect(loss.bytes == 5 && loss.characters == 2)
  }

  @Test func longDocumentsGoThroughTheModelInWindows() throws {
    let model = BigramModel([("", "a", 0.5), ("a", "a", 0.5)])
    let item = PerplexityItem(id: "1", text: bytes(String(repeating: "a", count: 100)))
    let scores = try PerplexityEvaluation(model.context(16)).evaluate([item], task: "t").scores
    #expect(scores["tokens"]?.integer == 100)
    #expect(near(scores["loss"], M_LN2))
    #expect(model.rowLengths.allSatisfy { $0 <= 17 })
  }

  @Test func onlyTheFirstItemsAreUsedWhenAskedFor() throws {
    let items = (0..<5).map { PerplexityItem(id: "\($0)", text: bytes("a")) }
    let result = try PerplexityEvaluation(BigramModel([]).context(maxItems: 2)).evaluate(items, task: "t")
    #expect(result.scores["texts"]?.integer == 2)
    #expect(result.harness[0].items == 5 && result.harness[0].used == 2)
  }

  @Test func anEvaluationEndsWhenItIsAskedTo() {
    let context = EvaluationContext(
      model: BigramModel([]), codec: BigramModel.codec, contextLength: 8, isCancelled: { true })
    #expect(throws: EvaluationCancelled.self) {
      try PerplexityEvaluation(context).evaluate([PerplexityItem(id: "1", text: bytes("a"))], task: "t")
    }
  }
}

func near(_ value: JSONValue?, _ wanted: Double) -> Bool {
  guard let number = value?.number else { return false }
  return abs(number - wanted) <= 1e-6 * max(1, abs(wanted))
}
