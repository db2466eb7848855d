import Bytes
import Suites
import Training

/// Probes: the probability of a target after a prompt, the perplexity of a sentence, the likelier of two.
struct ProbeEvaluation {
  private let context: EvaluationContext
  /// Probes scored at a time; bounds memory, never changes a number.
  private let slice = 64

  init(_ context: EvaluationContext) { self.context = context }

  func evaluate(_ all: [ProbeItem], task: String) throws(EvaluationCancelled) -> SuiteScores {
    let items = Array(context.used(all))
    var total = ProbeTally()
    var groups = Named<ProbeTally>()
    var details: [UInt8] = []
    for start in stride(from: 0, to: items.count, by: slice) {
      let part = Array(items[start..<min(start + slice, items.count)])
      for (item, outcome) in zip(part, try outcomes(part)) {
        outcome.add(to: &total)
        if !item.group.isEmpty { groups.change(item.group, from: ProbeTally()) { outcome.add(to: &$0) } }
        details.appendLine(outcome.detail(item))
      }
    }
    var scores = total.scores.members ?? []
    if !groups.isEmpty { scores.append(JSONMember("groups", groups.object { $0.scores })) }
    let row = HarnessTask(name: task, metrics: total.harnessMetrics, shots: 0, items: all.count, used: items.count)
    return SuiteScores(scores: .object(scores), details: details, harness: [row])
  }

  /// Targets share one call of the model, whole texts another.
  private func outcomes(_ items: [ProbeItem]) throws(EvaluationCancelled) -> [ProbeOutcome] {
    var targets: [TargetRow] = []
    var texts: [[UInt8]] = []
    for item in items {
      switch item.probe {
      case .target(let prompt, let target): targets.append(TargetRow(prompt: prompt, target: target, context))
      case .text(let text): texts.append(text)
      case .comparison(let better, let worse): texts += [better, worse]
      }
    }
    let targetScores = try context.score(targets.map(\.row))
    let textScores = try context.scoreTexts(texts)
    var nextTarget = 0
    var nextText = 0
    return items.map { item in
      switch item.probe {
      case .target:
        nextTarget += 1
        return .target(targets[nextTarget - 1].score(targetScores[nextTarget - 1]))
      case .text(let text):
        nextText += 1
        return .text(text, textScores[nextText - 1])
      case .comparison(let better, let worse):
        nextText += 2
        return .comparison(
          ComparisonScore(
            better: textScores[nextText - 2].logProbability, worse: textScores[nextText - 1].logProbability,
            betterBytes: better.count, worseBytes: worse.count))
      }
    }
  }
}

/// Prompt and target as one row of tokens.
struct TargetRow {
  let row: [Int32]
  /// The first token of the target in the row.
  let firstTarget: Int
  let truncated: Bool

  /// The target's tokens are those that differ when the prompt is encoded without it: a token that holds the end of the
  /// prompt and the beginning of the target belongs to the target.
  init(prompt: [UInt8], target: [UInt8], _ context: EvaluationContext) {
    let alone = context.codec.encode(prompt)
    let whole = context.codec.encode(prompt + target)
    var common = 0
    while common < min(alone.count, whole.count - 1), alone[common] == whole[common] { common += 1 }
    let tokens = [context.codec.endOfDocument] + whole
    // What does not fit is left out at the beginning.
    let cut = max(0, tokens.count - (context.contextLength + 1))
    row = Array(tokens[cut...])
    firstTarget = max(1, common + 1 - cut)
    truncated = cut > 0
  }

  /// - Parameter scores: of the tokens 1... of the row.
  func score(_ scores: [TokenScore]) -> TargetScore {
    let target = scores[(firstTarget - 1)...]
    return TargetScore(
      logProbability: target.logProbability, firstRank: Int(target.first?.rank ?? 0), tokens: target.count,
      truncated: truncated)
  }
}

/// What one probe gave.
enum ProbeOutcome {
  case target(TargetScore)
  case text([UInt8], [TokenScore])
  case comparison(ComparisonScore)

  func add(to tally: inout ProbeTally) {
    switch self {
    case .target(let score): tally.add(score)
    case .text(let text, let scores): tally.add(text: text, scores)
    case .comparison(let score): tally.add(score)
    }
  }

  func detail(_ item: ProbeItem) -> JSONValue {
    var members = [JSONMember("id", .string(item.id))]
    if !item.group.isEmpty { members.append(JSONMember("group", .string(item.group))) }
    switch (self, item.probe) {
    case (.target(let score), .target(let prompt, let target)):
      members += [
        JSONMember("prompt", .text(prompt)), JSONMember("target", .text(target)),
        JSONMember("probability", .number(score.probability)),
        JSONMember("log_probability", .number(score.logProbability)), JSONMember("rank", .integer(score.firstRank)),
        JSONMember("tokens", .integer(score.tokens)), JSONMember("bytes", .integer(target.count)),
      ]
      if score.truncated { members.append(JSONMember("truncated", .bool(true))) }
    case (.comparison(let score), .comparison(let better, let worse)):
      members += [
        JSONMember("better", .text(better)), JSONMember("worse", .text(worse)),
        JSONMember("better_log_probability", .number(score.better)),
        JSONMember("worse_log_probability", .number(score.worse)), JSONMember("right", .bool(score.isRight)),
        JSONMember("right_per_byte", .bool(score.isRightPerByte)),
      ]
    case (.text(let text, let scores), _):
      var loss = TextLoss()
      loss.add(text, scores)
      members += [
        JSONMember("text", .text(text)), JSONMember("tokens", .integer(loss.tokens)),
        JSONMember("perplexity", .number(loss.perplexity)), JSONMember("bits_per_byte", .number(loss.bitsPerByte)),
      ]
    default: preconditionFailure("an outcome goes with the probe it came from")
    }
    return .object(members)
  }
}
