import Bytes

/// What evaluating one suite gave. Equal for equal weights, tokenizer, suite and settings.
public struct SuiteScores: Sendable {
  /// The numbers, by name; objects inside are groups, channels and transforms.
  public let scores: JSONValue
  /// One JSON object a line: what was asked, what came, how it was judged.
  public let details: [UInt8]
  public let harness: [HarnessTask]

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
