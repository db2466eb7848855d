import Bytes
import Composition
import Deduplication
import Filtering
import Parallel
import Posix
import Spool
import Tokenization

/// How the agent is to run.
public struct AgentOptions: Sendable {
  /// End when nothing is left to do.
  public var untilIdle = false
  /// When idle, compose the last short block.
  public var flush = false
  /// inotify; without it only latency changes.
  public var useEvents = true
  /// Do not end while blocks wait for a trainer, even if none runs.
  public var waitForTrainer = false
  /// The program and words that try one record alone (`LoneRecord`); empty: suspects go on untried.
  public var trial: [String] = []
  /// What the configuration would change when it were read again now.
  public var judgeReload: @Sendable () -> ReloadVerdict = { .unchanged }
  /// What else is published in `status/` whenever the agent tells how it is: files made of what the roles say.
  public var reports: @Sendable () -> [StatusReport] = { [] }
  /// True once after SIGHUP, when the configuration may be obeyed.
  public var isHungUp: @Sendable () -> Bool = { false }

  public init() {}
}

/// The agent: one consumer that takes files, makes batches, composes blocks. Everything it decides follows from the
/// order
/// in which files were claimed; when it decides follows from time.
public final class DataAgent {
  let layout: SpoolLayout
  let options: AgentOptions
  private let say: (String) -> Void
  let state: AgentState
  private let lease: Lease
  private let patience: DiskPatience
  private let wakeup: Wakeup
  private let pool: WorkerPool
  private let times = StageTimes()
  private let records: RecordGuard
  let queue: WorkQueue
  let preparation: Preparation
  let commit: BatchCommit
  private let bias: BiasHold
  let control: AgentControl
  let discards: Discards
  private let disk: DiskWatch
  private let index: IndexKeeper
  private let notice: IntakeNotice
  let suites: SuiteKeeper
  private let thresholds: ThresholdKeeper
  var intake: Intake
  private var status: AgentStatus
  private var hasLooked = false
  /// Without room for a snapshot it is tried again from here on.
  var nextSnapshot = 0.0

  /// Takes the lease, replays the journal, recovers.
  /// - Parameter patience: what is done on a full disk; nil makes one.
  public init(
    layout: SpoolLayout, settings: AgentSettings, options: AgentOptions, stages: AgentStages, process: Int,
    patience: DiskPatience? = nil, say: @escaping (String) -> Void
  ) throws {
    let patience =
      patience
      ?? DiskPatience(
        "agent", layout, reserveMegabytes: settings.spool.reserveMegabytes, shouldStop: { Signals.stopRequested },
        say: say)
    self.patience = patience
    lease = try Lease("agent", in: layout, process: process)
    let layout = try layout.guarded(by: lease)
    try SpoolTemporaries.remove(of: .agent, in: layout)
    self.layout = layout
    self.options = options
    self.say = say
    status = AgentStatus(epoch: lease.epoch, process: process, reports: options.reports)
    wakeup = try Wakeup()
    if options.useEvents { try EventWatcher.prepare() }
    pool = WorkerPool(threads: settings.spool.threads)
    let journal = JournalFile(
      toOpen: layout.journal, limit: Int(settings.spool.journalMegabytes * 1_000_000), restated: AgentSnapshot.restated
    ) { patience.canTryAgain(.finish, $0) }
    state = AgentState(settings: settings, layout: layout, journal: journal, patience: patience)
    preparation = Preparation(
      pipeline: stages.pipeline(times), sketcher: SketchMaker(settings.dedupe), channels: settings.channels,
      keepsDropped: settings.spool.keepDropped, pool: pool,
      times: times)
    disk = DiskWatch(layout, settings.spool, patience)
    notice = IntakeNotice(layout)
    status.write(state, nil, times, force: true)
    index = IndexKeeper(state, say: say)
    var recovery = try Recovery(state: state, pool: pool, index: index, say: say)
    let rejections = Rejections(layout: layout)
    try recovery.run(rejections)
    try journal.write(.object(["ev": .string("open"), "epoch": .integer(lease.epoch), "pid": .integer(process)]))
    records = RecordGuard(state, words: options.trial, run: lease.epoch, say: say)
    queue = WorkQueue(state, records)
    commit = BatchCommit(
      state: state, rejections: rejections,
      samples: FilteredSamples(
        layout.filtered, limit: settings.spool.filteredSamples, rules: stages.filter?.rules,
        phrases: stages.meter.phrases),
      pool: pool, times: times,
      slots: records.slots)
    state.alarms = stages.filter.map {
      RuleAlarms(settings: settings.clean, rules: $0.rules, idle: $0.rules.idle(stages.meter))
    }
    state.scorer = CommandScorer(settings, say: say)
    bias = BiasHold(state, layout.filtered, say: say)
    suites = try SuiteKeeper(state, pool, times, say: say)
    thresholds = ThresholdKeeper(state, times, say: say)
    control = try AgentControl(layout, ControlRules(settings.spool), patience)
    discards = Discards(state, control, say: say)
    intake = try Intake(
      layout: layout, settings: settings.spool, journal: journal, wakeup: wakeup, useEvents: options.useEvents,
      nextSequence: state.nextClaim, leftBehind: state.taken.leftBehind, patience: patience)
    try recoverClaims()
  }

