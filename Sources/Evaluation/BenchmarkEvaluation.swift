import Bytes
import Suites
import Training

/// A benchmark asked by generation: the model writes its answer, and the answer is right or wrong.
struct BenchmarkEvaluation {
  private let context: EvaluationContext
  private let items: [BenchmarkItem]
  private let settings: BenchmarkSettings

  init(_ context: EvaluationContext, _ items: [BenchmarkItem], _ settings: BenchmarkSettings) {
    self.context = context
    self.items = items
    self.settings = settings
  }

  func evaluate(task: String) throws(EvaluationCancelled) -> SuiteScores {
    var scores: [JSONMember] = []
    var rows: [HarnessTask] = []
    var details: [UInt8] = []
    for name in settings.transforms {
      let transform = QuestionTransform(name: name, seed: settings.seed)
      let tally = try ask(transform, &details)
      scores.append(JSONMember(name.rawValue, tally.scores))
      rows.append(
        HarnessTask(
          name: name == .none ? task : "\(task)_\(name.rawValue)", metrics: tally.harnessMetrics, shots: settings.shots,
          items: items.count, used: tally.strict.asked))
    }
    return SuiteScores(scores: .object(scores), details: details, harness: rows)
  }

  private func ask(_ transform: QuestionTransform, _ details: inout [UInt8]) throws(EvaluationCancelled)
    -> BenchmarkTally
  {
    let presented = items.enumerated().map { transform.apply(PresentedQuestion($1), index: $0) }
    var tally = BenchmarkTally()
    for index in context.used(items).indices {
      if transform.name.needsChoices && presented[index].right == nil { continue }
      try context.checkCancelled()
      let asked = answer(index, presented)
      tally.add(asked)
      details.appendLine(asked.detail(items[index], transform.name))
    }
    return tally
  }

  private func answer(_ index: Int, _ presented: [PresentedQuestion]) -> AskedQuestion {
    let examples = FewShotPrompt.examples(for: index, in: items, shots: settings.shots).map { example in
      let form = settings.answerForm(of: items[example])
      return presented[example].prompt(settings) + [0x20] + presented[example].answer(form)
    }
    // At least half of the context stays for the question, however long answers may be.
    let maxTokens = min(settings.maxTokens, context.contextLength / 2)
    let prompt = FewShotPrompt(
      question: presented[index].prompt(settings), examples: examples, room: context.contextLength - maxTokens,
      context.codec)
    let answer = GreedyAnswer(prompt: prompt.tokens, maxTokens: maxTokens, context)
    return AskedQuestion(presented[index], settings.answerForm(of: items[index]), prompt, answer)
  }
}

/// One question, its output and the verdicts.
struct AskedQuestion {
  let prompt: FewShotPrompt
  let output: [UInt8]
  let answer: [UInt8]
  let strict: Bool
  let lenient: Bool

  init(
    _ question: PresentedQuestion, _ form: BenchmarkSettings.AnswerForm, _ prompt: FewShotPrompt, _ said: GreedyAnswer
  ) {
    self.prompt = prompt
    output = said.text
    answer = question.answer(form)
    if form == .letter {
      strict = AnswerExtraction.strict(output, label: answer)
      lenient = AnswerExtraction.lenient(output, label: answer, among: question.options.map(\.label))
    } else {
      strict = AnswerExtraction.strict(output, text: answer)
      lenient = AnswerExtraction.lenient(output, text: answer)
    }
  }

  func detail(_ item: BenchmarkItem, _ transform: TransformName) -> JSONValue {
    var members = [
      JSONMember("id", .string(item.id)), JSONMember("transform", .string(transform.rawValue)),
      JSONMember("prompt", .text(prompt.text)), JSONMember("output", .repaired(output)),
      JSONMember("answer", .text(answer)), JSONMember("strict", .bool(strict)), JSONMember("lenient", .bool(lenient)),
      JSONMember("shots", .integer(prompt.shots)),
    ]
    if prompt.truncated { members.append(JSONMember("truncated", .bool(true))) }
    return .object(members)
  }
}

/// Answers added up.
struct BenchmarkTally {
  private(set) var strict = Accuracy()
  private(set) var lenient = Accuracy()
  private var shots = 0
  private var truncated = 0

  mutating func add(_ asked: AskedQuestion) {
    strict.add(asked.strict)
    lenient.add(asked.lenient)
    shots += asked.prompt.shots
    if asked.prompt.truncated { truncated += 1 }
  }

  var scores: JSONValue {
    .object([
      "strict": strict.scores, "lenient": lenient.scores,
      "shots_shown": .number(Double(shots) / Double(max(strict.asked, 1))), "truncated": .integer(truncated),
    ])
  }

  /// `acc,none` is the strict verdict; the names with filters are lm-eval's for tasks by generation.
  var harnessMetrics: [(name: String, value: Double)] {
    HarnessTask.metrics("acc", "none", strict) + HarnessTask.metrics("exact_match", "strict-match", strict)
      + HarnessTask.metrics("exact_match", "flexible-extract", lenient)
  }
}
