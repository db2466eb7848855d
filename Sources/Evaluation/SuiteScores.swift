import Bytes
import Suites

/// One row of lm-eval's `results` table.
public struct HarnessTask: Sendable {
  public let name: String
  /// `metric,filter` and value, in order.
  public let metrics: [(name: String, value: Double)]
  public let shots: Int
  /// Items the task has, and items that were asked.
  public let items: Int
  public let used: Int
}

/// What evaluating one suite gave. Equal for equal weights, tokenizer, suite and settings.
public struct SuiteScores: Sendable {
  /// The numbers, by name; objects inside are groups, channels and transforms.
  public let scores: JSONValue
  /// One JSON object a line: what was asked, what came, how it was judged.
  public let details: [UInt8]
  public let harness: [HarnessTask]

  /// Evaluates `suite`; `isCancelled` of the context ends it with an error and without a result.
  public static func evaluate(_ suite: Suite, _ context: EvaluationContext) throws(EvaluationCancelled) -> SuiteScores {
    switch suite.content {
    case .ppl(let items): try PerplexityEvaluation(context).evaluate(items, task: suite.name)
    case .probe(let items): try ProbeEvaluation(context).evaluate(items, task: suite.name)
    case .benchmark(let items, let settings):
      try BenchmarkEvaluation(context, items, settings).evaluate(task: suite.name)
    }
  }

  /// lm-eval's tables (`results`, `n-shot`, `higher_is_better`, `n-samples`, `configs`, `versions`), ready to be
  /// members.
  public var harnessMembers: [JSONMember] {
    var results: [JSONMember] = []
    var shots: [JSONMember] = []
    var better: [JSONMember] = []
    var samples: [JSONMember] = []
    for task in harness {
      var row = [JSONMember("name", .string(task.name)), JSONMember("alias", .string(task.name))]
      row.append(JSONMember("sample_len", .integer(task.used)))
      row += task.metrics.map { JSONMember($0.name, .number($0.value)) }
      results.append(JSONMember(task.name, .object(row)))
      shots.append(JSONMember(task.name, .integer(task.shots)))
      better.append(JSONMember(task.name, .object(HarnessTask.directions(task.metrics.map(\.name)))))
      samples.append(
        JSONMember(task.name, .object(["original": .integer(task.items), "effective": .integer(task.used)])))
    }
    return [
      JSONMember("results", .object(results)), JSONMember("n-shot", .object(shots)),
      JSONMember("higher_is_better", .object(better)), JSONMember("n-samples", .object(samples)),
      JSONMember("configs", .object(harness.map { JSONMember($0.name, .object(["task": .string($0.name)])) })),
      JSONMember("versions", .object(harness.map { JSONMember($0.name, .integer(1)) })),
    ]
  }
}

extension HarnessTask {
  /// Whether more is better, for each metric without its filter.
  fileprivate static func directions(_ metrics: [String]) -> [JSONMember] {
    var members: [JSONMember] = []
    for metric in metrics {
      let name = String(metric.prefix { $0 != "," })
      if name.hasSuffix("_stderr") || members.contains(where: { $0.name == name }) { continue }
      members.append(JSONMember(name, .bool(!name.contains("perplexity") && name != "bits_per_byte")))
    }
    return members
  }

  /// A share and its error as lm-eval names them: `acc,none` and `acc_stderr,none`.
  static func metrics(_ metric: String, _ filter: String, _ accuracy: Accuracy) -> [(name: String, value: Double)] {
    var list = [(name: "\(metric),\(filter)", value: accuracy.value)]
    if let error = accuracy.standardError { list.append((name: "\(metric)_stderr,\(filter)", value: error)) }
    return list
  }
}

extension JSONValue {
  /// Text of a model may end inside a character; what is not UTF-8 becomes U+FFFD.
  static func repaired(_ text: [UInt8]) -> JSONValue { .string(String(decoding: text, as: UTF8.self)) }
}

extension [UInt8] {
  mutating func appendLine(_ value: JSONValue) {
    append(contentsOf: JSONWriter.compact(value))
    append(0x0A)
  }
}
