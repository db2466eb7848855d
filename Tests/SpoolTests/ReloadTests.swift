import Bytes
import Glibc
import Posix
import Spool
import Testing

/// One reload, three roles: who runs is linked in and says what it makes of it, and the one answer gathers that.
@Suite struct ReloadTests {
  /// A role that runs: its lease, its view of `control/`, what it would say.
  private final class Role {
    let role: ControlRole
    let spool: TemporarySpool
    var lease: Lease?
    var folder: ControlFolder
    var verdict: ReloadVerdict
    private(set) var lives = 1

    init(_ role: ControlRole, _ spool: TemporarySpool, _ verdict: ReloadVerdict) throws {
      self.role = role
      self.spool = spool
      self.verdict = verdict
      lease = try Lease(role.rawValue, in: spool.layout, process: Int(getpid()))
      folder = try ControlFolder(layout: spool.layout, role: role)
    }

    /// One look; a role that must begin anew does, as the same process with another configuration.
    func turn() throws {
      _ = try folder.poll()
      guard try folder.obeyReload({ verdict }) else { return }
      lease = nil
      lease = try Lease(role.rawValue, in: spool.layout, process: Int(getpid()))
      folder = try ControlFolder(layout: spool.layout, role: role)
      verdict = .unchanged
      lives += 1
    }
  }

  private func settle(_ spool: TemporarySpool, _ roles: [Role], seconds: Double = 3) throws -> JSONValue {
    let end = Clock.monotonic() + seconds
    while Clock.monotonic() < end {
      for role in roles { try role.turn() }
      if let answer = spool.answer("reload"), ["done", "rejected"].contains(answer["state"]?.string) { return answer }
      Clock.sleep(0.02)
    }
    return spool.answer("reload") ?? .null
  }

  private func expectNothingLeft(_ spool: TemporarySpool, at place: SourceLocation = #_sourceLocation) throws {
    #expect(try spool.layout.control.names() == [".taken", "ack"], sourceLocation: place)
    let left = try spool.layout.taken.names().filter { !$0.hasPrefix(".seq-") }
    #expect(left.isEmpty, sourceLocation: place)
  }

  @Test func everyRoleThatRunsBeginsAnew() throws {
    let spool = try TemporarySpool()
    let roles = try [
      Role(.agent, spool, .changed(["compose.seed"])), Role(.trainer, spool, .changed(["train.peak_lr"])),
      Role(.evaluator, spool, .unchanged),
    ]
    try spool.drop("reload", "reason=why\n")
    let answer = try settle(spool, roles)
    #expect(answer["state"]?.string == "done")
    #expect(answer["message"]?.string == "changed: compose.seed, train.peak_lr")
    #expect(answer["roles"]?["agent"]?.string?.hasPrefix("done") == true)
    #expect(answer["roles"]?["evaluator"]?.string?.contains("nothing of it is different") == true)
    #expect(roles.map(\.lives) == [2, 2, 1])
    try expectNothingLeft(spool)
  }

  @Test func whoRefusesSaysWhyAndGoesOn() throws {
    let spool = try TemporarySpool()
    let reason = "tokenize.vocab_size cannot change"
    let roles = try [Role(.agent, spool, .refused(reason)), Role(.trainer, spool, .refused(reason))]
    try spool.drop("reload")
    let answer = try settle(spool, roles)
    #expect(answer["state"]?.string == "rejected")
    #expect(answer["message"]?.string == reason, "the same reason is told once")
    #expect(answer["roles"]?["evaluator"]?.string == "not running")
    #expect(roles.map(\.lives) == [1, 1])
    try expectNothingLeft(spool)
  }

  @Test func withoutAnAgentTheNextInLineTakesIt() throws {
    let spool = try TemporarySpool()
    let roles = try [Role(.evaluator, spool, .unchanged), Role(.trainer, spool, .changed(["train.peak_lr"]))]
    try spool.drop("reload.cron")
    let end = Clock.monotonic() + 10
    while spool.answer("reload.cron")?["state"]?.string != "done", Clock.monotonic() < end {
      for role in roles { try role.turn() }
      Clock.sleep(0.02)
    }
    #expect(spool.answer("reload.cron")?["state"]?.string == "done")
    #expect(spool.answer("reload.cron")?["roles"]?["agent"]?.string == "not running")
    try expectNothingLeft(spool)
  }

  @Test("C8: a start after a reload that this role left for is that reload")
  func begunAnew() throws {
    let spool = try TemporarySpool()
    let roles = try [Role(.agent, spool, .changed(["clean.off"]))]
    try spool.drop("reload")
    _ = try roles[0].folder.poll()
    // It says that it leaves, and dies instead.
    #expect(try roles[0].folder.obeyReload { .changed(["clean.off"]) })
    #expect(spool.answer("reload")?["state"]?.string == "running")
    roles[0].folder = try ControlFolder(layout: spool.layout, role: .agent)
    roles[0].verdict = .refused("must not be asked")
    #expect(try settle(spool, roles)["state"]?.string == "done")
    try expectNothingLeft(spool)
  }

  @Test("C9: a link to a request that has its answer is removed")
  func leftLink() throws {
    let spool = try TemporarySpool()
    try spool.drop(".for-trainer-000003-reload")
    let folder = try ControlFolder(layout: spool.layout, role: .trainer)
    _ = try folder.poll()
    #expect(try !folder.obeyReload { .unchanged })
    try expectNothingLeft(spool)
  }

  /// Killed at every step of a reload and started again: it comes to its end, and nothing of it stays.
  @Test func killedAnywhere() async throws {
    await #expect(processExitsWith: .success) {
      for number in 1..<400 {
        let spool = try TemporarySpool()
        let tests = ReloadTests()
        let trainer = try Role(.trainer, spool, .changed(["train.peak_lr"]))
        let agent = try Role(.agent, spool, .changed(["clean.off"]))
        try spool.drop("reload")
        // A call that fails ends the role, as a kill before it would; the next start finds what there was.
        FaultPoint.arm(try FaultPlan("EIO@\(number):create,fsync,rename,unlink"))
        do {
          for _ in 0..<6 { for role in [agent, trainer] { try role.turn() } }
        } catch {
          FaultPoint.disarm()
          for role in [agent, trainer] {
            role.lease = nil
            role.lease = try Lease(role.role.rawValue, in: spool.layout, process: 1)
            role.folder = try ControlFolder(layout: spool.layout, role: role.role)
          }
        }
        let struck = FaultPoint.counts.struck
        FaultPoint.disarm()
        let answer = try tests.settle(spool, [agent, trainer])
        #expect(answer["state"]?.string == "done", "call \(number)")
        try tests.expectNothingLeft(spool)
        if struck == 0 { return }
      }
    }
  }
}
