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
