import Bytes
import Posix
import Spool
import Testing
import TrainAgent
import Training

@Suite struct SentinelTests {
  private func prepared(blocks: Int = 3, windows: Int = 6) throws -> Spool {
    let spool = try Spool()
    for block in 0..<blocks { try spool.publish(block, windows: windows) }
    return spool
  }

  @Test func saveMakesACheckpointThatIsNeverRemoved() throws {
    let spool = try prepared()
    defer { spool.remove() }
    try spool.drop("save", "at=step:2")
    try spool.drop("save.bob", "at=step:2")
    try spool.train()
    #expect(spool.checkpoints("g0000").contains("save-0000002-000001"))
    for name in ["save", "save.bob"] {
      let answer = spool.answer(name)
      #expect(answer?["state"]?.string == "done")
      #expect(answer?["step"]?.integer == 2)
      #expect(answer?["block"]?.integer == 0)
      #expect(answer?["checkpoint"]?.string == "g0000/save-0000002-000001")
    }
    #expect(spool.head?["step"]?.integer == 9)
  }

  @Test(arguments: [
    // Middle of block 1: back to the state after block 0.
    ("at=step:4", "g0000/part-00000", 3),
    // Middle of block 0: back to the beginning.
    ("at=step:1", "g0000/init", 0),
    // Block 2 not begun: one block further than the state we are in.
    ("at=step:6", "g0000/part-00000", 3),
    ("at=block:1", "g0000/init", 0),
    ("at=step:7\nto=part-00000", "g0000/part-00000", 3),
    ("at=step:7\nto=init", "g0000/init", 0),
    ("at=step:7\nto=g0000/part-00001", "g0000/part-00001", 6),
  ])
  func rollbackGoesWhereItSays(_ content: String, _ target: String, _ step: Int) throws {
    let plain = try prepared()
    defer { plain.remove() }
    try plain.train()
    let spool = try prepared()
    defer { spool.remove() }
    try spool.drop("rollback", content)
    try spool.train()
    let answer = spool.answer("rollback")
    #expect(answer?["state"]?.string == "done")
    #expect(answer?["checkpoint"]?.string == target)
    #expect(answer?["step"]?.integer == step)
    #expect(spool.head?["lineage"]?.integer == 1)
    #expect(spool.head?["forks"]?.array?.first?["from"]?.string == target)
    // The same blocks in the same order again: the same weights as without going back.
    #expect(spool.weights() == plain.weights())
    #expect(spool.head?["step"]?.integer == 9)
    #expect(spool.checkpoints("g0001").last == "part-00002")
  }

  @Test func rollbackSavesFirstAndDeletesNothing() throws {
    let spool = try prepared()
    defer { spool.remove() }
    try spool.drop("rollback", "at=step:5")
    try spool.train()
    #expect(spool.checkpoints("g0000") == ["init", "part-00000", "save-0000005-000001"])
    #expect(spool.json("checkpoints/g0000/save-0000005-000001/COMMIT.json")?["reason"]?.string == "rollback")
    #expect(spool.checkpoints("g0001") == ["part-00001", "part-00002"])
    #expect(try Directory(spool.layout.runs.path / "main/tb").names() == ["g0000", "g0001", "main"])
    #expect(try Directory(spool.layout.runs.path / "main/tb/main").names().count == 2)
  }

  @Test func twoRollbacksGoBackTwice() throws {
    let spool = try prepared()
    defer { spool.remove() }
    try spool.drop("rollback.a", "at=step:7")
    try spool.drop("rollback.b", "at=step:7")
    try spool.train()
    #expect(spool.answer("rollback.a")?["checkpoint"]?.string == "g0000/part-00001")
    #expect(spool.answer("rollback.b")?["checkpoint"]?.string == "g0000/part-00000")
    #expect(spool.head?["lineage"]?.integer == 2)
  }

