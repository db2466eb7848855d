import Suites

/// One checkpoint x suite that has no result yet.
struct EvaluationJob {
  let candidate: Candidate
  let suite: Suite

  var key: ResultRecord.Key {
    ResultRecord.Key(label: candidate.label, stem: suite.fileStem, sha256: suite.sha256)
  }
}

/// Evaluations that failed, and how often.
struct FailedJobs {
  struct Failure {
    var attempts: Int
    var reason: String
  }

  private(set) var failures: [ResultRecord.Key: Failure] = [:]
  private let attempts: Int

  init(attempts: Int) { self.attempts = attempts }

  mutating func note(_ key: ResultRecord.Key, _ reason: String) {
    failures[key] = Failure(attempts: (failures[key]?.attempts ?? 0) + 1, reason: reason)
  }

  mutating func forget(_ key: ResultRecord.Key) { failures[key] = nil }

  func isGivenUp(_ key: ResultRecord.Key) -> Bool { (failures[key]?.attempts ?? 0) >= attempts }
}
