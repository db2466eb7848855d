import Blocks
import Bytes
import Phases
import Posix
import Spool
import Tokens
import Training

extension Trainer {
  /// Finds out where the run is and makes the model that HEAD names; half-done work of a dead process is finished
  /// first.
  func recover() throws(TrainFailure) {
    do throws(Ledger.Failure) {
      ledger = try patience.wait(.finish) { () throws(Ledger.Failure) in
        try Ledger(in: runFolder) { [patience] in patience.canTryAgain(.finish, $0) }
      }
    } catch {
      throw error.systemError.map { .io($0) } ?? .io("\(error)")
    }
    try orFail { () throws(SystemError) in
      try store.removeUnfinished()
      try SpoolTemporaries.remove(of: .trainer, in: layout)
      control = try ControlFolder(layout: layout, role: .trainer, rules: configuration.control)
      recorder = try StepRecorder(in: runFolder)
    }
    control.freeze = { [unowned self] verb in verb == .rollback ? self.rollbackTarget : nil }
    claimedThrough = ledger.claimedThrough ?? -1
    try show(.starting)
    do throws(Head.Failure) { head = try Head.read(in: runFolder) } catch {
      throw error.cause == nil ? .data("\(error)") : .io("\(error)")
    }
    try finishRollback()
    try adoptCheckpoint()
    guard let head else {
      try refuseOrphans()
      return
    }
    try load(head)
    try note(.resume, [JSONMember("checkpoint", .string(head.checkpoint.text))])
    if case .part(let number) = head.checkpoint.name, head.checkpoint.lineage == head.lineage, !isFinished(number) {
      try note(.blockFinished, [JSONMember("finished", .integer(number))])
    }
    options.say("trainer: goes on from \(head.checkpoint.text), step \(head.step), block \(head.block)")
  }

  private func isFinished(_ block: Int) -> Bool {
    ledger.records.contains { record in
      record.kind == .blockFinished && record.json["finished"]?.integer == block
        && record.json["lineage"]?.integer == position.lineage
    }
  }

  /// A checkpoint that was planned and published, while HEAD was not moved: the process died in between.
  private func adoptCheckpoint() throws(TrainFailure) {
    guard let planned = ledger.last(.checkpointPlanned)?["checkpoint"]?.string.flatMap(CheckpointReference.init),
      planned != head?.checkpoint, planned.lineage == head?.lineage ?? 0,
      let record = try orFail({ () throws(SystemError) in try store.record(planned) }),
      record.position.step >= head?.step ?? 0
    else { return }
    // The dead process may not have come to it, and HEAD must not name what a power cut can undo.
    try orFail { () throws(SystemError) in
      try layout.checkpoints.open(Path(CheckpointReference.folder(planned.lineage))).sync()
    }
    position = record.position
    try moveHead(to: planned)
  }

  /// Without HEAD nothing is guessed, unless there is nothing to guess about.
  private func refuseOrphans() throws(TrainFailure) {
    guard let last = try records().last else { return }
    throw .data(
      "\(runFolder.path / Head.file) is missing, but there are checkpoints (\(last.reference.text)); restore it, "
        + "or move the folder checkpoints/ away to start anew")
  }

  /// Weights, moments and position of HEAD's checkpoint.
  func load(_ head: Head) throws(TrainFailure) {
    do throws(CheckpointError) {
      let config = try store.config(head.checkpoint)
      try checkShape(config.shape, head)
      let engine = model?.engine ?? options.engine.make(config.shape, threads)
      let record = try store.load(head.checkpoint, into: engine)
      position = record.position
      position.lineage = head.lineage
      if model == nil {
        model = TrainedModel(
          engine: engine, endToken: config.endToken, tokenizer: record.tokenizer,
          companions: try companions(head.checkpoint), longestWindow: config.maxPositions)
      }
    } catch {
      if case .system(let cause) = error { throw .io("\(cause)") }
      throw .data("\(error)")
    }
    feed = nil
    try orFail { () throws(SystemError) in try recorder.begin(lineage: position.lineage, step: position.step + 1) }
  }

  private func companions(_ reference: CheckpointReference) throws(CheckpointError) -> [CheckpointStore.Companion] {
    do throws(SystemError) {
      guard let folder = try store.folder(reference) else { throw SystemError("open", Path(reference.text)) }
      return try ["tokenizer.json", "tokenizer_config.json"].map { name throws(SystemError) in
        CheckpointStore.Companion(name: name, bytes: try folder.read(Path(name)))
      }
    } catch { throw .system(error) }
  }

  private func checkShape(_ shape: ModelShape, _ head: Head) throws(CheckpointError) {
    let wanted = configuration.model.shape(vocabulary: shape.vocabulary)
    var same = shape
    // A phase may have moved the rotary base.
    same.ropeTheta = wanted.ropeTheta
    guard same == wanted else {
      throw .invalid(
        head.checkpoint,
        "the section model describes another shape than the run was started with "
          + "(layers \(shape.layers), hidden \(shape.hidden), heads \(shape.heads), kv_heads \(shape.kvHeads), "
          + "intermediate \(shape.intermediate), tied \(shape.tied)); restore it, or start another spool.run")
    }
  }

  /// The state before block 0.
  func startRun(_ first: BlockFeed) throws(TrainFailure) {
    let shape = configuration.model.shape(vocabulary: first.manifest.vocabulary)
    let json = try orFail { () throws(SystemError) in try layout.tokenizer.read("tokenizer.json") }
    let tokenizer: Tokenizer
    do throws(TokenizerError) { tokenizer = try Tokenizer(json: json) } catch {
      throw .data("tokenizer/tokenizer.json: \(error)")
    }
    let digest = Digest.hex(Digest.sha256(json))
    guard digest == first.manifest.tokenizerSHA256 else {
      throw .data("tokenizer/tokenizer.json is not the one block \(first.number) was made with; put that one back")
    }
    let longest = max(settings.seqLen, first.phase.seqLen)
    let engine = options.engine.make(shape, threads)
    engine.initialize(seed: UInt64(settings.seed))
    model = TrainedModel(
      engine: engine, endToken: first.manifest.endOfDocument, tokenizer: digest,
      companions: [
        CheckpointStore.Companion(name: "tokenizer.json", bytes: json),
        CheckpointStore.Companion(
          name: "tokenizer_config.json", bytes: tokenizer.definition.tokenizerConfigJSON(longestText: longest)),
      ],
      longestWindow: longest)
    options.say("trainer: " + configuration.model.described(vocabulary: shape.vocabulary))
    try note(.start)
    try checkpoint(.initial, .initial)
    try orFail { () throws(SystemError) in try recorder.begin(lineage: 0, step: 1) }
  }
}
