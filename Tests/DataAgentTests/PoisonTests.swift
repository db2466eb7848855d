import Bytes
import Decoding
import Glibc
import Posix
import Spool
import Testing

@testable import DataAgent

/// What is known of records that were in hand at a death, and what the next start makes of it.
@Suite struct PoisonTests {
  private let spool: TestSpool
  private var state: Directory { spool.layout.state }

  init() throws { spool = try TestSpool() }

  private func claim(_ sequence: Int, read: Int = 0) -> Claim {
    let status = ClaimedStatus(size: 1, modified: 0, device: 0, inode: 0, copied: false)
    var claim = Claim(sequence: sequence, path: "web/a.jsonl", status: status, options: [])
    claim.progress.record = read
    return claim
  }

  /// A run that dies with these in hand.
  private func die(_ run: Int, _ keys: [RecordKey]) {
    let slots = WorkingSlots(state, threads: 3, run: run)
    for (slot, key) in keys.enumerated() { slots.note(slot, key, .prepare) }
  }

  private func suspects(_ claims: [Claim]) -> Suspects {
    Suspects(state, Dictionary(uniqueKeysWithValues: claims.map { ($0.sequence, $0) }))
  }

  private let good = RecordKey(claim: 1, record: 7)
  private let other = RecordKey(claim: 2, record: 0)

  @Test("F14: what a run that was not counted yet had in hand gets one death more, once")
  func deathsAreCountedOnce() throws {
    die(5, [good, other])
    #expect(!suspects([claim(1), claim(2)]).isSuspect(good))
    #expect(!suspects([claim(1), claim(2)]).isSuspect(good), "the same run again")
    die(6, [good])
    let now = suspects([claim(1), claim(2)])
    #expect(now.isSuspect(good) && !now.isSuspect(other))
    #expect(now.isSuspect(claim: 1) && now.isSuspect(claim: 2) && !now.isSuspect(claim: 3))
    now.forget(good)
    #expect(!suspects([claim(1), claim(2)]).isSuspect(good))
  }

  @Test("F15: what was committed, or is of a file that is finished, is beyond suspicion")
  func committedIsInnocent() throws {
    for run in 1...2 {
      die(run, [good, other])
      _ = suspects([claim(1), claim(2)])
    }
    #expect(!suspects([claim(1, read: 8), claim(2)]).isSuspect(good))
    #expect(suspects([claim(1, read: 8), claim(2)]).isSuspect(other))
    #expect(!suspects([claim(1, read: 8)]).isSuspect(other))
  }

  private func found() throws -> [String] {
    var check = AgentCheck(spool.layout.root, isDeep: false)
    return try check.run().list.map { "\($0.row) \($0.action.rawValue)" }
  }

  @Test("F14, F15, F16, F17: what check says of the files that a dead agent left, and that the start puts them right")
  func checked() throws {
    try spool.run()
    #expect(try found() == [])
    die(1000, [good])
    #expect(try found() == ["F14 goes on"])
    _ = suspects([claim(1)])
    #expect(try found() == ["F14 removed", "F15 removed"], "counted; its file is finished")
    try state.replaceFile("suspects.json", with: [1])
    try state.replaceFile("trial.json", with: [1])
    #expect(try found() == ["F14 goes on", "F16 made again", "F17 removed"])
    try spool.run()
    #expect(try found() == [])
  }

  @Test("F18: bad lines of a file that was used stay and are told")
  func forgottenBadLines() throws {
    try spool.drop("web/a.jsonl", texts(40, seed: 30))
    try spool.run()
    try spool.drop("web/b.jsonl", texts(7, seed: 31))
    try spool.run()
    let name = Claim.claimedName(1) + ".bad.jsonl"
    try spool.layout.claimed.replaceFile(name, with: Array("{}\n".utf8))
    #expect(try found() == ["F18 left"])
    try spool.run()
    #expect(spool.layout.claimed.exists(name))
    try spool.layout.state.open("draws").replaceFile("part-00099.r1.draw", with: [1])
    #expect(try found() == ["S2 left", "F18 left"])
  }