  @Test(arguments: [
    ("at=step:7\nto=part-00009", "the nearest is part-00001"), ("at=step:7\nto=part9", "the nearest is part-0000"),
    ("at=step:7\nto=g0003/init", "no checkpoint g0003/init"), ("at=step:7\nskip=part-00001", "skip="),
    ("to=init\nlr_scale=0.5", "lr_scale="),
  ])
  func rollbackThatCannotBeIsRefused(_ content: String, _ reason: String) throws {
    let spool = try prepared()
    defer { spool.remove() }
    try spool.drop("rollback", content)
    try spool.train()
    #expect(spool.answer("rollback")?["state"]?.string == "rejected")
    #expect(spool.answer("rollback")?["message"]?.string?.contains(reason) == true)
    #expect(spool.head?["lineage"]?.integer == 0)
  }

  @Test func savesThenRollbackThenStopAtOneBoundary() throws {
    let spool = try prepared()
    defer { spool.remove() }
    for name in ["stop", "rollback", "save"] { try spool.drop(name, "at=step:4") }
    try spool.train()
    #expect(spool.answer("save")?["checkpoint"]?.string?.hasPrefix("g0000/save-0000004") == true)
    #expect(spool.answer("rollback")?["checkpoint"]?.string == "g0000/part-00000")
    #expect(spool.answer("stop")?["state"]?.string == "done")
    #expect(spool.head?["lineage"]?.integer == 1)
    #expect(spool.head?["step"]?.integer == 3)
    #expect(spool.json("status/trainer.json")?["state"]?.string == "stopped")
  }

  @Test func stopIsObeyedWhileWaitingForTheFirstBlock() throws {
    let spool = try Spool()
    defer { spool.remove() }
    try spool.drop("stop")
    try spool.train()
    #expect(spool.answer("stop")?["state"]?.string == "done")
  }

  @Test func pauseHoldsUntilItIsRemoved() throws {
    let spool = try prepared()
    defer { spool.remove() }
    try spool.drop("pause", "at=step:2")
    var looks = 0
    try spool.train {
      guard spool.layout.control.exists("pause"), spool.json("status/trainer.json")?["state"]?.string == "paused" else {
        return false
      }
      #expect(spool.answer("pause")?["state"]?.string == "running")
      #expect(spool.answer("pause")?["step"]?.integer == 2)
      looks += 1
      if looks == 2 { try spool.layout.control.remove("pause") }
      return false
    }
    #expect(looks >= 2)
    #expect(spool.answer("pause")?["state"]?.string == "done")
    #expect(spool.head?["step"]?.integer == 9)
  }

  @Test(arguments: ["anneal", "lr", "skip", "export"])
  func verbsNotTakenYetSaySo(_ verb: String) throws {
    let spool = try prepared(blocks: 1)
    defer { spool.remove() }
    try spool.drop(verb)
    try spool.train()
    #expect(spool.answer(verb)?["state"]?.string == "rejected")
    #expect(spool.answer(verb)?["message"]?.string?.contains("save, rollback, pause and stop") == true)
  }

  @Test func whatIsOlderThanTheLastCleanStopIsStale() throws {
    let spool = try prepared(blocks: 1)
    defer { spool.remove() }
    try spool.train()
    // Written before the stop, found after it: as on a machine that was off.
    try spool.drop("rollback")
    try spool.drop("save")
    let old = Child.arguments([
      "touch", "-d", "2001-01-01", "\(spool.path)/control/rollback", "\(spool.path)/control/save",
    ])
    #expect(old == 0)
    try spool.train()
    #expect(spool.answer("rollback")?["state"]?.string == "rejected")
    #expect(spool.answer("rollback")?["message"]?.string?.contains("older than the last clean stop") == true)
    #expect(spool.answer("save")?["state"]?.string == "done")
  }
}

extension Child {
  /// Runs a command to its end; its exit status.
  static func arguments(_ words: [String]) -> Int32 { (try? Child.start(words))?.wait() ?? -1 }
}
