import Bytes
import Glibc
import Posix
import Spool
import Synchronization
import Testing

/// Writers as people have them against a taker that looks all the time: nothing empty or torn is ever read of what was
/// written, and the last word is never lost. PRETRAIND_SENTINEL_WRITES sets how many of each (500).
@Suite(.serialized) struct SentinelRaceTests {
  static var writes: Int { getenv("PRETRAIND_SENTINEL_WRITES").flatMap { Int(String(cString: $0)) } ?? 500 }

  struct Writer: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// Shell, `$i` is the number.
    let script: String
    /// What a program that is no writer of content leaves empty.
    var isEmpty = false
  }

  static let writers = [
    Writer(testDescription: "echo >", script: "echo reason=$i > save.x"),
    Writer(testDescription: "echo > in two writes", script: "{ echo at=step:0; echo reason=$i; } > save.x"),
    Writer(testDescription: "printf >>", script: "printf 'reason=%s\\n' $i >> save.$i"),
    Writer(testDescription: "mv", script: "echo reason=$i > .draft; mv .draft save.x"),
    Writer(testDescription: "ln", script: "echo reason=$i > .draft$i; ln .draft$i save.$i; rm .draft$i"),
    Writer(testDescription: "touch", script: "touch save.x", isEmpty: true),
    Writer(testDescription: "truncate", script: ": > save.x", isEmpty: true),
  ]

  @Test(arguments: writers) func everyWriterIsReadWhole(_ writer: Writer) throws {
    let spool = try TemporarySpool()
    let count = SentinelRaceTests.writes
    let folder = try ControlFolder(
      layout: spool.layout, role: .trainer, rules: ControlRules(keepAcknowledgements: 1_000_000))
    let script = "cd '\(spool.layout.control.path)' && for ((i = 1; i <= \(count); i++)); do \(writer.script); done"
    let child = try Child.start(["bash", "-c", script])
    var reasons: [(request: Int, reason: Int)] = []
    var (taken, coalesced) = (0, 0)
    var isOver = false
    var idle = 0
    while idle < 30 {
      let requests = try folder.poll()
      for request in requests {
        taken += 1
        if let reason = request.arguments["reason"].flatMap({ Int($0) }) { reasons.append((request.sequence, reason)) }
        // Of two that were found in one look the newer one counts.
        if folder.isOpen(request) { try folder.update(request, .done) } else { coalesced += 1 }
      }
      isOver = isOver || child.poll() != nil
      if isOver && requests.isEmpty {
        Clock.sleep(0.01)
        idle += 1
      } else {
        idle = 0
      }
    }
    #expect(child.wait() == 0)
    #expect(try spool.layout.control.names() == [".taken", "ack"])
    print("sentinel race, \(writer.testDescription): \(count) writes, \(taken) taken, \(coalesced) coalesced")
    let answers = try spool.layout.acknowledgements.names().filter { !$0.hasPrefix("last-") }
    let states = try answers.map { try JSONParser.parse(spool.layout.acknowledgements.read($0))["state"]?.string ?? "" }
    #expect(states.count == taken && states.count { $0 == "done" } == taken - coalesced, "an answer for each")
    #expect(states.count { $0 == "coalesced" } == coalesced, "torn or empty: \(Set(states))")
    #expect(taken > 0)
    if writer.isEmpty { return }
    #expect(reasons.count == taken, "\(taken - reasons.count) read empty")
    let inOrder = reasons.sorted { $0.request < $1.request }.map(\.reason)
    #expect(reasons.contains { $0.reason == count }, "the last word")
    // Each of its own name: none may be missing.
    if writer.script.contains("save.$i") {
      #expect(Set(inOrder).count == count)
    } else {
      #expect(inOrder == inOrder.sorted() && Set(inOrder).count == taken, "a later request says something older")
    }
  }

  /// In a sticky folder, as tmpfiles.d lays it out, with fs.protected_regular=2 a user may touch another's sentinel but
  /// not write it.
  @Test func twoUsersTouchTheSameName() throws {
    guard getuid() == 0 else { return print("skipped: making files of two users needs root") }
    let spool = try TemporarySpool()
    #expect(chmod("\(spool.path)", 0o755) == 0 && chown("\(spool.layout.control.path)", 0, 12000) == 0)
    #expect(chmod("\(spool.layout.control.path)", 0o3775) == 0)
    let folder = try ControlFolder(layout: spool.layout, role: .trainer)
    let count = min(200, SentinelRaceTests.writes)
    func writer(_ user: Int) throws -> Child {
      let loop = "for ((i = 0; i < \(count); i++)); do touch save || exit 1; done"
      return try Child.start(
        [
          "setpriv", "--reuid=\(user)", "--regid=12000", "--clear-groups", "bash", "-c",
          "umask 002; cd '\(spool.layout.control.path)'; \(loop)",
        ])
    }
    let writers = [try writer(12001), try writer(12002)]
    var taken: [ControlRequest] = []
    while writers.contains(where: { $0.poll() == nil }) {
      for request in try folder.poll() {
        taken.append(request)
        try folder.update(request, .done)
      }
    }
    #expect(writers.map { $0.wait() } == [0, 0])
    try spool.untilPolled(folder) { requests in
      taken += requests
      return !spool.layout.control.exists("save")
    }
    #expect(Set(taken.map(\.user)).isSubset(of: [12001, 12002]) && !taken.isEmpty)
  }
}
