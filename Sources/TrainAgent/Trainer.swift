import Blocks
import Bytes
import Glibc
import Phases
import Posix
import Spool
import Training

/// Eats blocks in the order of their numbers, one optimizer step at a time, and obeys sentinels between steps.
///
/// All that must survive is on the disk before it counts: HEAD.json names the checkpoint a restart goes on from, and
/// what
/// happens after it depends on nothing but that checkpoint and the blocks.
final class Trainer {
  let layout: SpoolLayout
  let configuration: TrainConfiguration
  let options: TrainOptions
  let lease: Lease
  let patience: DiskPatience
  let runFolder: Directory
  let store: CheckpointStore
  let status: TrainerStatus

  var ledger: Ledger!
  var control: ControlFolder!
  var recorder: StepRecorder!
  var head: Head?
  var position = TrainingPosition()
  var model: TrainedModel?
  var feed: BlockFeed?
  var pace = TrainerPace()
  var lastSave = Clock.monotonic()
  /// Taken sentinels that wait for their moment.
  var pending: [ControlRequest] = []
  /// Requests that wait for the first block and were told so.
  var toldToWait: Set<Int> = []
  var claimedThrough = -1
  var lastResult: StepResult?
  var lastChannels: [String] = []
  var peak = 0.0
  /// Left in order: no checkpoint will come from this process.
  private var isDone = false
  /// The configuration changed: leaves in order to begin anew.
  var beginsAnew = false
  let threads: Int

  var settings: TrainSettings { configuration.train }

  init(
    _ layout: SpoolLayout, _ configuration: TrainConfiguration, _ options: TrainOptions, _ lease: Lease,
    _ patience: DiskPatience
  ) throws(SystemError) {
    self.patience = patience
    self.layout = layout
    self.configuration = configuration
    self.options = options
    self.lease = lease
    runFolder = try layout.run(configuration.run)
    store = CheckpointStore(layout.checkpoints)
    status = TrainerStatus(layout.status)
    // What agents were promised stays promised until the ledger was read.
    claimedThrough = TrainerStatus.claimed(layout.status)
    threads = configuration.train.threads > 0 ? configuration.train.threads : Processors.count
  }

  /// The weights with what goes into every checkpoint beside them.
  struct TrainedModel {
    let engine: any Engine
    let endToken: Int?
    let tokenizer: String
    let companions: [CheckpointStore.Companion]
    var longestWindow: Int

    var config: HuggingFaceConfig {
      HuggingFaceConfig(shape: engine.shape, maxPositions: longestWindow, endToken: endToken)
    }
  }

  func run() throws(TrainFailure) -> Departure {
    showPauses()
    try recover()
    if settings.peakGigaflops > 0 {
      peak = settings.peakGigaflops * 1e9
    } else {
      peak = MachinePeak.measure(threads: threads)
    }
    lastSave = Clock.monotonic()
    ServiceNotify.ready("at step \(position.step)")
    defer { if !beginsAnew { ServiceNotify.stopping() } }
    while try obeySentinels() {
      ServiceNotify.beat()
      if try openBlock() {
        try step()
        try finishBlockIfEaten()
      } else if try waitForData() {
        break
      }
    }
    try leave()
    return beginsAnew ? .reload : .left
  }

  /// While there is no room, status says so; then it says again what it said before.
  private func showPauses() {
    var before = (state: status.state, message: status.message)
    patience.onPause = { [unowned self] reason in
      if status.state != .waitingDisk { before = (status.state, status.message) }
      status.state = reason == nil ? before.state : .waitingDisk
      status.message = reason ?? before.message
      describe()
      patience.attempt { () throws(SystemError) in try status.write(durable: false) }
      if reason == nil { ServiceNotify.status("\(before.state.rawValue) \(before.message)") }
    }
  }

  /// The next block is there and begun; false while it is not published.
  private func openBlock() throws(TrainFailure) -> Bool {
    if feed != nil { return true }
    guard let opened = try BlockFeed.open(position.block, in: layout.blocks, tokenizer: model?.tokenizer) else {
      return false
    }
    try checkVocabulary(opened)
    guard try claim(opened) else { return false }
    if model == nil { try startRun(opened) }
    try begin(opened)
    // A block too short for one window has nothing to train.
    try finishBlockIfEaten()
    return feed != nil
  }

  private func step() throws(TrainFailure) {
    guard let feed, let model else { return }
    let start = Clock.monotonic()
    let count = min(settings.windowsPerStep(seqLen: feed.phase.seqLen), feed.windowCount - position.window)
    let rate = LearningRate.at(position, feed.phase, settings)
    let result = model.engine.step(
      feed.batch(from: position.window, count: count), settings.options(learningRate: rate))
    position.step += 1
    position.window += count
    position.tokens += result.tokens
    lastResult = result
    lastChannels = feed.channels
    if !result.applied { try refused(result) }
    let seconds = Clock.monotonic() - start
    let flop = MachinePeak.flopPerToken(model.engine.shape, window: feed.phase.seqLen) * Double(result.tokens)
    pace.step(tokens: result.tokens, flop: flop, seconds: seconds)
    try orFail { () throws(SystemError) in
      try recorder.record(
        StepRecorder.Step(
          position: position, result: result, learningRate: rate, channels: feed.channels,
          tokensPerSecond: pace.tokensPerSecond, mfu: mfu, seconds: seconds), patience)
    }
    try show(.training)
    if settings.saveSeconds > 0, Clock.monotonic() - lastSave >= settings.saveSeconds,
      position.window < feed.windowCount
    {
      try saveByClock()
    }
  }