  /// Claims whose file is still where it was dropped are moved now, as the journal says.
  private func recoverClaims() throws {
    for claim in state.claims.values.sorted(by: { $0.sequence < $1.sequence }) where !(try intake.move(claim)) {
      say("\(claim.path): taken but gone before it could be moved; nothing of it was read")
      state.claims[claim.sequence] = nil
    }
  }

  /// Works until asked to stop or, with `untilIdle`, until nothing is left to do.
  /// - Throws: `Lease.Lost` when another process took the role over, whatever was being done.
  @discardableResult
  public func run() throws -> Departure {
    do {
      return try work()
    } catch {
      if lease.isCurrent { throw error }
      throw lease.lost
    }
  }

  private func work() throws -> Departure {
    say("agent: spool \(layout.root.path), \(state.table.count) documents, \(state.blocks.count) blocks")
    var before = (mood: status.mood, message: status.message)
    patience.onPause = { [unowned self] reason in
      if status.mood != .paused { before = (status.mood, status.message) }
      status.mood = reason == nil ? before.mood : .paused
      status.message = reason ?? before.message
      status.write(state, intake, times, force: true)
    }
    defer { patience.onPause = nil }
    ServiceNotify.ready("waiting for files")
    // However it ends from here on, by a word or an error: no record is to blame.
    defer {
      records.close()
      state.scorer?.close()
      index.close()
    }
    do {
      if try loop() { return leaveForReload() }
    } catch {
      // What is committed stays; the rest is done again by the next start.
      guard Signals.stopRequested, error is GivenUp || DiskPatience.scarcity(error) != nil else { throw error }
      say("agent: \(error)")
    }
    ServiceNotify.stopping()
    try index.finish()
    try leaveSnapshot()
    try suites.report(isIdle: true)
    status.mood = Signals.stopRequested ? .idle : .done
    status.message = ""
    try control.markCleanStop()
    status.write(state, intake, times, force: true)
    return .left
  }

  /// Until it is time to leave; true when it is to begin anew.
  private func loop() throws -> Bool {
    while !Signals.stopRequested {
      guard lease.isCurrent else { throw lease.lost }
      try rotateJournal()
      let worked = try turn()
      try index.settle()
      if try control.obeyReload(options.judgeReload) || options.isHungUp() { return true }
      try suites.report(isIdle: !worked)
      status.write(state, intake, times)
      ServiceNotify.beat()
      if worked { continue }
      if options.untilIdle, isFinished { break }
      wakeup.wait(min(0.2, intake.secondsToNextLook(now: Clock.monotonic())))
    }
    return false
  }

  /// Between two turns nothing is half done.
  private func leaveForReload() -> Departure {
    enter(.starting, "begins anew with the configuration as it is now")
    status.write(state, intake, times, force: true)
    return .reload
  }

  var journal: JournalFile { state.journal }

  /// One look at everything; true when something was done.
  private func turn() throws -> Bool {
    try control.poll(state: state)
    let held = try control.isHeld(block: state.nextBlock)
    let full = disk.isFull()
    let ahead = isAhead
    notice.show(full ? disk.message : ahead ? aheadMessage : nil)
    try intake.look(now: Clock.monotonic())
    intake.pause = full ? disk.message : held ? DataAgent.heldMessage : ahead ? aheadMessage : nil
    if !held && !full && !ahead { try takeFiles() }
    guard try withdraw() else { return false }
    if state.unfinishedBlock == nil, let worked = try decontaminate(mayCommit: !full && !ahead) { return worked }
    if try composeAnew() { return true }
    if try settleUnfinishedBlock() { return true }
    if try trainTokenizer(isFlush: false) { return true }
    if try thresholds.chooseWhenDue() { return true }
    if ahead {
      enter(.waitingForTrainer, aheadMessage)
      return false
    }
    if state.canCompose { return try compose(BlockMaker(state: state), short: false, request: 0) != nil }
    if !full && !queue.isEmpty { return try commitNext() }
    if let request = try control.takeFlush(block: state.nextBlock) { return try flush(request) }
    if isQuiet, try thresholds.chooseAtRest(isLast: options.untilIdle) { return true }
    state.dry.look(state, isQuiet: isQuiet, say)
    if isQuiet, !held, try rebalance() { return true }
    rest(held: held, full: full)
    if options.flush, options.untilIdle, isQuiet, !isFlushed { return try flush(nil) }
    return false
  }

  private func takeFiles() throws {
    for claim in try intake.takeReady(now: Clock.monotonic()) {
      state.claims[claim.sequence] = claim
      state.claimSources[claim.sequence] = claim.origin
      state.nextClaim = claim.sequence + 1
    }
    hasLooked = true
  }