  @Test func aCrashIsToldFromAKill() async throws {
    let path = spool.layout.root.path.description
    for (signal, isCrash) in [(SIGSEGV, true), (SIGABRT, true), (SIGKILL, false), (SIGTERM, false)] {
      await #expect(processExitsWith: .signal(signal)) { [path = path as String, signal = signal as Int32] in
        let folder = try Directory(Path(path)).open("state")
        let slots = WorkingSlots(folder, threads: 3, run: 9)
        slots.note(0, RecordKey(claim: 1, record: 7), .deduplicate)
        if signal == SIGTERM { Glibc.signal(SIGTERM, SIG_DFL) }
        // To the process: threads of the test library keep such signals back.
        kill(getpid(), signal)
        sleep(5)
      }
      let left = try #require(WorkingSlots.left(in: state))
      #expect(left.crash == (isCrash ? signal : 0) && left.stages == [RecordKey(claim: 1, record: 7): .deduplicate])
    }
  }

  /// A kill from outside, however it is called, is none of its own.
  @Test func aSignalFromOutsideIsNoCrash() async throws {
    let path = spool.layout.root.path.description
    await #expect(processExitsWith: .signal(SIGSEGV)) { [path = path as String] in
      let folder = try Directory(Path(path)).open("state")
      let slots = WorkingSlots(folder, threads: 3, run: 9)
      slots.note(0, RecordKey(claim: 1, record: 7), .deduplicate)
      _ = try Child.start(["sh", "-c", "kill -SEGV \(getpid())"]).wait()
      sleep(5)
    }
    #expect(WorkingSlots.left(in: state)?.crash == 0)
  }

  /// Only crashes with nothing else in hand count, and only of a record that came through alone.
  @Test func whatConvictsARecordThatComesThroughAlone() throws {
    func die(_ run: Int, crash: Int) throws {
      let slots = WorkingSlots(state, threads: 3, run: run)
      slots.note(0, good, .deduplicate)
      var bytes = try state.read("working")
      bytes[24] = UInt8(crash)
      try state.replaceFile("working", with: bytes)
    }
    for run in 1...2 {
      try die(run, crash: 11)
      _ = suspects([claim(1)])
    }
    #expect(suspects([claim(1)]).isSuspect(good) && !suspects([claim(1)]).isLone(good))
    suspects([claim(1)]).clear(good)
    #expect(!suspects([claim(1)]).isSuspect(good) && suspects([claim(1)]).isLone(good))
    for run in 3...12 {
      try die(run, crash: 0)
      #expect(suspects([claim(1)]).conviction(good) == nil, "killed from outside, run \(run)")
    }
    for run in 13...14 {
      try die(run, crash: 6)
      #expect(suspects([claim(1)]).conviction(good) == nil)
    }
    try die(15, crash: 6)
    let crashed = try #require(suspects([claim(1)]).conviction(good))
    #expect(crashed.crashes == 3 && crashed.signal == 6 && crashed.stage == "deduplicate")
    let poison = Poison(good, at: ClaimProgress(), crashed)
    #expect(Poison(poison.journalRecord) == poison && poison.canBePassedOver)
    #expect(poison.reason.contains("3 agents that had nothing else in hand crashed of it (stage deduplicate)"))
    #expect(suspects([claim(1, read: 8)]).conviction(good) == nil, "committed: beyond suspicion")
  }

  private static let rubbish = ["", "{", "[]", "{\"suspects\": [{\"claim\": 1}, 5]}", "\u{0}\u{0}"]

  @Test("F16: a file of suspects that cannot be read is an empty one", arguments: Self.rubbish)
  func unreadable(_ content: String) throws {
    try state.replaceFile("suspects.json", with: Array(content.utf8))
    die(9, [good])
    #expect(!suspects([claim(1)]).isSuspect(good))
    die(10, [good])
    #expect(suspects([claim(1)]).isSuspect(good))
  }

  @Test(arguments: [[UInt8](), [1, 2, 3], [UInt8](repeating: 255, count: 4096), [UInt8](repeating: 0, count: 320)])
  func slotsThatArePowerCutRubbish(_ bytes: [UInt8]) throws {
    try state.replaceFile("working", with: bytes)
    #expect(WorkingSlots.left(in: state) == nil)
  }

  @Test func slotsTellWhatIsInHand() throws {
    let slots = WorkingSlots(state, threads: 3, run: 4)
    slots.note(0, good, .read)
    slots.note(3, other, .tokenize)
    slots.note(1, RecordKey(claim: 3, record: 3), .prepare)
    slots.clear(1)
    let left = try #require(WorkingSlots.left(in: state))
    #expect(left.run == 4 && left.records == [good, other])
    slots.close()
    #expect(WorkingSlots.left(in: state) == nil)
  }

  @Test("F13: a record that the journal calls poison is passed over, with the same bad line")
  func poisonIsPassedOver() throws {
    let lines = texts(20, seed: 3).map { JSONWriter.compact(.object(["text": .string($0)])) + [0x0A] }
    let file = lines.flatMap { $0 }
    let key = RecordKey(claim: 1, record: 5)
    let poison = Poison(
      key, offset: lines[..<5].reduce(0) { $0 + $1.count }, line: 5, stage: "redact", end: "was ended by signal 11",
      deaths: 3)
    #expect(Poison(poison.journalRecord) == poison)
    try spool.layout.claimed.replaceFile(Claim.claimedName(1), with: file)
    let journal = try JournalFile(spool.layout.journal)
    let status = ClaimedStatus(try spool.layout.claimed.status(Claim.claimedName(1)))
    try journal.write(
      Claim(sequence: 1, path: "web/a.jsonl", status: status, options: Array("{channel: 'en'}".utf8)).journalRecord)
    try journal.write(poison.journalRecord)
    try spool.run()
    #expect(try spool.counts("web")["kept"] == 19)
    #expect(try spool.counts("web")["rejected"] == 1)
    let bad = try JSONParser.parse(try spool.layout.rejected.open("web").read("a.jsonl.bad.jsonl"))
    #expect(bad["line"]?.integer == 6 && bad["offset"]?.integer == poison.offset)
    #expect(bad["reason"]?.string == poison.reason)
    #expect(try spool.claimed.isEmpty)
  }

  /// A record that cannot be cut out of its file ends it; a file that is one document is rejected.
  @Test(arguments: [("a.jsonl", 5, 5, 1), ("a.txt", 0, 0, 1)])
  func poisonThatCannotBePassedOver(_ name: String, _ record: Int, _ kept: Int, _ rejected: Int) throws {
    try spool.layout.claimed.replaceFile(
      Claim.claimedName(1),
      with: texts(20, seed: 3).flatMap { JSONWriter.compact(.object(["text": .string($0)])) + [0x0A] })
    let journal = try JournalFile(spool.layout.journal)
    let status = ClaimedStatus(try spool.layout.claimed.status(Claim.claimedName(1)))
    try journal.write(
      Claim(sequence: 1, path: Path("web/" + name), status: status, options: Array("{channel: 'en'}".utf8))
        .journalRecord)
    let poison = Poison(
      RecordKey(claim: 1, record: record), offset: 0, line: 0, stage: Poison.readStage, end: "was ended by signal 11",
      deaths: 3)
    try journal.write(poison.journalRecord)
    try spool.run()
    #expect(try spool.counts("web")["kept"] == kept)
    #expect(try spool.counts("web")["rejected"] == rejected)
    #expect(try spool.claimed.isEmpty)
  }
}
