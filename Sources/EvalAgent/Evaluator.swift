import Bytes
import Evaluation
import Glibc
import Posix
import Spool
import Suites
import Training

/// The evaluator: for every checkpoint that stays and every suite that was dropped, one result file.
///
/// It holds the lease `evaluator`, reads checkpoints and suites, and writes results, trends, its status and the answers
/// to `eval` requests. What is missing is found by looking, so that it may be killed at any time.
public final class Evaluator {
  let layout: SpoolLayout
  let settings: EvaluateSettings
  let source: any ModelSource
  let lease: Lease
  let patience: DiskPatience
  let scan: CheckpointScan
  let suites: SuiteFolder
  let results: ResultStore
  let requests: EvaluationRequests
  let trainer: TrainerWatch
  let shouldStop: () -> Bool
  /// What the configuration would change when it were read again now.
  public var judgeReload: () -> ReloadVerdict = { .unchanged }
  /// True once after SIGHUP, when the configuration may be obeyed.
  public var isHungUp: () -> Bool = { false }
  private var beginsAnew = false
  var failed: FailedJobs
  var status = EvaluatorStatus()
  /// The model of the checkpoint in work; its other suites follow.
  var loaded: (label: String, model: LoadedModel)?

  /// Takes the lease and reads what results there are.
  ///
  /// - Parameters:
  ///   - trainerBeside: a trainer works beside: only its own word says that no more checkpoints come.
  ///   - patience: what is done on a full disk; nil makes one that says nothing.
  ///   - quiet: seconds that nothing may have touched a suite's file before it is read.
  ///   - shouldStop: asked often, also in the middle of a suite.
  public init(
    layout: SpoolLayout, settings: EvaluateSettings, source: any ModelSource, trainerBeside: Bool = false,
    quiet: Double = 0.5, process: Int = Int(getpid()), patience: DiskPatience? = nil,
    control: ControlRules = ControlRules(),
    shouldStop: @escaping () -> Bool = { Signals.stopRequested }
  ) throws(Lease.Failure) {
    self.patience =
      patience ?? DiskPatience("evaluator", layout, reserveMegabytes: 0, shouldStop: shouldStop, say: { _ in })
    self.settings = settings
    self.source = source
    self.shouldStop = shouldStop
    lease = try Lease("evaluator", in: layout, process: process)
    let layout = try Evaluator.guarded(layout, by: lease)
    self.layout = layout
    scan = CheckpointScan(layout.checkpoints)
    suites = SuiteFolder(layout.suites, kinds: settings.suites.compactMap(SuiteKind.init), quiet: quiet)
    failed = FailedJobs(attempts: settings.attempts)
    trainer = TrainerWatch(layout, isBeside: trainerBeside)
    do throws(SystemError) {
      try SpoolTemporaries.remove(of: .evaluator, in: layout)
      results = try ResultStore(layout.results)
      requests = try EvaluationRequests(layout, control)
    } catch {
      throw .system(error)
    }
    status.process = process
    status.epoch = lease.epoch
  }

  private static func guarded(_ layout: SpoolLayout, by lease: Lease) throws(Lease.Failure) -> SpoolLayout {
    do throws(SystemError) { return try layout.guarded(by: lease) } catch { throw .system(error) }
  }

