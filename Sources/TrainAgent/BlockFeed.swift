import Blocks
import Bytes
import Phases
import Posix
import Training

/// The block being eaten, as batches. What a batch holds depends on the block and the window's number alone.
struct BlockFeed {
  let number: Int
  let manifest: BlockManifest
  let phase: Phase
  private let windows: BlockWindows

  var windowCount: Int { windows.count }
  var channels: [String] { manifest.channels }

  /// nil while the block is not published, also when it was withdrawn while it was opened.
  /// - Throws: data that cannot be trained on: a damaged block, another tokenizer than the model's.
  static func open(_ number: Int, in folder: Directory, tokenizer: String?) throws(TrainFailure) -> BlockFeed? {
    let isThere = try orFail { () throws(SystemError) in try folder.isThere(BlockName.manifest(number)) }
    guard isThere else { return nil }
    var manifest: BlockManifest?
    do throws(BlockError) {
      let read = try BlockManifest.read(folder, number)
      manifest = read
      let block = try Block(folder, read)
      _ = try block.verify(tokenizerSHA256: tokenizer)
      return try BlockFeed(number, block)
    } catch {
      if try wasWithdrawn(number, manifest, in: folder) { return nil }
      if let cause = error.cause { throw .io("\(cause)") }
      throw .data("block \(number) cannot be trained: \(error)")
    }
  }

  /// Its companions go after its manifest, so whoever misses one looks for that.
  private static func wasWithdrawn(
    _ number: Int, _ manifest: BlockManifest?, in folder: Directory
  ) throws(TrainFailure) -> Bool {
    try orFail { () throws(SystemError) in
      if let manifest { return try !BlockClaim.isPublished(manifest, in: folder) }
      return try !folder.isThere(BlockName.manifest(number))
    }
  }

  private init(_ number: Int, _ block: Block) throws(BlockError) {
    self.number = number
    manifest = block.manifest
    do throws(PhaseError) { phase = try Phase(resolved: block.manifest.phase) } catch {
      throw BlockError(BlockName.manifest(number), "\(error)", remedy: "compose the block anew")
    }
    windows = block.windows(phase.seqLen)
  }

  func batch(from window: Int, count: Int) -> StepBatch {
    var rows = WindowBatch(rows: count, length: phase.seqLen)
    for row in 0..<count { windows.fill(&rows, row: row, window: window + row) }
    return StepBatch(
      windows: count, length: phase.seqLen, inputs: rows.inputs, targets: rows.targets, channels: rows.channels,
      documentStarts: phase.documentMask ? rows.documentStarts : [])
  }

  /// Tokens of the whole phase, from the length of this block; 0 while the phase has no end.
  var phaseLength: Int { (phase.blocks(of: max(1, manifest.tokens)) ?? 0) * manifest.tokens }
}

/// The learning rate as a pure function of the position: the run's warmup times the phase's shape.
enum LearningRate {
  static func at(_ position: TrainingPosition, _ phase: Phase, _ settings: TrainSettings) -> Double {
    let factor = phase.learningRate.factor(
      tokens: position.tokens - position.phase.startTokens, step: position.step - position.phase.startStep,
      phaseTokens: position.phase.length)
    return settings.peakRate * settings.warmupFactor(step: position.step, tokens: position.tokens) * factor
  }
}
