import Bytes
import Suites
import Testing

@testable import Evaluation

@Suite struct BenchmarkTests {
  /// Answers " B" and a new line, whatever is asked.
  static var saysB: BigramModel { BigramModel([(":", " ", 0.9), (" ", "B", 0.9), ("B", "\n", 0.9)]) }

  static func items(_ count: Int) -> [BenchmarkItem] {
    (0..<count).map { index in
      BenchmarkItem(
        id: "\(index)", question: bytes("q\(index)"), choices: ["w", "x", "y", "z"].map { bytes("\($0)\(index)") },
        answer: .choice(index % 4))
    }
  }

  static func settings(_ change: (inout BenchmarkSettings) -> Void) -> BenchmarkSettings {
    var settings = BenchmarkSettings()
    change(&settings)
    return settings
  }

  @Test func accuracyOfAModelThatAlwaysSaysB() throws {
    let settings = Self.settings { $0.transformNames = ["none", "shuffle"] }
    let evaluation = BenchmarkEvaluation(Self.saysB.context(1000), Self.items(8), settings)
    let result = try evaluation.evaluate(task: "t")
    #expect(result.scores["none"]?["strict"]?["accuracy"]?.number == 0.25)
    #expect(result.scores["none"]?["lenient"]?["right"]?.integer == 2)
    #expect(result.scores["none"]?["shots_shown"]?.number == 5)
    #expect(result.scores["shuffle"]?["strict"]?["items"]?.integer == 8)
    #expect(result.harness.map(\.name) == ["t", "t_shuffle"])
    #expect(result.harness[0].metrics.first { $0.name == "acc,none" }?.value == 0.25)
    #expect(result.details.split(separator: 0x0A).count == 16)
    // Said again, the same.
    #expect(try evaluation.evaluate(task: "t").details == result.details)
  }

  @Test func promptsShowTheFirstOthersAndNeverTheAsked() throws {
    let items = Self.items(4)
    #expect(FewShotPrompt.examples(for: 0, in: items, shots: 2) == [1, 2])
    #expect(FewShotPrompt.examples(for: 3, in: items, shots: 2) == [0, 1])
    #expect(FewShotPrompt.examples(for: 1, in: items, shots: 9) == [0, 2, 3])
    let model = BigramModel([])
    let context = model.context(200)
    _ = try BenchmarkEvaluation(context, Array(items.prefix(2)), Self.settings { $0.shots = 1 }).evaluate(task: "t")
    let asked = """
      Question: q1
      A. w1
      B. x1
      C. y1
      D. z1
      Answer: B

      Question: q0
      A. w0
      B. x0
      C. y0
      D. z0
      Answer:
      """
    #expect(model.prompts[0] == [0] + BigramModel.codec.encode(bytes(asked)))
  }

  @Test func aQuestionAskedTwiceIsNoExampleOfItself() {
    var items = Self.items(3)
    items.append(BenchmarkItem(id: "again", question: bytes("q0"), answer: .text(bytes("w0"))))
    #expect(FewShotPrompt.examples(for: 3, in: items, shots: 5) == [1, 2])
  }

  @Test func examplesGoWhereTheContextIsShort() {
    let codec = BigramModel.codec
    let examples = ["11111111", "22222222"].map(bytes)
    let one = FewShotPrompt(question: bytes("q"), examples: examples, room: 15, codec)
    #expect(one.shots == 1 && one.text == bytes("11111111\n\nq") && !one.truncated)
    let none = FewShotPrompt(question: bytes("question"), examples: examples, room: 5, codec)
    #expect(none.shots == 0 && none.truncated && none.tokens == codec.encode(bytes("stion")))
  }

  @Test func shuffleKeepsTheRightAnswerRightAndSpreadsTheLetters() {
    let transform = QuestionTransform(name: .shuffle, seed: 1)
    var places = [0, 0, 0, 0]
    for index in 0..<4000 {
      let item = BenchmarkItem(
        id: "", question: bytes("q"), choices: ["w", "x", "y", "z"].map(bytes), answer: .choice(index % 4))
      let shuffled = transform.apply(PresentedQuestion(item), index: index)
      guard let right = shuffled.right else { return #expect(Bool(false), "an answer") }
      #expect(shuffled.options[right].text == item.choices[index % 4])
      #expect(shuffled.options.map(\.label) == ["A", "B", "C", "D"].map(bytes))
      #expect(Set(shuffled.options.map(\.text)) == Set(item.choices))
      places[right] += 1
    }
    // 1000 each; the standard deviation is 27.
    #expect(places.allSatisfy { abs($0 - 1000) < 140 }, "\(places)")
  }

  @Test(arguments: [
    (" B", "B", true, true), ("B", "B", true, true), (" B.", "B", false, true), (" B and more", "B", true, true),
    ("The answer is (B)", "B", false, true), ("A or B", "B", false, false), ("Because", "B", false, false),
    ("", "B", false, false), ("选B", "B", false, true), ("b", "B", false, false), ("BB", "B", false, false),
    ("E B", "B", false, true),
  ])
  func letters(output: String, answer: String, strict: Bool, lenient: Bool) {
    let labels = ["A", "B", "C", "D"].map(bytes)
    #expect(AnswerExtraction.strict(bytes(output), label: bytes(answer)) == strict)
    #expect(AnswerExtraction.lenient(bytes(output), label: bytes(answer), among: labels) == lenient)
  }

  @Test(arguments: [
    (" 42", "42", true, true), ("142", "42", false, false), ("It is 42.", "42", false, true),
    ("Paris", "paris", false, true),
    ("the  River Seine", "River Seine", false, true), (" 北京", "北京", true, true), ("是北京。", "北京", false, true),
    ("", "x", false, false), ("U.S.", "U.S.", true, true),
  ])
  func texts(output: String, answer: String, strict: Bool, lenient: Bool) {
    #expect(AnswerExtraction.strict(bytes(output), text: bytes(answer)) == strict)
    #expect(AnswerExtraction.lenient(bytes(output), text: bytes(answer)) == lenient)
  }

  @Test func answersEndAtANewLineOrDocumentOrLimit() {
    let line = BigramModel([("q", "x", 0.9), ("x", "\n", 0.9)])
    #expect(GreedyAnswer(prompt: BigramModel.codec.encode(bytes("q")), maxTokens: 9, line.context()).text == bytes("x"))
    let document = BigramModel([("q", "x", 0.9), ("x", "", 0.9)])
    #expect(
      GreedyAnswer(prompt: BigramModel.codec.encode(bytes("q")), maxTokens: 9, document.context()).text == bytes("x"))
    let endless = BigramModel([("q", "x", 0.9), ("x", "x", 0.9)])
    #expect(
      GreedyAnswer(prompt: BigramModel.codec.encode(bytes("q")), maxTokens: 3, endless.context()).text == bytes("xxx"))
  }

  /// 81 of 263 is the example of R. G. Newcombe (1998): 0.2553 to 0.3662.
  @Test(arguments: [
    (0, 10, 0.0, 0.2775328), (5, 10, 0.2365931, 0.7634069), (10, 10, 0.7224672, 1.0), (1, 1, 0.2065493, 1.0),
    (81, 263, 0.2552949, 0.3662004),
  ])
  func wilson(right: Int, asked: Int, low: Double, high: Double) {
    let interval = Accuracy(right: right, asked: asked).interval
    #expect(abs(interval.low - low) < 1e-5 && abs(interval.high - high) < 1e-5, "\(interval)")
  }
}
