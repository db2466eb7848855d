import Bytes
import Fixtures
import Posix
import Settings
import Testing
import Training

@Suite struct HeadTests {
  private func head(_ lineage: Int, _ checkpoint: String, step: Int, forks: [Fork] = []) -> Head {
    var position = TrainingPosition()
    position.step = step
    return Head(
      lineage: lineage, checkpoint: CheckpointReference(checkpoint)!, position: position, epoch: 1, forks: forks)
  }

  @Test func theOneBeforeIsKept() throws {
    let scratch = try Scratch()
    #expect(try Head.read(in: scratch.directory) == nil)
    let first = head(0, "g0000/init", step: 0)
    let second = head(
      1, "g0000/part-00001", step: 9, forks: [Fork(lineage: 1, from: first.checkpoint, step: 0, block: 0)])
    try first.write(in: scratch.directory)
    try second.write(in: scratch.directory)
    #expect(try Head.read(in: scratch.directory) == second)
    let previous = try scratch.directory.read(Head.previousFile)
    try scratch.directory.replaceFile(Head.file, with: previous)
    #expect(try Head.read(in: scratch.directory) == first)
  }

  @Test func aBrokenOneIsNotGuessedAt() throws {
    let scratch = try Scratch()
    try scratch.directory.publish(Head.file, Array("{".utf8))
    #expect { try Head.read(in: scratch.directory) } throws: { error in "\(error)".contains("HEAD.prev.json") }
  }

  /// Lineage 1 left 0 after step 6; lineage 2 left 1 after step 8; lineage 3 left 0 after step 3.
  @Test(arguments: [
    (0, "g0000/part-00005", 50, true), (1, "g0000/part-00001", 6, true), (1, "g0000/part-00002", 9, false),
    (1, "g0001/part-00002", 9, true), (2, "g0001/part-00001", 8, true), (2, "g0001/part-00002", 9, false),
    (2, "g0000/part-00001", 6, true), (3, "g0001/part-00002", 9, false), (3, "g0000/part-00000", 3, true),
    (3, "g0000/part-00001", 6, false), (3, "g0003/part-00001", 7, true),
  ])
  func historyIsTheWalkBack(_ lineage: Int, _ checkpoint: String, _ step: Int, _ wanted: Bool) {
    let forks = [
      Fork(lineage: 1, from: CheckpointReference("g0000/part-00001")!, step: 6, block: 2),
      Fork(lineage: 2, from: CheckpointReference("g0001/part-00001")!, step: 8, block: 2),
      Fork(lineage: 3, from: CheckpointReference("g0000/part-00000")!, step: 3, block: 1),
    ]
    let present = head(lineage, "g0000/init", step: 99, forks: Array(forks[..<lineage]))
    #expect(present.isHistory(CheckpointReference(checkpoint)!, step: step) == wanted)
  }
}

@Suite struct LedgerTests {
  @Test func recordsAreReadBackAndATornLineIsCut() throws {
    let scratch = try Scratch()
    var position = TrainingPosition()
    do {
      let ledger = try Ledger(in: scratch.directory)
      try ledger.append(.start, position)
      position.block = 3
      try ledger.append(.blockStarted, position)
    }
    let whole = try scratch.directory.read(Ledger.file)
    try scratch.directory.replaceFile(Ledger.file, with: whole + Array("{\"kind\":\"st".utf8))
    let ledger = try Ledger(in: scratch.directory)
    #expect(ledger.records.map(\.kind) == [.start, .blockStarted])
    #expect(ledger.claimedThrough == 3)
    try ledger.append(.stop, position)
    #expect(try Ledger(in: scratch.directory).records.map(\.kind) == [.start, .blockStarted, .stop])
  }

  @Test func damageInTheMiddleIsRefused() throws {
    let scratch = try Scratch()
    let ledger = try Ledger(in: scratch.directory)
    for _ in 0..<3 { try ledger.append(.resume, TrainingPosition()) }
    var bytes = try scratch.directory.read(Ledger.file)
    bytes[10] ^= 1
    try scratch.directory.replaceFile(Ledger.file, with: bytes)
    #expect(throws: Ledger.Failure.self) { try Ledger(in: scratch.directory) }
  }
}

@Suite struct SettingsTests {
  @Test(arguments: [
    ("{heads: 3, kv_heads: 2, hidden: 24}", "multiple of model.kv_heads"),
    ("{hidden: 100, heads: 12}", "multiple of model.heads"),
    ("{hidden: 24, heads: 8, kv_heads: 8}", "must be even"), ("{intermediate: 100}", "multiple of 8"),
    ("{hiden: 64}", "did you mean 'model.hidden'"),
  ])
  func shapesThatCannotBe(_ text: String, _ reason: String) throws {
    let value = try JSON5Parser.parse(Array(text.utf8))
    #expect { try ModelSettings.decode(value) } throws: { error in "\(error)".contains(reason) }
  }

  @Test func parametersAreCounted() {
    var settings = ModelSettings()
    settings.layers = 1
    settings.hidden = 8
    settings.heads = 2
    settings.kvHeads = 1
    settings.intermediate = 16
    // Embedding 80, norms 24, q and o 128, k and v 64, feed-forward 384.
    #expect(settings.shape(vocabulary: 10).parameterCount == 680)
    #expect(settings.described(vocabulary: 10).contains("680 parameters"))
  }

  @Test(arguments: [
    ("{seq_len: 100, batch_tokens: 250}", "for example 200"),
    ("{seq_len: 100, batch_tokens: 50}", "at least one window"),
    ("{warmup_steps: 1, warmup_tokens: 1}", "exclude each other"),
  ])
  func stepsThatCannotBe(_ text: String, _ reason: String) throws {
    let value = try JSON5Parser.parse(Array(text.utf8))
    #expect { try TrainSettings.decode(value) } throws: { error in "\(error)".contains(reason) }
  }

  @Test(arguments: [
    (0, 0, 0, 0, 1.0), (3, 0, 0, 0, 0.25), (3, 0, 2, 0, 0.75), (3, 0, 3, 0, 1), (0, 100, 0, 0, 0.001),
    (0, 100, 0, 50, 0.5),
    (0, 100, 9, 200, 1),
  ])
  func warmup(_ steps: Int, _ tokens: Int, _ atStep: Int, _ atTokens: Int, _ wanted: Double) {
    var settings = TrainSettings()
    settings.warmupSteps = steps
    settings.warmupTokens = tokens
    #expect(abs(settings.warmupFactor(step: atStep, tokens: atTokens) - wanted) < 1e-12)
  }
}