  func commitNext() throws -> Bool {
    enter(.working, "")
    do {
      switch try queue.fill(preparation, times) {
      case .done: break
      case .more: return true
      case .waits(let reason): return try waitForScores(reason)
      }
    } catch is RecordGuard.Interrupted {
      return false
    }
    if queue.items.isEmpty { return false }
    guard try bias.lets(queue.items) else {
      enter(.held, bias.message ?? "")
      return false
    }
    let count = try commit.commit(queue.items)
    queue.drop(count)
    nothingToFlush = false
    return true
  }

  /// True when a block could be composed but enough of them wait for the trainer: then intake pauses too.
  private var isAhead: Bool {
    guard state.canCompose else { return false }
    let begun = TrainerPosition(layout).claimedThrough
    return BlockMaker(state: state).waiting(claimedThrough: begun) >= state.settings.compose.lookaheadBlocks
  }

  /// A full block of what there is, when a part of the mix ran dry and nothing is left to be read.
  private func rebalance() throws -> Bool {
    let maker = BlockMaker(state: state)
    let waiting = maker.waiting(claimedThrough: TrainerPosition(layout).claimedThrough)
    guard state.canRebalance, waiting < state.settings.compose.lookaheadBlocks else { return false }
    return try compose(maker, short: false, rebalance: true, request: 0) != nil
  }

  private var aheadMessage: String {
    "\(state.settings.compose.lookaheadBlocks) blocks wait for the trainer; intake goes on when it begins one"
  }

  func compose(_ maker: BlockMaker, short: Bool, rebalance: Bool = false, request: Int) throws -> PublishedBlock? {
    enter(.composing, "block \(state.nextBlock)")
    status.write(state, intake, times)
    let start = Clock.monotonic()
    guard let block = try maker.make(short: short, rebalance: rebalance, request: request) else { return nil }
    times.add("compose", Clock.monotonic() - start)
    let note = block.short ? " (short)" : block.rebalanced ? " (rebalanced: a part of the mix had run dry)" : ""
    say("block \(block.number): \(block.tokens) tokens\(note)")
    state.dry.look(state, isQuiet: isQuiet, isBlock: true, say)
    return block
  }

  /// A block whose composition an earlier process had decided.
  private func settleUnfinishedBlock() throws -> Bool {
    guard let intent = state.unfinishedBlock else { return false }
    return try compose(
      BlockMaker(state: state), short: intent.short, rebalance: intent.rebalanced, request: intent.request) != nil
  }

  /// Trains when the sample is complete, or at a flush with what there is.
  private func trainTokenizer(isFlush: Bool) throws -> Bool {
    let keeper = TokenizerKeeper(state: state, pool: pool)
    if state.tokenizer != nil { return false }
    if try keeper.load(known: nil) {
      say("tokenizer: using tokenizer/tokenizer.json")
    } else {
      let enough = state.settings.tokenize.trainMegabytes * 1_000_000
      guard state.cleanBytes >= enough || (isFlush && state.cleanBytes > 0) else { return false }
      enter(.training, "")
      status.write(state, intake, times, force: true)
      try times.measure("train tokenizer") { try keeper.train(say: say) }
    }
    if let tokenizer = state.tokenizer { queue.tokenize(tokenizer) }
    return true
  }

  private func flush(_ request: ControlRequest?) throws -> Bool {
    if try trainTokenizer(isFlush: true) {
      // Now there may be full blocks: they come first, the flush after them.
      if let request { control.putBack(request) }
      return true
    }
    if try thresholds.chooseForFlush() {
      if let request { control.putBack(request) }
      return true
    }
    // What a dead process had decided for this request was composed before it was asked again.
    let made = request.flatMap { request in state.blocks.first { $0.request == request.sequence } }
    let isNothingNew = made != nil || isFlushed
    let block =
      isNothingNew ? made : try compose(BlockMaker(state: state), short: true, request: request?.sequence ?? 0)
    if let request { try control.finish(request, block, last: state.blocks.last) }
    if block == nil { nothingToFlush = true }
    // A request that was answered is work done: another may wait.
    return block != nil || request != nil
  }

  var nothingToFlush = false

  /// True when the last block is short and nothing came after it.
  private var isFlushed: Bool {
    if nothingToFlush { return true }
    guard let last = state.blocks.last else { return state.table.count == 0 }
    return last.short && last.cut == state.table.count
  }

  private var isQuiet: Bool {
    hasLooked && queue.isEmpty && state.claims.isEmpty && intake.isSettled && suites.isSettled
  }

  private var isFinished: Bool {
    if control.isReading { return false }
    if state.canCompose { return !options.waitForTrainer && !TrainerPosition(layout).isRunning }
    return isQuiet && (!options.flush || isFlushed)
  }

  private func rest(held: Bool, full: Bool) {
    if full {
      enter(.paused, disk.message)
    } else if held {
      enter(.held, DataAgent.heldMessage)
    } else {
      enter(.idle, intake.waiting > 0 ? "\(intake.waiting) files are not whole yet" : waitsForTokens)
    }
  }

  private static let heldMessage = "control/hold is there: rm it to go on"

  func enter(_ mood: AgentStatus.Mood, _ message: String) {
    if status.mood != mood { ServiceNotify.status("\(mood.rawValue) \(message)") }
    status.mood = mood
    status.message = message
  }
}