  /// A step that was not finite changed nothing; it is counted and told.
  private func refused(_ result: StepResult) throws(TrainFailure) {
    position.refusedSteps += 1
    let text =
      "step \(position.step) was not finite (loss \(result.loss), gradient norm \(result.gradientNorm)); not applied"
    options.say("trainer: " + text)
    try note(.alert, [JSONMember("message", .string(text))])
  }

  private func finishBlockIfEaten() throws(TrainFailure) {
    guard let feed, position.window >= feed.windowCount else { return }
    let number = feed.number
    self.feed = nil
    position.block += 1
    position.window = 0
    try checkpoint(.part(number), .block)
    try note(.blockFinished, [JSONMember("finished", .integer(number))])
    options.say("trainer: block \(number) eaten; step \(position.step), \(position.tokens) tokens\(lossText)")
  }

  private var lossText: String { lastResult.map { ", loss \(($0.loss * 10_000).rounded() / 10_000)" } ?? "" }
  var mfu: Double { peak > 0 ? pace.flopPerSecond / peak : 0 }

  /// One short wait; true when there is nothing to wait for.
  private func waitForData() throws(TrainFailure) -> Bool {
    if options.untilIdle, AgentPresence.isDone(layout, options) {
      // The agent may have published its last block just before it said so.
      let isThere = try orFail { () throws(SystemError) in
        try layout.blocks.isThere(BlockName.manifest(position.block))
      }
      if !isThere { return true }
    }
    status.message = "waits for block \(position.block)"
    try show(.waitingData)
    let start = Clock.monotonic()
    Clock.sleep(0.2)
    pace.wait(Clock.monotonic() - start)
    return false
  }

  private func leave() throws(TrainFailure) {
    try saveBeforeLeaving()
    if model != nil || !ledger.records.isEmpty { try note(.stop) }
    status.message = beginsAnew ? "begins anew with the configuration as it is now" : ""
    status.state = beginsAnew ? .starting : .stopped
    isDone = !beginsAnew
    if isDone { try orFail { () throws(SystemError) in try control.markCleanStop() } }
    describe()
    try orFail { () throws(SystemError) in try status.write(durable: true) }
  }

  func note(_ kind: Ledger.Kind, _ more: [JSONMember] = []) throws(TrainFailure) {
    try orFail { () throws(SystemError) in try ledger.append(kind, position, more) }
  }

  func show(_ state: TrainerStatus.State) throws(TrainFailure) {
    status.state = state
    if state == .training { status.message = "" }
    describe()
    patience.attempt { () throws(SystemError) in try status.show() }
    patience.tendReserve()
    let block = feed.map { ", block \($0.number)" } ?? ""
    ServiceNotify.status(status.message.isEmpty ? state.rawValue + block : "\(state.rawValue): \(status.message)")
  }

  /// The last word of a trainer that was asked to leave while there was no room.
  func leaveUnsaved(_ reason: TrainFailure) {
    status.state = .stopped
    status.message = reason.description
    describe()
    patience.attempt { () throws(SystemError) in try status.write(durable: false) }
  }

  /// The last word of a trainer that cannot go on.
  func fail(_ failure: TrainFailure) {
    status.state = .failed
    status.message = failure.description
    describe()
    try? status.write(durable: false)
  }

  private var blockShare: Double {
    guard let feed, feed.windowCount > 0 else { return 0 }
    return Double(position.window) / Double(feed.windowCount)
  }

  func describe() {
    let channelLoss = lastResult.map { StepRecorder.channelLoss($0, lastChannels) } ?? []
    status.members = [
      JSONMember("run", .string(configuration.run)), JSONMember("lineage", .integer(position.lineage)),
      JSONMember("step", .integer(position.step)), JSONMember("tokens", .integer(position.tokens)),
      JSONMember("block", .integer(position.block)), JSONMember("window", .integer(position.window)),
      JSONMember("windows", .integer(feed?.windowCount ?? 0)), JSONMember("block_share", .number(blockShare)),
      JSONMember("claimed_through", .integer(claimedThrough)),
      JSONMember("checkpoint", head.map { .string($0.checkpoint.text) } ?? .null),
      JSONMember("phase", .string(position.phase.name)),
      JSONMember("loss", lastResult.map { .number($0.loss) } ?? .null),
      JSONMember("channel_loss", .object(channelLoss)),
      JSONMember("tokens_per_s", .number(pace.tokensPerSecond.rounded())), JSONMember("mfu", .number(mfu)),
      JSONMember("data_wait_share", .number(pace.dataWaitShare)),
      JSONMember("refused_steps", .integer(position.refusedSteps)), JSONMember("epoch", .integer(lease.epoch)),
      JSONMember("pid", .integer(Int(getpid()))), JSONMember("done", .bool(isDone)),
    ]
  }
}
