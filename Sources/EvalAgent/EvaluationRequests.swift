import Posix
import Spool
import Suites
import Training

/// `eval` sentinels: which checkpoint, which suite, and what is still missing for their answers.
final class EvaluationRequests {
  private struct Active {
    let request: ControlRequest
    /// Frozen when the request became due.
    var jobs: [EvaluationJob]?
    var checkpoint: String?
  }

  private let control: ControlFolder
  private var active: [Active] = []

  init(_ layout: SpoolLayout, _ rules: ControlRules) throws(SystemError) {
    control = try ControlFolder(layout: layout, role: .evaluator, rules: rules)
  }

  /// True when something may have come; costs one look.
  var hasNews: Bool { control.hasNews }

  /// True when the evaluator must leave in order and begin anew.
  func obeyReload(_ judge: () -> ReloadVerdict) throws(SystemError) -> Bool { try control.obeyReload(judge) }

  func markCleanStop() throws(SystemError) { try control.markCleanStop() }

  var isEmpty: Bool { active.isEmpty }

  /// Takes new requests and gives out the jobs of those that are due and not yet done.
  /// - Parameter candidates: nil = could not be looked at; what is not begun waits for the next look.
  func poll(
    candidates: [Candidate]?, suites: SuiteFolder, results: ResultStore, failed: inout FailedJobs
  ) throws(SystemError) -> [EvaluationJob] {
    let requests = try control.poll()
    active.removeAll { !control.isOpen($0.request) }
    active += requests.filter { $0.verb == .eval && control.isOpen($0) }.map { Active(request: $0) }
    if let candidates {
      let position = EvaluationRequests.newest(candidates)?.record.position
      for index in active.indices where active[index].jobs == nil {
        guard active[index].request.isDue(step: position?.step ?? 0, block: position?.block ?? 0) else { continue }
        try begin(index, candidates, suites, &failed)
      }
    }
    try answer(results, failed)
    return active.flatMap { $0.jobs ?? [] }.filter { results.records[$0.key] == nil && !failed.isGivenUp($0.key) }
  }

  private func begin(
    _ index: Int, _ candidates: [Candidate], _ suites: SuiteFolder, _ failed: inout FailedJobs
  ) throws(SystemError) {
    let request = active[index].request
    do throws(ControlRefusal) {
      // What an earlier process had begun for it stays what is meant, however many checkpoints came since.
      let fixed = request.earlier?.state == .running ? request.earlier?.place.checkpoint : nil
      let candidate = try EvaluationRequests.checkpoint(
        fixed ?? request.arguments["checkpoint"] ?? "", candidates)
      let wanted = request.arguments["suite"] ?? ""
      // A suite that is being dropped, or that the machine could not give, is not one that does not exist.
      if wanted.isEmpty ? suites.isUnread : suites.isSettling && !suites.knows(wanted) { return }
      let chosen = try EvaluationRequests.suites(wanted, suites)
      let jobs = chosen.map { EvaluationJob(candidate: candidate, suite: $0) }
      // Asked for again, so tried again.
      for job in jobs { failed.forget(job.key) }
      active[index].jobs = jobs
      active[index].checkpoint = candidate.reference.text
    } catch {
      try control.update(request, .rejected, message: error.description)
      active[index].jobs = []
    }
    if let checkpoint = active[index].checkpoint {
      try control.update(
        request, .running, ControlPlace(checkpoint: checkpoint), message: "\(active[index].jobs?.count ?? 0) suites",
        durable: true)
    }
  }

  /// Finishes requests whose results are all there, or cannot come.
  private func answer(_ results: ResultStore, _ failed: FailedJobs) throws(SystemError) {
    var left: [Active] = []
    for entry in active {
      guard let jobs = entry.jobs else {
        left.append(entry)
        continue
      }
      // Rejected when it began.
      guard let checkpoint = entry.checkpoint else { continue }
      let missing = jobs.filter { results.records[$0.key] == nil }
      let place = ControlPlace(checkpoint: checkpoint)
      if missing.isEmpty {
        let names = jobs.map(\.suite.id).joined(separator: ", ")
        try control.update(entry.request, .done, place, message: "results are there: \(names)")
      } else if missing.allSatisfy({ failed.isGivenUp($0.key) }) {
        let reasons = missing.map { "\($0.suite.id): \(failed.failures[$0.key]?.reason ?? "")" }
        try control.update(entry.request, .failed, place, message: reasons.joined(separator: "; "))
      } else {
        left.append(entry)
      }
    }
    active = left
  }

  /// Answers requests for a checkpoint that is no longer there.
  func checkpointVanished(_ candidate: Candidate) throws(SystemError) {
    let text = candidate.reference.text
    for entry in active where entry.checkpoint == text {
      try control.update(
        entry.request, .failed, ControlPlace(checkpoint: text), message: "the checkpoint was removed meanwhile")
    }
    active.removeAll { $0.checkpoint == text }
  }

  private static func newest(_ candidates: [Candidate]) -> Candidate? {
    candidates.max {
      ($0.reference.lineage, $0.record.position.step, $0.label) < (
        $1.reference.lineage, $1.record.position.step, $1.label
      )
    }
  }

  /// `g0001/part-00010`, its label, `part-00010` of the newest lineage that has it, or nothing for the newest.
  static func checkpoint(_ text: String, _ candidates: [Candidate]) throws(ControlRefusal) -> Candidate {
    guard let newest = newest(candidates) else { throw ControlRefusal("there is no checkpoint yet; ask again later") }
    if text.isEmpty || text == "latest" { return newest }
    let matching = candidates.filter {
      [$0.reference.text, $0.label, $0.reference.name.text].contains(text)
    }
    if let found = self.newest(matching) { return found }
    if text.contains("auto-") {
      throw ControlRefusal(
        "'\(text)' was made by the clock and may be removed at any moment; ask for 'save' and evaluate that")
    }
    throw ControlRefusal("there is no checkpoint '\(text)'; the newest is '\(newest.reference.text)'")
  }

  /// `ppl/zh`, `zh` (every kind that has it), or nothing for all.
  static func suites(_ text: String, _ folder: SuiteFolder) throws(ControlRefusal) -> [Suite] {
    let chosen = text.isEmpty ? folder.suites : folder.suites.filter { $0.isCalled(text) }
    if !chosen.isEmpty { return chosen }
    if let broken = folder.broken.first(where: { text.isEmpty || $0.id == text || $0.id.hasSuffix("/" + text) }) {
      throw ControlRefusal("the suite cannot be used: \(broken.error)")
    }
    let known = folder.suites.map(\.id).joined(separator: ", ")
    throw ControlRefusal(
      "there is no suite '\(text)'; known: \(known.isEmpty ? "none, drop one in eval/suites/" : known)")
  }
}
