import Bytes
import Posix
import Spool
import Training

extension Trainer {
  /// Publishes the present state and moves HEAD to it. The plan is in the ledger first, so that a restart adopts a
  /// checkpoint that was published while HEAD was not yet moved.
  @discardableResult
  func checkpoint(
    _ name: CheckpointName, _ reason: CommitRecord.Reason, request: Int? = nil
  ) throws(TrainFailure) -> CheckpointReference {
    guard let model else { throw .io("a checkpoint was wanted before there is a model") }
    guard lease.isCurrent else { throw .busy(lease.takeover) }
    let reference = CheckpointReference(lineage: position.lineage, name: name)
    let record = CommitRecord(
      reference: reference, position: position, appliedSteps: model.engine.appliedSteps, reason: reason,
      request: request, engine: options.engine.name, tokenizer: model.tokenizer, seed: settings.seed, epoch: lease.epoch
    )
    try note(.checkpointPlanned, [JSONMember("checkpoint", .string(reference.text))])
    try show(.saving)
    let published = try publish(record, model)
    guard published.position == position else {
      throw .io("\(reference.text) is there already and holds another state; move it away to go on")
    }
    try moveHead(to: reference)
    lastSave = Clock.monotonic()
    return reference
  }

  /// A full disk is waited for; every other failure ends the trainer with the last checkpoint intact.
  private func publish(_ record: CommitRecord, _ model: TrainedModel) throws(TrainFailure) -> CommitRecord {
    do throws(CheckpointError) {
      return try patience.wait { () throws(CheckpointError) in
        try store.publish(record, of: model.engine, config: model.config, companions: model.companions)
      }
    } catch {
      throw error.systemError.map { .io($0) } ?? .io("\(error)")
    }
  }

  func moveHead(to reference: CheckpointReference) throws(TrainFailure) {
    let moved = Head(
      lineage: position.lineage, checkpoint: reference, position: position, epoch: lease.epoch, forks: head?.forks ?? []
    )
    try orFail { () throws(SystemError) in try moved.write(in: runFolder) }
    head = moved
    try note(.checkpoint, [JSONMember("checkpoint", .string(reference.text))])
    try orFail { () throws(SystemError) in try store.pointLatest(at: reference) }
  }

  func saveByClock() throws(TrainFailure) {
    try checkpoint(nextAutomatic(), .automatic)
    try removeOldAutomatic()
  }

  func removeOldAutomatic() throws(TrainFailure) {
    var protected: Set<CheckpointReference> = []
    if let head {
      protected.insert(head.checkpoint)
      protected.formUnion(head.forks.map(\.from))
    }
    try orFail { () throws(SystemError) in
      _ = try store.removeOldAutomatic(keep: settings.keepAutomatic, protected: protected)
    }
  }

  /// Nothing that was computed is lost by leaving in order.
  func saveBeforeLeaving() throws(TrainFailure) {
    guard model != nil, !isAtHead else { return }
    try checkpoint(nextAutomatic(), .stop)
    try removeOldAutomatic()
  }

  private func nextAutomatic() throws(TrainFailure) -> CheckpointName {
    let sequence = try orFail { () throws(SystemError) in try store.nextAutomaticSequence() }
    return .automatic(step: position.step, sequence: sequence)
  }

  /// Whether HEAD's checkpoint holds exactly the present state.
  var isAtHead: Bool {
    guard let head else { return false }
    return head.lineage == position.lineage && head.step == position.step && head.block == position.block
      && head.window == position.window
  }
}
