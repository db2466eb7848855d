import Posix
import Spool
import Training

extension Trainer {
  private var place: ControlPlace { ControlPlace(step: position.step, block: position.block) }
  private static let taken: Set<ControlVerb> = [.save, .rollback, .pause, .stop]

  /// What was asked for is done here, between two steps: all saves, then rollbacks, then stop or pause. False when the
  /// trainer is to leave.
  func obeySentinels() throws(TrainFailure) -> Bool {
    while true {
      // Who waits writes nothing that would tell it that its role was taken over.
      guard lease.isCurrent else { throw .busy(lease.takeover) }
      try takeRequests()
      let step = position.step
      let block = position.block
      let due = pending.filter { $0.isDue(step: step, block: block) }.sorted { $0.sequence < $1.sequence }
      try saveAll(due.filter { $0.verb == .save })
      for request in due where request.verb == .rollback { try rollback(request) }
      let isPaused = try orFail { () throws(SystemError) in
        try control.isInForce(.pause, ControlPlace(step: step, block: block))
      }
      // Who pauses may still leave.
      if try stop(due.filter { $0.verb == .stop }) { return false }
      if options.shouldStop() || beginsAnew { return false }
      if !isPaused { return true }
      status.message = "until control/pause is removed"
      try show(.paused)
      ServiceNotify.beat()
      Clock.sleep(0.1)
    }
  }

  private func takeRequests() throws(TrainFailure) {
    let requests = try orFail { () throws(SystemError) in try control.poll() }
    pending.removeAll { !control.isOpen($0) }
    beginsAnew = try orFail { () throws(SystemError) in
      let isAsked = try control.obeyReload(options.judgeReload)
      return options.isHungUp() || isAsked || beginsAnew
    }
    for request in requests where control.isOpen(request) {
      if let reason = refusal(of: request) {
        try answer(request, .rejected, reason)
      } else {
        pending.append(request)
      }
    }
  }

  private func refusal(of request: ControlRequest) -> String? {
    guard Trainer.taken.contains(request.verb) else {
      return "this trainer does not take '\(request.verb.rawValue)' yet; it takes save, rollback, pause and stop"
    }
    return request.verb == .rollback ? unsupportedRollback(request) : nil
  }

  func answer(
    _ request: ControlRequest, _ state: ControlState, _ message: String, checkpoint: CheckpointReference? = nil,
    into: Int? = nil, durable: Bool = false
  ) throws(TrainFailure) {
    var place = place
    place.checkpoint = checkpoint?.text
    try orFail { () throws(SystemError) in
      try control.update(request, state, place, message: message, into: into, durable: durable)
    }
    if state.isFinal {
      pending.removeAll { $0.sequence == request.sequence }
      options.say("trainer: \(request.name.description): \(state.rawValue)\(message.isEmpty ? "" : ", " + message)")
    }
  }

  /// Several requests at one boundary share one checkpoint; each has its answer.
  private func saveAll(_ requests: [ControlRequest]) throws(TrainFailure) {
    guard let first = requests.first else { return }
    guard model != nil else { return try waitForTheFirstBlock(requests) }
    for request in requests { try answer(request, .running, "") }
    let done = try orFail { () throws(SystemError) in
      try store.record(matching: requests.map(\.sequence), lineage: position.lineage)
    }
    let name = CheckpointName.save(step: position.step, sequence: first.sequence)
    let reference: CheckpointReference
    if let done { reference = done } else { reference = try checkpoint(name, .save, request: first.sequence) }
    for request in requests { try answer(request, .done, "", checkpoint: reference) }
  }

  /// Before the first block there is no state to save.
  private func waitForTheFirstBlock(_ requests: [ControlRequest]) throws(TrainFailure) {
    for request in requests where toldToWait.insert(request.sequence).inserted {
      try answer(request, .accepted, "waits for the first block: before it there is nothing to save")
    }
  }

  private func stop(_ requests: [ControlRequest]) throws(TrainFailure) -> Bool {
    guard let first = requests.first else { return false }
    try answer(first, .running, "")
    try saveBeforeLeaving()
    // The first is answered last: one that was left alone by a death would stop the next start.
    for request in requests.dropFirst() {
      try answer(
        request, .coalesced, "with \(first.name.description)", checkpoint: head?.checkpoint, into: first.sequence)
    }
    try answer(first, .done, "leaves now", checkpoint: head?.checkpoint)
    return true
  }
}

extension CheckpointStore {
  /// A checkpoint that an earlier process published for one of these requests before it could answer.
  func record(matching requests: [Int], lineage: Int) throws(SystemError) -> CheckpointReference? {
    try list(lineage: lineage).last { $0.reason == .save && $0.request.map(requests.contains) == true }?.reference
  }
}
