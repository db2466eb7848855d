import Bytes
import Glibc
import Posix
import Spool
import Testing

/// Rows of what the sweeps of tools/faults once showed: each in a process of its own, because there is one plan a
/// process.
@Suite struct FaultTests {
  /// The folder's fsync fails after the manifest has its name: published again, never refused as its own twin.
  @Test func aPublishWhoseLastSyncFailedIsDoneAgain() async throws {
    await #expect(processExitsWith: .success) {
      let calm = try TestSpool()
      try calm.drop("web/a.jsonl", texts(20, seed: 7))
      FaultPoint.arm(nil)
      try calm.run(flush: true)
      let syncs = FaultPoint.counts.passes[.fsync] ?? 0
      for number in 1...syncs {
        let spool = try TestSpool()
        try spool.drop("web/a.jsonl", texts(20, seed: 7))
        FaultPoint.arm(try FaultPlan("ENOSPC@\(number):fsync"))
        let failed = Result { try spool.run(flush: true) }
        FaultPoint.disarm()
        // Where nobody waits for room yet the agent ends; what comes out is the same.
        if case .failure = failed { try spool.run(flush: true) }
        #expect(try spool.texts() == calm.texts(), "fsync \(number)")
        #expect(try spool.blocks() == calm.blocks(), "fsync \(number)")
      }
    }
  }

  private static func twoFiles() throws -> TestSpool {
    let spool = try TestSpool()
    try spool.drop("web/a.jsonl", texts(3, seed: 1))
    try spool.drop("web/b.jsonl", texts(3, seed: 2))
    // Two links: it is copied, so it is read before it is claimed.
    let first = "\(spool.layout.incoming.path)/web/a.jsonl"
    #expect(link(first, "\(spool.layout.root.path)/other") == 0)
    return spool
  }

  /// Whatever cannot be read: each file is used, or rejected with that reason, and nothing is left half done.
  @Test func aFileThatCannotBeReadDoesNotStopTheOthers() async throws {
    await #expect(processExitsWith: .success) {
      let calm = try FaultTests.twoFiles()
      FaultPoint.arm(nil)
      try calm.run()
      let reads = FaultPoint.counts.passes[.read] ?? 0
      for number in 1...reads {
        let spool = try FaultTests.twoFiles()
        FaultPoint.arm(try FaultPlan("EIO@\(number):read"))
        try? spool.run()
        FaultPoint.disarm()
        try spool.run()
        let counts = try spool.counts("web")
        let rejected = spool.layout.rejected.exists("web") ? try spool.layout.rejected.open("web").names() : []
        let lost = rejected.filter { $0.hasSuffix(".reason.json") }.count
        #expect(counts["kept"] == 6 - 3 * lost && lost <= 1, "read \(number): \(counts), \(rejected)")
        #expect(try spool.claimed.isEmpty)
      }
    }
  }

  /// Out of descriptors, memory or processes at any call that may say so: no file is rejected for it.
  @Test(arguments: ["EMFILE", "ENFILE", "ENOMEM", "EAGAIN"])
  func whatTheMachineIsShortOfIsNoFaultOfAFile(_ error: String) async throws {
    await #expect(processExitsWith: .success) { [error = error as String] in
      func packed() throws -> TestSpool {
        let spool = try FaultTests.twoFiles()
        try spool.drop("web/c.jsonl", texts(3, seed: 3))
        #expect(try Child.start(["gzip", "\(spool.layout.incoming.path)/web/c.jsonl"]).wait() == 0)
        return spool
      }
      let calm = try packed()
      FaultPoint.arm(nil)
      try calm.run()
      let calls = SystemCall.means.union([.read]).reduce(0) { $0 + (FaultPoint.counts.passes[$1] ?? 0) }
      // Every pause is a second: a sample of the calls, and every start of a program.
      let plans = stride(from: 1, through: calls, by: 53).map { "\(error)@\($0):means,read" } + ["\(error)@1:spawn"]
      var struck = 0
      for plan in plans {
        let spool = try packed()
        FaultPoint.arm(try FaultPlan(plan))
        let failed = Result { try spool.run() }
        struck += FaultPoint.counts.struck
        FaultPoint.disarm()
        if plan.hasSuffix("spawn"), case .failure(let error) = failed { Issue.record("\(plan): \(error)") }
        if case .failure = failed { try spool.run() }
        #expect(try spool.counts("web") == calm.counts("web"), "\(plan)")
        #expect(try spool.texts().sorted() == calm.texts().sorted(), "\(plan)")
        #expect(try spool.layout.rejected.names().isEmpty && spool.claimed.isEmpty, "\(plan)")
      }
      // How often an agent looks at its folders depends on the clock, so a run may end before the last of these calls.
      #expect(struck >= plans.count - 2, "only \(struck) of \(plans.count) struck")
    }
  }

  /// The bad lines whose fdatasync found no room are written to a new file: its fsync and its folder's, nothing else.
  @Test func badLinesThatFoundNoRoomAreWrittenAnew() async throws {
    await #expect(processExitsWith: .success) {
      func spoiled() throws -> TestSpool {
        let spool = try TestSpool()
        let good = texts(20, seed: 7).map { JSONWriter.compact(.object(["text": .string($0)])) + [0x0A] }
        try spool.drop(
          "web/a.jsonl", good.prefix(10).flatMap { $0 } + Array("no json\n".utf8) + good.suffix(10).flatMap { $0 })
        return spool
      }
      let calm = try spoiled()
      FaultPoint.arm(nil)
      try calm.run()
      let right = FaultPoint.counts.passes
      FaultPoint.disarm()
      let bad = try calm.layout.rejected.open("web").read("a.jsonl.bad.jsonl")
      var survived = 0
      for number in 1...(right[.fdatasync] ?? 0) {
        let spool = try spoiled()
        FaultPoint.arm(try FaultPlan("ENOSPC@\(number):fdatasync"))
        let failed = Result { try spool.run() }
        let passes = FaultPoint.counts.passes
        FaultPoint.disarm()
        // The journal's own is never tried again: the agent ends.
        if case .failure = failed {
          try spool.run()
        } else {
          survived += 1
          #expect(passes[.fdatasync] == right[.fdatasync], "it is not asked twice")
          #expect(passes[.fsync] == (right[.fsync] ?? 0) + 2, "a new file and its folder")
        }
        #expect(try spool.layout.rejected.open("web").read("a.jsonl.bad.jsonl") == bad, "fdatasync \(number)")
        #expect(try spool.texts() == calm.texts())
      }
      #expect(survived == 1, "that of the bad lines")
    }
  }

  @Test func everyFlushIsAnsweredBeforeLeaving() throws {
    let spool = try TestSpool()
    try spool.drop("web/a.jsonl", texts(5, seed: 3))
    try spool.run()
    for tag in ["a", "b", "c"] { try spool.layout.control.replaceFile(Path("flush.\(tag)"), with: []) }
    try spool.run()
    #expect(try spool.json("control/ack/last-flush.a.json")["state"]?.string == "done")
    for tag in ["b", "c"] {
      #expect(try spool.json(Path("control/ack/last-flush.\(tag).json"))["block"] == nil)
    }
  }

  /// Decided, not made, not answered: the next start makes the block and says so, not that there was nothing.
  @Test func aFlushThatWasDecidedIsAnsweredWithItsBlock() async throws {
    let spool = try TestSpool()
    try spool.drop("web/a.jsonl", texts(5, seed: 3))
    try spool.run()
    try spool.layout.control.replaceFile("flush", with: [])
    let path = spool.layout.root.path.description
    for step in 1...400 {
      var isOver = false
      await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, step = step as Int] in
        let spool = try TestSpool(at: Path(path))
        FaultPoint.arm(try FaultPlan("kill@\(step):durable"))
        try spool.run()
        kill(getpid(), SIGKILL)
      }
      isOver = try spool.events("block-intent").count > 0
      if isOver { break }
    }
    try spool.run()
    let answer = try spool.json("control/ack/last-flush.json")
    #expect(answer["state"]?.string == "done", "\(answer)")
    #expect(try answer["block"]?.integer == spool.status["blocks"]?["next"]?.integer.map { $0 - 1 }, "\(answer)")
  }
}
