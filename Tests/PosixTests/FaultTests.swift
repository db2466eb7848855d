import Fixtures
import Glibc
import Posix
import Testing

/// The layer that makes calls go wrong, and how this room takes it when they do. Serialized: there is one plan a
/// process.
@Suite(.serialized) struct FaultTests {
  @Test(arguments: [
    ("kill@12", FaultPlan.Kind.kill, 12, false, SystemCall.allCases.count),
    ("ENOSPC@3", .fail(ENOSPC), 3, false, SystemCall.allCases.count),
    ("EIO@1+:write,fsync", .fail(EIO), 1, true, 2), ("short@2", .short, 2, false, 3),
    ("kill@7:durable", .kill, 7, false, 5), ("EDQUOT@7+:space", .fail(EDQUOT), 7, true, 9),
  ])
  func aPlanIsRead(_ text: String, _ kind: FaultPlan.Kind, _ at: Int, _ forGood: Bool, _ calls: Int) throws {
    let plan = try FaultPlan(text)
    #expect(plan.kind == kind && plan.at == at && plan.forGood == forGood && plan.calls.count == calls)
  }

  @Test(arguments: ["", "kill", "kill@", "kill@0", "kill@x", "EFOO@1", "EIO@1:wirte", "EIO@1:", "EIO@1@2"])
  func aMisspeltPlanIsRefused(_ text: String) {
    #expect(throws: FaultPlan.Misspelt.self) { try FaultPlan(text) }
  }

  /// Runs with a plan in force.
  private func with(_ plan: String, _ work: () throws -> Void) throws -> Int {
    FaultPoint.arm(try FaultPlan(plan))
    defer { FaultPoint.disarm() }
    try work()
    return FaultPoint.counts.struck
  }

  @Test func onceMeansOnceAndForGoodMeansFromThenOn() async throws {
    await #expect(processExitsWith: .success) {
      let scratch = try Scratch()
      let tests = FaultTests()
      let once = try tests.with("EIO@2:stat") {
        #expect(failure { _ = try scratch.directory.status(".") } == nil)
        #expect(failure { _ = try scratch.directory.status(".") }?.code == EIO)
        #expect(failure { _ = try scratch.directory.status(".") } == nil)
      }
      let forGood = try tests.with("EIO@2+:stat") {
        #expect(failure { _ = try scratch.directory.status(".") } == nil)
        #expect(failure { _ = try scratch.directory.status(".") }?.code == EIO)
        #expect(failure { _ = try scratch.directory.status(".") }?.code == EIO)
      }
      #expect(once == 1 && forGood == 2)
    }
  }

  /// Every kind of call of this room, used once.
  static func useEveryCall(_ scratch: Scratch) throws {
    let top = scratch.directory
    let folder = try top.make("folder")
    try folder.publish("a", [UInt8](repeating: 7, count: 1000))
    try folder.replaceFile("a", with: [UInt8](repeating: 8, count: 1000))
    let log = try folder.appendFile("log")
    try log.write([UInt8](repeating: 9, count: 100))
    try log.syncData()
    try log.truncate(to: 50)
    try log.seek(to: 0)
    #expect(try log.readAll() == [UInt8](repeating: 9, count: 50))
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4, alignment: 8)
    defer { buffer.deallocate() }
    #expect(try log.read(at: 48, into: buffer) <= 2)
    #expect(try log.tryLock())
    _ = log.probeReadLease()
    #expect(try MappedFile(try folder.openFile("a")).bytes.count == 1000)
    try folder.replaceLink("link", to: "a")
    try folder.hardLink("a", to: folder, "again")
    #expect(try folder.names() == ["a", "again", "link", "log"])
    #expect(try DiskSpace(of: top).totalBytes >= 0)
    #expect(try Child.start(["true"]).wait() == 0)
    var writeBack = WriteBack()
    try writeBack.wrote(1 << 26, to: log)
    try top.removeAll("folder")
    #expect(try top.isThere("folder") == false)
  }

  @Test func everyCallPassesAndEachMayFail() async throws {
    await #expect(processExitsWith: .success) {
      let scratch = try Scratch()
      FaultPoint.arm(nil)
      try FaultTests.useEveryCall(scratch)
      FaultPoint.disarm()
      let passes = FaultPoint.counts.passes
      #expect(Set(passes.keys) == Set(SystemCall.allCases))
      for (call, count) in passes where call != .lease {
        for number in 1...count {
          FaultPoint.arm(try FaultPlan("EIO@\(number):\(call.rawValue)"))
          let failed = failure { try FaultTests.useEveryCall(scratch) }
          let struck = FaultPoint.counts.struck
          FaultPoint.disarm()
          // Looking whether a folder must be made asks again by making it.
          let mayRecover = call == .open || call == .fstat
          let isTold = mayRecover || failed?.code == EIO
          #expect(struck == 1 && isTold, "\(call) \(number): \(String(describing: failed))")
          try scratch.directory.removeAll("folder")
        }
      }
    }
  }

  @Test(arguments: ["EINTR@1+", "short@1+"])
  func interruptionsAndShortTransfersAreInvisible(_ plan: String) async throws {
    await #expect(processExitsWith: .success) { [plan = plan as String] in
      let scratch = try Scratch()
      FaultPoint.arm(try FaultPlan(plan))
      // A child that is started anew is the one thing the kernel does not interrupt.
      let failed = failure { try FaultTests.useEveryCall(scratch) }
      #expect(failed == nil || failed?.call == "spawn", "\(String(describing: failed))")
      #expect(FaultPoint.counts.struck > 3)
      FaultPoint.disarm()
    }
  }

  @Test(arguments: SystemCall.allCases)
  func aKillComesAtTheCall(_ call: SystemCall) async throws {
    let scratch = try Scratch()
    let path = scratch.path
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, call = call.rawValue as String] in
      FaultPoint.arm(try FaultPlan("kill@1:\(call)"))
      try FaultTests.useEveryCall(Scratch(at: Path(path)))
      exit(0)
    }
  }

  /// A file whose fsync failed is written anew, never synced again.
  @Test func aFailedSyncIsNotTriedAgainOnTheSameFile() async throws {
    await #expect(processExitsWith: .success) {
      let scratch = try Scratch()
      FaultPoint.arm(try FaultPlan("EIO@1:fsync"))
      #expect(failure { try scratch.directory.publish("a", [1]) }?.code == EIO)
      #expect(!scratch.directory.exists(".a.tmp"), "the file whose sync failed is gone")
      try scratch.directory.publish("a", [2])
      FaultPoint.disarm()
      #expect(try scratch.directory.read("a") == [2])
    }
  }

  /// In a sticky folder fs.protected_regular refuses O_CREAT on files of others: what is there is opened without.
  @Test func appendingToWhatIsThereMakesNothing() async throws {
    await #expect(processExitsWith: .success) {
      let scratch = try Scratch()
      FaultPoint.arm(nil)
      try scratch.directory.appendFile("log").write([1])
      #expect(FaultPoint.counts.passes[.create] == 1)
      try scratch.directory.appendFile("log").write([2])
      #expect(FaultPoint.counts.passes[.create] == 1)
      FaultPoint.disarm()
      #expect(try scratch.directory.read("log") == [1, 2])
    }
  }
}
