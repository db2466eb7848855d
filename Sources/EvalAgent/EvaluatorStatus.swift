import Bytes
import Suites

/// `status/evaluator.json`: what the evaluator does, for people and for `pretraind status`.
struct EvaluatorStatus {
  enum State: String { case evaluating, idle, paused, stopped }

  var state = State.idle
  /// Why it is paused.
  var message = ""
  var process = 0
  var epoch = 0
  var checkpoint: String?
  var suite: String?
  var checkpoints = 0
  var pending = 0
  var done = 0

  func json(suites: SuiteFolder, failed: FailedJobs, time: String) -> JSONValue {
    let failures = failed.failures.sorted { ($0.key.label, $0.key.stem) < ($1.key.label, $1.key.stem) }
    return .object([
      "state": .string(state.rawValue), "message": .string(message), "pid": .integer(process), "epoch": .integer(epoch),
      "time": .string(time),
      "checkpoint": checkpoint.map { .string($0) } ?? .null, "suite": suite.map { .string($0) } ?? .null,
      "checkpoints": .integer(checkpoints), "pending": .integer(pending), "done": .integer(done),
      "suites": .object(
        suites.suites.map { suite in
          JSONMember(suite.id, .object(["items": .integer(suite.count), "sha256": .string(suite.sha256)]))
        }),
      "broken": .object(suites.broken.map { JSONMember($0.id, $0.error.json) }),
      "failed": .array(
        failures.map { key, failure in
          .object([
            "checkpoint": .string(key.label), "suite": .string(key.stem), "attempts": .integer(failure.attempts),
            "reason": .string(failure.reason),
          ])
        }),
    ])
  }
}
