import Bytes
import Glibc
import Suites
import Testing
import Training

@testable import Evaluation

@Suite struct ProbeTests {
  static var model: BigramModel {
    BigramModel([("", "a", 0.5), ("a", "b", 0.5), ("a", "c", 0.25), ("b", "c", 0.125), ("b", "d", 0.5)])
  }

  @Test func targetsGetProbabilityAndRank() throws {
    let item = ProbeItem(id: "1", group: "g", probe: .target(prompt: bytes("a"), target: bytes("cx")))
    let first = ProbeItem(id: "2", probe: .target(prompt: bytes("a"), target: bytes("bc")))
    let scores = try ProbeEvaluation(Self.model.context()).evaluate([item, first], task: "t").scores
    // c after a: 1/4, behind b; x after c: 1/257. b after a: 1/2, c after b: 1/8.
    let one = 0.25 / 257
    #expect(near(scores["groups"]?["g"]?["target"]?["probability"], one))
    #expect(near(scores["groups"]?["g"]?["target"]?["rank"], 1))
    #expect(near(scores["target"]?["probability"], (one + 1.0 / 16) / 2))
    #expect(near(scores["target"]?["log_probability"], (log(one) + log(1.0 / 16)) / 2))
    #expect(near(scores["target"]?["first"], 0.5))
  }

  @Test func aTokenAcrossTheBorderBelongsToTheTarget() {
    // "ab" is one token, 300; alone, a is 1 and b is 2.
    let codec = TextCodec(
      encode: { text in
        var ids: [Int32] = []
        for byte in text {
          if byte == UInt8(ascii: "b"), ids.last == 1 {
            ids[ids.count - 1] = 300
          } else {
            ids.append(Int32(byte) - 0x60)
          }
        }
        return ids
      }, decode: { _ in [] }, endOfDocument: 0)
    let context = EvaluationContext(model: Self.model, codec: codec, contextLength: 8)
    let row = TargetRow(prompt: bytes("ca"), target: bytes("bc"), context)
    #expect(row.row == [0, 3, 300, 3] && row.firstTarget == 2 && !row.truncated)
  }

  @Test func longPromptsLoseTheirBeginning() {
    let context = Self.model.context(4)
    let row = TargetRow(prompt: bytes("abcdef"), target: bytes("gh"), context)
    #expect(row.row == BigramModel.codec.encode(bytes("defgh")))
    #expect(row.firstTarget == 3 && row.truncated)
    let score = row.score((0..<4).map { TokenScore(logProbability: -Float($0), rank: Int32($0)) })
    #expect(score.logProbability == -5 && score.firstRank == 2 && score.tokens == 2)
  }

  @Test func comparisonsAreJudgedAsWholesAndByByte() throws {
    // "ab" has 2 bits; "a" has 1 bit: likelier as a whole, the same by byte.
    let items = [
      ProbeItem(id: "1", probe: .comparison(better: bytes("a"), worse: bytes("ab"))),
      ProbeItem(id: "2", probe: .comparison(better: bytes("ab"), worse: bytes("ac"))),
      ProbeItem(id: "3", probe: .comparison(better: bytes("ac"), worse: bytes("ab"))),
    ]
    let result = try ProbeEvaluation(Self.model.context()).evaluate(items, task: "t")
    #expect(near(result.scores["comparison"]?["accuracy"], 2.0 / 3))
    #expect(near(result.scores["comparison"]?["accuracy_per_byte"], 1.0 / 3))
    #expect(result.harness[0].metrics.first?.name == "acc,none")
  }

  @Test func sentencesGetTheirPerplexity() throws {
    let items = [ProbeItem(id: "1", probe: .text(bytes("abd")))]
    let scores = try ProbeEvaluation(Self.model.context()).evaluate(items, task: "t").scores
    #expect(near(scores["text"]?["perplexity"], 2))
  }
}
