import Bytes
import Glibc
import Posix
import Spool
import Testing

@Suite struct LeaseTests {
  @Test func oneHolderARole() throws {
    let spool = try TemporarySpool()
    let first = try Lease("agent", in: spool.layout, process: 101)
    #expect(first.epoch == 1)
    let failure = #expect(throws: Lease.Failure.self) { try Lease("agent", in: spool.layout, process: 102) }
    let text = failure.map { "\($0)" } ?? ""
    for part in ["another agent", "101", "--spool"] { #expect(text.contains(part), "\(text)") }
    #expect(try Lease("trainer", in: spool.layout, process: 102).epoch == 1, "another role is free")
    #expect(first.isCurrent, "who was refused changes nothing")
  }

  @Test func everyHolderHasALaterEpoch() throws {
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
}
