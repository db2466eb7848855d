import Bytes
import Glibc
import Posix
import Spool
import Testing

@Suite struct LeaseTests {
  @Test("L2: one holder a role, a second one is told who has it")
  func oneHolderARole() throws {
    let spool = try TemporarySpool()
    let first = try Lease("agent", in: spool.layout, process: 101)
    #expect(first.epoch == 1)
    let failure = #expect(throws: Lease.Failure.self) { try Lease("agent", in: spool.layout, process: 102) }
    let text = failure.map { "\($0)" } ?? ""
    for part in ["another agent", "101", "--spool"] { #expect(text.contains(part), "\(text)") }
    #expect(try Lease("trainer", in: spool.layout, process: 102).epoch == 1, "another role is free")
    #expect(first.isCurrent, "who was refused changes nothing")
  }

  @Test("L1: every holder has a later epoch")
  func everyHolderHasALaterEpoch() throws {
    let spool = try TemporarySpool()
    for expected in 1...4 {
      let lease = try Lease("agent", in: spool.layout, process: expected)
      #expect(lease.epoch == expected)
      #expect(lease.isCurrent)
    }
  }

  /// The lock goes with the process, however it ends; the epoch stays.
  @Test func aKilledHolderLetsGo() async throws {
    let spool = try TemporarySpool()
    let path = spool.path.description
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      let lease = try Lease("agent", in: try SpoolLayout(Path(path)), process: Int(getpid()))
      withExtendedLifetime(lease) { _ = kill(getpid(), SIGKILL) }
    }
    #expect(try Lease("agent", in: spool.layout, process: 1).epoch == 2)
  }

  /// On a file system whose locks do not reach the other machine, the epoch tells.
  @Test func aHolderThatWasOvertakenKnowsIt() throws {
    let spool = try TemporarySpool()
    let lease = try Lease("agent", in: spool.layout, process: 1)
    let later = JSONValue.object(["epoch": .integer(lease.epoch + 1), "pid": .integer(2)])
    try spool.layout.leases.replaceFile("agent.json", with: JSONWriter.compact(later))
    #expect(!lease.isCurrent)
  }

  @Test("L3: who was overtaken changes nothing more")
  func overtaken() throws {
    let spool = try TemporarySpool()
    let older = try Lease("trainer", in: spool.layout, process: 1)
    let layout = try spool.layout.guarded(by: older)
    try layout.status.publish("before", [])
    let open = try layout.status.appendFile("log")
    try open.write([1])
    // Its lock does not reach the other machine: as if the lock file were another.
    try spool.layout.leases.remove("trainer.lock")
    let newer = try Lease("trainer", in: spool.layout, process: 2)
    #expect(newer.epoch == older.epoch + 1 && newer.isCurrent && !older.isCurrent)
    let changes: [(String, () throws -> Void)] = [
      ("publish", { try layout.status.publish("a", []) }),
      ("replace", { try layout.status.replaceFile("b", with: []) }),
      ("append", { try open.write([2]) }), ("truncate", { try open.truncate(to: 0) }),
      ("make", { _ = try layout.status.createFile("c") }), ("remove", { try layout.status.remove("before") }),
      ("rename", { try layout.status.rename("before", to: layout.corpus, "d") }),
      ("link", { try layout.status.replaceLink("latest", to: "before") }),
      ("second name", { try layout.status.hardLink("before", to: layout.corpus, "e") }),
      ("below", { try layout.runs.make("main").publish("HEAD.json", []) }),
    ]
    for (name, change) in changes {
      let error = #expect(throws: SystemError.self, "\(name)") { try change() }
      #expect(error?.isSuperseded == true, "\(name)")
      #expect(error?.description.contains("pid 2 on \(Machine.name)") == true, "\(name): \(error?.description ?? "")")
    }
    #expect(try spool.layout.status.names() == ["before", "log"])
    #expect(try spool.layout.status.read("log") == [1])
    #expect(try spool.layout.corpus.names().isEmpty)
    try spool.layout.guarded(by: newer).status.publish("after", [])
  }

  @Test func whoHoldsARoleIsSeenWithoutTakingIt() throws {
    let spool = try TemporarySpool()
    #expect(!Lease.isHeld("agent", in: spool.layout))
    var lease: Lease? = try Lease("agent", in: spool.layout, process: 1)
    for _ in 0..<100 { #expect(Lease.isHeld("agent", in: spool.layout)) }
    #expect(lease?.isCurrent == true)
    lease = nil
    #expect(!Lease.isHeld("agent", in: spool.layout))
    #expect(try Lease("agent", in: spool.layout, process: 1).epoch == 2)
  }
}