  /// Works until `shouldStop`, or with `untilIdle` until every result is there and no more checkpoints can come.
  /// A full disk is waited out.
  @discardableResult
  public func run(untilIdle: Bool = false) throws(SystemError) -> Departure {
    yieldToTrainer()
    showPauses()
    defer { patience.onPause = nil }
    ServiceNotify.ready("looking for checkpoints")
    defer { if !beginsAnew { ServiceNotify.stopping() } }
    var tablesAreCurrent = false
    var idleLooks = 0
    while !shouldStop() && idleLooks < 2 {
      ServiceNotify.beat()
      if let lost = lease.refusal() { throw lost }
      do throws(SystemError) {
        if !tablesAreCurrent { try refreshTables() }
        tablesAreCurrent = true
        // Asked before looking: what the trainer left behind is then seen.
        let isLast = untilIdle && trainer.isDone
        let hasWorked = try workOnce()
        beginsAnew = try requests.obeyReload(judgeReload) || isHungUp()
        if beginsAnew { break }
        if hasWorked {
          idleLooks = 0
          continue
        }
        // Looked at twice, since a trainer that is just being started has no lease yet.
        idleLooks = isLast && isAtRest ? idleLooks + 1 : 0
      } catch {
        guard error.isScarce else { throw error }
        tablesAreCurrent = false
        idleLooks = 0
        _ = patience.canTryAgain(.work, error)
        continue
      }
      if idleLooks < 2 { wait() }
    }
    if !beginsAnew {
      try patience.wait(.finish) { () throws(SystemError) in try requests.markCleanStop() }
    }
    report(beginsAnew ? .idle : .stopped, pending: 0)
    return beginsAnew ? .reload : .left
  }

  /// While there is no room, status says so; then it says again what it said before.
  private func showPauses() {
    var before = status.state
    patience.onPause = { [unowned self] reason in
      if status.state != .paused { before = status.state }
      status.state = reason == nil ? before : .paused
      status.message = reason ?? ""
      writeStatus()
    }
  }

  /// True when a result came, so that it is worth looking again at once.
  private func workOnce() throws(SystemError) -> Bool {
    let jobs = try look()
    if let job = jobs.first { return try perform(job, pending: jobs.count) }
    report(.idle, pending: 0)
    return false
  }

  private var isAtRest: Bool { status.state == .idle && !suites.isSettling && !scan.isUnread && requests.isEmpty }

  /// What an earlier process may have left behind the results.
  private func refreshTables() throws(SystemError) {
    try patience.wait { () throws(SystemError) in
      try TrendTable.write(results.records.values, to: layout.trends)
      try results.pointLatest()
    }
  }

  /// What is missing, requests first, then by tokens eaten.
  func look() throws(SystemError) -> [EvaluationJob] {
    suites.scan(now: Clock.wall())
    let candidates = scan.candidates()
    status.checkpoints = candidates.count
    let asked = try requests.poll(
      candidates: scan.isUnread ? nil : candidates, suites: suites, results: results, failed: &failed)
    var jobs = asked
    for candidate in candidates where settings.includes(candidate.reference.name) {
      for suite in suites.suites {
        let job = EvaluationJob(candidate: candidate, suite: suite)
        if results.records[job.key] == nil && !failed.isGivenUp(job.key) { jobs.append(job) }
      }
    }
    // What failed before waits until everything else is done.
    return jobs.filter { failed.failures[$0.key] == nil } + jobs.filter { failed.failures[$0.key] != nil }
  }

  /// Sleeps in small steps, so that a request to stop is seen.
  private func wait() {
    let end = Clock.monotonic() + settings.rescanSeconds
    repeat {
      ServiceNotify.beat()
      let left = end - Clock.monotonic()
      if left <= 0 { return }
      Clock.sleep(min(left, 0.1))
    } while !shouldStop() && !requests.hasNews
  }

  /// Threads made later inherit it.
  private func yieldToTrainer() {
    if settings.nice > 0 { _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, Int32(settings.nice)) }
  }

  func report(_ state: EvaluatorStatus.State, _ job: EvaluationJob? = nil, pending: Int) {
    status.state = state
    status.checkpoint = job?.candidate.reference.text
    status.suite = job?.suite.id
    status.pending = pending
    status.done = results.records.count
    let what = job.map { " \($0.suite.id) of \($0.candidate.reference.text), \(pending) to go" } ?? ""
    ServiceNotify.status(state.rawValue + what)
    patience.tendReserve()
    writeStatus()
  }

  private func writeStatus() {
    let bytes = JSONWriter.pretty(status.json(suites: suites, failed: failed, time: Clock.stamp()))
    patience.attempt { () throws(SystemError) in
      try layout.status.replaceFile("evaluator.json", with: bytes, durable: false)
    }
  }
}
