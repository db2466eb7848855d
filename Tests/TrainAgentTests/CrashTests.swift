import Bytes
import Glibc
import Posix
import Spool
import Testing
import TrainAgent
import Training

/// Killed at a durable step and started again, the run ends as if nothing had happened: same weights bit for bit, every
/// request answered once, nothing done twice.
///
/// Every ninth step by default, all of them with PRETRAIND_ALL_KILLS=1.
@Suite(.serialized) struct CrashTests {
  /// Two blocks, a save, a rollback, and checkpoints by the clock after every step.
  private static func prepare() throws -> Spool {
    let spool = try Spool()
    for block in 0..<2 { try spool.publish(block, windows: 4) }
    try spool.drop("save", "at=step:1")
    try spool.drop("rollback", "at=step:3")
    return spool
  }

  private static var configuration: TrainConfiguration {
    var configuration = Spool.configuration
    configuration.train.saveSeconds = 1e-9
    return configuration
  }

  @Test func killedAtEveryDurableStep() async throws {
    let plain = try Self.prepare()
    defer { plain.remove() }
    try plain.train(Self.configuration)
    let stride = getenv("PRETRAIND_ALL_KILLS") == nil ? 9 : 1
    var step = Int.random(in: 1...stride)
    print("killedAtEveryDurableStep from step \(step) by \(stride)")
    while try await killAndGoOn(step, plain) { step += stride }
    print("killedAtEveryDurableStep: the run has fewer than \(step) durable steps")
    #expect(step > 200)
  }

  /// False when the run ended before the step came.
  private func killAndGoOn(_ step: Int, _ plain: Spool) async throws -> Bool {
    let spool = try Self.prepare()
    defer { spool.remove() }
    let path = spool.path.description
    await #expect(processExitsWith: .signal(SIGKILL)) { [step = step as Int, path = path as String] in
      FaultPoint.arm(try FaultPlan("kill@\(step):durable"))
      let spool = try Spool(path: Path(path))
      try spool.train(CrashTests.configuration)
      // Came to the end alive: says so and goes the same way.
      _ = mkdir("\(path)/ended", 0o755)
      kill(getpid(), SIGKILL)
    }
    if spool.layout.root.exists("ended") { return false }
    try spool.train(Self.configuration)
    check(spool, plain, step)
    return true
  }

  /// An empty rollback is taken in the middle of block 1 and the process dies at any step from there on: the next one
  /// begins at the block's beginning, where an empty rollback would mean one block further. It must not.
  @Test("C6: an empty rollback goes where it meant to when it was taken, wherever the process died")
  func frozenRollback() async throws {
    let stride = getenv("PRETRAIND_ALL_KILLS") == nil ? 9 : 1
    var step = Int.random(in: 1...stride)
    var taken = 0
    while true {
      let spool = try Spool()
      defer { spool.remove() }
      for block in 0..<2 { try spool.publish(block, windows: 8) }
      let path = spool.path.description
      await #expect(processExitsWith: .signal(SIGKILL)) { [step = step as Int, path = path as String] in
        let spool = try Spool(path: Path(path))
        var looks = 0
        try spool.train {
          looks += 1
          guard looks == 7 else { return false }
          try spool.drop("rollback")
          FaultPoint.arm(try FaultPlan("kill@\(step):durable"))
          return false
        }
        _ = mkdir("\(path)/ended", 0o755)
        kill(getpid(), SIGKILL)
      }
      if spool.layout.root.exists("ended") { break }
      let wasTaken = !spool.layout.control.exists("rollback")
      try spool.train()
      #expect(spool.answer("rollback")?["state"]?.string == "done", "kill at \(step)")
      #expect(spool.head?["lineage"]?.integer ?? 0 <= 1, "kill at \(step): rolled back once at most")
      if wasTaken {
        taken += 1
        #expect(spool.answer("rollback")?["checkpoint"]?.string == "g0000/part-00000", "kill at \(step)")
      }
      #expect(try spool.layout.taken.names().allSatisfy { $0.hasPrefix(".seq-") || $0.hasPrefix(".stopped-") })
      step += stride
    }
    print("frozenRollback by \(stride): \(step / stride) deaths, \(taken) after the request was taken")
    #expect(taken > 90 / stride)
  }

  private func check(_ spool: Spool, _ plain: Spool, _ step: Int) {
    #expect(spool.weights() == plain.weights(), "weights after a kill at step \(step)")
    #expect(spool.head?["step"]?.integer == 4, "kill at \(step)")
    #expect(spool.head?["lineage"]?.integer == 1, "kill at \(step)")
    #expect(spool.head?["forks"]?.array?.count == 1, "kill at \(step): rolled back once")
    #expect(spool.answer("save")?["state"]?.string == "done", "kill at \(step)")
    #expect(spool.answer("rollback")?["state"]?.string == "done", "kill at \(step)")
    #expect(spool.answer("rollback")?["checkpoint"]?.string == "g0000/part-00000", "kill at \(step)")
    let saves = spool.checkpoints("g0000").filter { $0.hasPrefix("save-0000001") }
    #expect(saves.count == 1, "kill at \(step): saved once")
    #expect((try? spool.layout.taken.names().filter { !$0.hasPrefix(".") }) == [], "kill at \(step)")
  }
}
