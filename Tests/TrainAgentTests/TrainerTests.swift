import Bytes
import Phases
import Posix
import Spool
import Testing
import TrainAgent
import Training

@Suite struct TrainerTests {
  @Test func blocksBecomeCheckpointsInOrder() throws {
    let spool = try Spool()
    defer { spool.remove() }
    try spool.publish(0, windows: 5)
    try spool.publish(1, windows: 4)
    try spool.train()
    #expect(spool.checkpoints("g0000") == ["init", "part-00000", "part-00001"])
    // Five windows, two a step: a step never spans two blocks.
    #expect(spool.head?["step"]?.integer == 5)
    #expect(spool.head?["tokens"]?.integer == 9 * Spool.seqLen)
    #expect(spool.head?["block"]?.integer == 2)
    #expect(spool.head?["checkpoint"]?.string == "g0000/part-00001")
    let status = spool.json("status/trainer.json")
    #expect(status?["state"]?.string == "stopped")
    #expect(status?["claimed_through"]?.integer == 1)
    #expect(status?["channel_loss"]?["code"] != nil)
    let commit = spool.json("checkpoints/g0000/part-00000/COMMIT.json")
    #expect(commit?["step"]?.integer == 3)
    #expect(commit?["block"]?.integer == 1)
    #expect(commit?["window"]?.integer == 0)
    #expect(commit?["reason"]?.string == "block")
    let tokenizer = try spool.layout.checkpoints.read("g0000/init/tokenizer.json")
    #expect(tokenizer == Spool.tokenizer)
    let ledger = try Ledger(in: spool.layout.run("main"))
    #expect(ledger.records.filter { $0.kind == .blockStarted }.count == 2)
    #expect(ledger.records.filter { $0.kind == .blockFinished }.count == 2)
    #expect(ledger.records.last?.kind == .stop)
  }

  @Test func everyStepIsTold() throws {
    let spool = try Spool()
    defer { spool.remove() }
    try spool.publish(0, windows: 6)
    try spool.train()
    let lines = try spool.layout.root.read("runs/main/metrics.jsonl").split(separator: 0x0A)
    #expect(lines.count == 3)
    let steps = try lines.map { try JSONParser.parse(Array($0)) }
    #expect(steps.map { $0["step"]?.integer } == [1, 2, 3])
    // Warmup over three steps.
    #expect(abs((steps[0]["lr"]?.number ?? 0) - 0.0025) < 1e-9)
    #expect(abs((steps[2]["lr"]?.number ?? 0) - 0.0075) < 1e-9)
    #expect(steps[0]["channel_loss"]?["zh"] != nil)
    for folder in ["main", "g0000"] {
      #expect(try Directory(spool.layout.runs.path / "main/tb" / Path(folder)).names().count == 1)
    }
  }

  @Test func stepsThatAreNotFiniteAreNotApplied() throws {
    let spool = try Spool()
    defer { spool.remove() }
    try spool.publish(0, windows: 6, poison: 2)
    try spool.train()
    let commit = spool.json("checkpoints/g0000/part-00000/COMMIT.json")
    #expect(commit?["step"]?.integer == 3)
    #expect(commit?["applied_steps"]?.integer == 2)
    #expect(commit?["refused_steps"]?.integer == 1)
    let ledger = try Ledger(in: spool.layout.run("main"))
    #expect(ledger.last(.alert)?["message"]?.string?.contains("not finite") == true)
  }

  @Test func aSecondTrainerIsTurnedAway() throws {
    let spool = try Spool()
    defer { spool.remove() }
    let lease = try Lease("trainer", in: spool.layout, process: 1)
    do {
      try spool.train()
      Issue.record("it ran")
    } catch let error as TrainFailure {
      #expect(error.exitCode == 75)
    }
    #expect(lease.isCurrent)
  }

  @Test func stopsAnywhereAndGoesOnWithTheSameBits() throws {
    let whole = try Spool()
    defer { whole.remove() }
    for block in 0..<2 { try whole.publish(block, windows: 7) }
    try whole.train()
    for interruption in 1..<12 {
      let spool = try Spool()
      defer { spool.remove() }
      for block in 0..<2 { try spool.publish(block, windows: 7) }
      var calls = 0
      try spool.train {
        calls += 1
        return calls == interruption
      }
      try spool.train()
      #expect(spool.weights() == whole.weights(), "stopped at boundary \(interruption)")
      #expect(spool.head?["step"]?.integer == whole.head?["step"]?.integer)
    }
  }

  @Test func savesByTheClockAreKeptTwo() throws {
    let spool = try Spool()
    defer { spool.remove() }
    try spool.publish(0, windows: 20)
    var configuration = Spool.configuration
    configuration.train.saveSeconds = 1e-9
    try spool.train(configuration)
    let automatic = spool.checkpoints("g0000").filter { $0.hasPrefix("auto-") }
    #expect(automatic == ["auto-0000008-000008", "auto-0000009-000009"])
    #expect(spool.head?["checkpoint"]?.string == "g0000/part-00000")
  }

  @Test func anotherModelThanTheRunsIsRefused() throws {
    let spool = try Spool()
    defer { spool.remove() }
    try spool.publish(0)
    try spool.train()
    var configuration = Spool.configuration
    configuration.model.hidden = 16
    do {
      try spool.train(configuration)
      Issue.record("it ran")
    } catch let error as TrainFailure {
      #expect(error.description.contains("another shape"))
    }
  }

  @Test func withoutHeadNothingIsGuessed() throws {
    let spool = try Spool()
    defer { spool.remove() }
    try spool.publish(0)
    try spool.train()
    let run = try spool.layout.run("main")
    try run.remove(Head.file)
    try run.remove(Ledger.file)
    do {
      try spool.train()
      Issue.record("it ran")
    } catch let error as TrainFailure {
      #expect(error.description.contains("HEAD.json is missing"))
    }
  }

  @Test func aDamagedBlockIsNotTrained() throws {
    let spool = try Spool()
    defer { spool.remove() }
    try spool.publish(0)
    var bytes = try spool.layout.blocks.read("part-00000.bin")
    bytes[4] ^= 1
    try spool.layout.blocks.replaceFile("part-00000.bin", with: bytes)
    do {
      try spool.train()
      Issue.record("it ran")
    } catch let error as TrainFailure {
      #expect(error.exitCode == 65)
      #expect(spool.json("status/trainer.json")?["state"]?.string == "failed")
    }
  }

  @Test func thePhaseDecidesTheRate() throws {
    let spool = try Spool()
    defer { spool.remove() }
    let main = Phase(end: .blocks(1), seqLen: Spool.seqLen)
    let anneal = Phase(
      name: "anneal", end: .blocks(1), seqLen: Spool.seqLen,
      learningRate: LearningRateShape(decay: .linear, finalRatio: 0))
    try spool.publish(0, windows: 8, phase: main)
    try spool.publish(1, windows: 8, phase: anneal)
    var configuration = Spool.configuration
    configuration.train.warmupSteps = 0
    try spool.train(configuration)
    let lines = try spool.layout.root.read("runs/main/metrics.jsonl").split(separator: 0x0A)
    let rates = try lines.map { try JSONParser.parse(Array($0))["lr"]?.number ?? -1 }
    #expect(rates[..<5].allSatisfy { $0 == 0.01 })
    #expect(zip(rates[4...], rates[5...]).allSatisfy { $0.0 > $0.1 })
    // The phase has 33 tokens; the last step begins after 24 of them.
    #expect(abs(rates[7] - 0.01 * (1 - 24.0 / 33)) < 1e-9)
  }
}
