import Blocks
import Bytes
import Phases
import Posix
import Spool
import Training

/// From an opened block to one that this lineage has begun.
extension Trainer {
  func checkVocabulary(_ opened: BlockFeed) throws(TrainFailure) {
    guard let model, opened.manifest.vocabulary > model.engine.shape.vocabulary else { return }
    throw .data(
      "block \(opened.number) has ids up to \(opened.manifest.vocabulary), the model's vocabulary is "
        + "\(model.engine.shape.vocabulary); use the tokenizer the run was started with")
  }

  /// After this nobody may withdraw the block; false when somebody just did.
  func claim(_ opened: BlockFeed) throws(TrainFailure) -> Bool {
    // Begun once, it stays, whatever lineage comes to it again.
    if opened.number <= claimedThrough { return true }
    let before = claimedThrough
    status.state = .training
    return try orFail { () throws(SystemError) in
      try BlockClaim.begin(opened.manifest, in: layout.blocks, claimed: before) { number throws(SystemError) in
        claimedThrough = number
        describe()
        try status.write(durable: true)
      }
    }
  }

  /// From here on the ledger says that the block was begun.
  func begin(_ opened: BlockFeed) throws(TrainFailure) {
    guard var model else { return }
    if position.phase.hash != opened.phase.hash {
      position.phase.name = opened.phase.name
      position.phase.hash = opened.phase.hash
      position.phase.startStep = position.step
      position.phase.startTokens = position.tokens
      position.phase.length = opened.phaseLength
    }
    options.engine.setRopeTheta(model.engine, opened.phase.ropeTheta)
    model.longestWindow = max(model.longestWindow, opened.phase.seqLen)
    self.model = model
    let began = ledger.records.contains { record in
      record.kind == .blockStarted && record.json["block"]?.integer == opened.number
        && record.json["lineage"]?.integer == position.lineage
    }
    if !began { try note(.blockStarted, [JSONMember("revision", .integer(opened.manifest.revision))]) }
    feed = opened
  }
}
