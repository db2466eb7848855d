import Bytes
import Fixtures
import Glibc
import Posix
import Spool
import Testing

@Suite struct SentinelProtocolTests {
  /// One running, one waiting, and every further touch takes the place of the one that waits.
  @Test func whileOneRunsOneFurtherIsQueued() throws {
    let spool = try TemporarySpool()
    let folder = try ControlFolder(layout: spool.layout, role: .trainer)
    try spool.drop("save", "reason=first\n")
    let first = try #require(try folder.poll().first)
    try folder.update(first, .running)
    var queued: [ControlRequest] = []
    for number in 2...4 {
      try spool.drop("save", "reason=\(number)\n")
      queued.append(try #require(try folder.poll().first))
    }
    #expect(folder.isOpen(first) && !folder.isOpen(queued[0]) && !folder.isOpen(queued[1]) && folder.isOpen(queued[2]))
    for (request, into) in [(queued[0], 3), (queued[1], 4)] {
      let answer = spool.json("control/ack/00000\(request.sequence)-save.json")
      #expect(answer?["state"]?.string == "coalesced" && answer?["into"]?.integer == into)
    }
    try folder.update(first, .done)
    try folder.update(queued[2], .done)
    #expect(try spool.layout.taken.names().filter { !$0.hasPrefix(".") }.isEmpty)
  }

  @Test func anotherTagOrMomentIsAnotherRequest() throws {
    let spool = try TemporarySpool()
    let folder = try ControlFolder(layout: spool.layout, role: .trainer)
    var requests: [ControlRequest] = []
    for (name, content) in [("save", "at=step:5"), ("save", "at=step:9"), ("save.bob", "at=step:5"), ("save", "")] {
      try spool.drop(name, content)
      requests += try folder.poll()
    }
    #expect(requests.count == 4)
    #expect(requests.allSatisfy { folder.isOpen($0) })
  }

  @Test("C5: what is older than the last clean stop is stale, by the file system's time")
  func stale() throws {
    let spool = try TemporarySpool()
    let verbs = ["rollback", "stop", "lr", "skip", "save", "export"]
    // A trainer that never stopped in order knows nothing of the kind.
    let first = try ControlFolder(layout: spool.layout, role: .trainer)
    for verb in verbs { try spool.drop(verb + ".early") }
    touch(spool, verbs.map { $0 + ".early" }, "2001-01-01")
    #expect(try first.poll().count == verbs.count)
    for verb in verbs { try spool.drop(verb + ".between") }
    Clock.sleep(0.02)
    try first.markCleanStop()
    let marker = try #require(spool.layout.taken.glance(".stopped-trainer"))
    // A clock that is an hour ahead or behind changes nothing: only the two files are compared.
    Clock.sleep(0.02)
    for verb in verbs { try spool.drop(verb + ".after") }
    let second = try ControlFolder(layout: spool.layout, role: .trainer)
    let taken = Set(try second.poll().filter { !$0.recovered }.map(\.name.description))
    #expect(taken == Set(verbs.map { $0 + ".after" } + ["save.between", "export.between"]))
    for verb in verbs.prefix(4) {
      let answer = spool.answer(verb + ".between")
      #expect(answer?["state"]?.string == "rejected")
      #expect(answer?["message"]?.string?.contains("touch control/\(verb).between") == true)
    }
    #expect(spool.layout.taken.glance(".stopped-trainer")?.modified == marker.modified)
    // Another role's stop is not ours.
    let agent = try ControlFolder(layout: spool.layout, role: .agent)
    try spool.drop("discard")
    touch(spool, ["discard"], "2001-01-01")
    #expect(try agent.poll().count == 1)
  }

  private func touch(_ spool: TemporarySpool, _ names: [String], _ date: String) {
    let files = names.map { "\(spool.layout.control.path)/\($0)" }
    #expect((try? Child.start(["touch", "-d", date] + files).wait()) == 0)
  }

  @Test func tagsOfALevelHoldUntilTheLastIsGone() throws {
    let spool = try TemporarySpool()
    let folder = try ControlFolder(layout: spool.layout, role: .trainer)
    for name in ["pause.alice", "pause.bob"] { try spool.drop(name) }
    _ = try folder.poll()
    #expect(try folder.isInForce(.pause))
    for (name, holds) in [("pause.alice", true), ("pause.bob", false)] {
      try spool.layout.control.remove(Path(name))
      _ = try folder.poll()
      #expect(try folder.isInForce(.pause) == holds)
      #expect(spool.answer(name)?["state"]?.string == "done")
    }
  }

  /// Who creates `hold` before a start must not find that the start was faster than the writer.
  @Test func aLevelThatIsBeingWrittenHolds() throws {
    let spool = try TemporarySpool()
    let folder = try ControlFolder(layout: spool.layout, role: .agent)
    let file = try spool.layout.control.createFile("hold")
    _ = try folder.poll()
    #expect(try folder.isInForce(.hold, ControlPlace(block: 0)))
    #expect(spool.answer("hold") == nil)
    try file.write(Array("at=block:9\n".utf8))
    withExtendedLifetime(file) {}
  }

  /// Once in force it stays so, also when a rollback takes the steps back; another content is another request.
  @Test func aLevelStaysInForceAndCanBeReplaced() throws {
    let spool = try TemporarySpool()
    let folder = try ControlFolder(layout: spool.layout, role: .trainer)
    try spool.drop("pause", "at=step:5")
    _ = try folder.poll()
    #expect(try folder.isInForce(.pause, ControlPlace(step: 5, block: 1)))
    #expect(try folder.isInForce(.pause, ControlPlace(step: 0, block: 0)))
    try spool.layout.control.publish(".p", Array("at=step:9\n".utf8))
    try spool.layout.control.replace(".p", to: spool.layout.control, "pause")
    _ = try folder.poll()
    #expect(try !folder.isInForce(.pause, ControlPlace(step: 5, block: 1)))
    #expect(spool.answers("pause") == 2)
    #expect(spool.json("control/ack/000001-pause.json")?["state"]?.string == "done")
    // A touch changes nothing of it.
    touch(spool, ["pause"], "now")
    Clock.sleep(1.1)
    _ = try folder.poll()
    #expect(spool.answers("pause") == 2)
  }

  @Test("C6: an empty request means after a crash what it meant when it was taken")
  func frozen() throws {
    let spool = try TemporarySpool()
    let first = try ControlFolder(layout: spool.layout, role: .trainer)
    first.freeze = { $0 == .rollback ? "g0000/part-00004" : nil }
    for name in ["rollback", "save"] { try spool.drop(name) }
    #expect(Set(try first.poll().map(\.frozen)) == ["g0000/part-00004", nil])
    let second = try ControlFolder(layout: spool.layout, role: .trainer)
    second.freeze = { _ in "g0000/part-00003" }
    let recovered = try second.poll()
    let rollback = try #require(recovered.first { $0.verb == .rollback })
    #expect(rollback.frozen == "g0000/part-00004" && rollback.recovered)
    #expect(rollback.earlier?.state == .accepted)
    try second.update(rollback, .running, ControlPlace(checkpoint: "g0000/part-00004"), durable: true)
    let third = try ControlFolder(layout: spool.layout, role: .trainer)
    let again = try #require(try third.poll().first { $0.verb == .rollback })
    #expect(again.earlier?.state == .running && again.earlier?.place.checkpoint == "g0000/part-00004")
    try third.update(again, .done)
    #expect(!spool.layout.taken.exists(".frozen-000001"))
  }

  @Test("C7: notes of requests that have their answer are removed")
  func leftNotes() throws {
    let spool = try TemporarySpool()
    for name in [".frozen-000007", ".reply-000008-agent", "..frozen-000009.tmp", "..reply-000008-trainer.tmp"] {
      try spool.layout.taken.publish(Path(name), [])
    }
    for name in [".000009-save.json.tmp", ".last-save.json.tmp", ".000009-flush.json.tmp"] {
      try spool.layout.acknowledgements.publish(Path(name), [])
    }
    _ = try ControlFolder(layout: spool.layout, role: .trainer)
    #expect(try spool.layout.taken.names().isEmpty)
    #expect(try spool.layout.acknowledgements.names() == [".000009-flush.json.tmp"], "another role may be writing it")
    for name in [".frozen-000011-agent", "..frozen-000012-agent.tmp"] {
      try spool.layout.taken.publish(Path(name), [])
    }
    _ = try ControlFolder(layout: spool.layout, role: .trainer)
    #expect(try spool.layout.taken.names().count == 2, "an agent writes it before it takes the request")
    _ = try ControlFolder(layout: spool.layout, role: .agent)
    #expect(try spool.layout.taken.names().isEmpty)
  }

  @Test func answersDoNotGrowForEver() throws {
    let spool = try TemporarySpool()
    let rules = ControlRules(keepAcknowledgements: 10)
    let folder = try ControlFolder(layout: spool.layout, role: .trainer, rules: rules)
    try spool.drop("rollback.waits", "at=step:99")
    let waiting = try #require(try folder.poll().first)
    for number in 0..<130 {
      try spool.drop("save.n\(number)")
      try folder.update(try #require(try folder.poll().first), .done)
    }
    let files = try spool.layout.acknowledgements.names()
    let answers = files.filter { !$0.hasPrefix("last-") }
    #expect(answers.count <= 10 + 64 && answers.count >= 10)
    #expect(spool.answer("rollback.waits")?["state"]?.string == "accepted", "what is not final stays")
    #expect(folder.isOpen(waiting))
    #expect(spool.answer("save.n129")?["state"]?.string == "done")
    // Every link leads somewhere.
    for link in files where link.hasPrefix("last-") {
      #expect(access("\(spool.layout.acknowledgements.path)/\(link)", F_OK) == 0, "\(link)")
    }
    // And what a start finds is cut to the number.
    _ = try ControlFolder(layout: spool.layout, role: .trainer, rules: rules)
    #expect(try spool.layout.acknowledgements.names().filter { !$0.hasPrefix("last-") }.count == 11)
  }

  /// A poll that finds nothing new costs a look at the folder; one that might miss something lists it.
  @Test func nothingIsMissedByNotLooking() throws {
    let spool = try TemporarySpool()
    let folder = try ControlFolder(layout: spool.layout, role: .trainer)
    var generator = SystemRandomNumberGenerator()
    let seed = UInt64.random(in: 0 ... .max, using: &generator)
    var random = SeededRandom(seed)
    for round in 0..<300 {
      // Around the grain of the file system's clock, and beyond what is remembered.
      Clock.sleep(Double(random.next() % 70_000) * 1e-6)
      if random.next() % 2 == 0 { _ = try folder.poll() }
      try spool.drop("save.r\(round)")
      let found = try folder.poll() + (random.next() % 2 == 0 ? folder.poll() : [])
      #expect(found.map(\.name.tag) == ["r\(round)"], "seed \(seed)")
      for request in found { try folder.update(request, .done) }
    }
  }

  /// For want of descriptors or memory a request is read later, not refused.
  @Test(arguments: ["EMFILE", "ENOMEM"]) func whoIsShortOfMeansRefusesNothing(_ error: String) async throws {
    await #expect(processExitsWith: .success) { [error = error as String] in
      for number in 1... {
        let spool = try TemporarySpool()
        let folder = try ControlFolder(layout: spool.layout, role: .trainer)
        try spool.drop("save", "reason=kept\n")
        FaultPoint.arm(try FaultPlan("\(error)@\(number):means"))
        var found = try folder.poll()
        let hasStruck = FaultPoint.counts.struck > 0
        FaultPoint.disarm()
        for _ in 0..<3 where found.isEmpty { found = try folder.poll() }
        #expect(found.map { $0.arguments["reason"] } == ["kept"], "call \(number)")
        if !hasStruck { break }
      }
    }
  }

  /// The same for what holds while it is there: in force, and one answer.
  @Test(arguments: ["EMFILE@:means", "ENOMEM@:means", "ENOSPC@:space"])
  func whoIsShortOfMeansSeesLevels(_ plan: String) async throws {
    await #expect(processExitsWith: .success) { [plan = plan as String] in
      for number in 1... {
        let spool = try TemporarySpool()
        let folder = try ControlFolder(layout: spool.layout, role: .trainer)
        try spool.drop("pause", "reason=kept\n")
        FaultPoint.arm(try FaultPlan(plan.replacing("@", with: "@\(number)")))
        _ = try folder.poll()
        var isHeld = try folder.isInForce(.pause)
        if folder.isCutShort { isHeld = true }
        let hasStruck = FaultPoint.counts.struck > 0
        FaultPoint.disarm()
        // What could not be read holds until it can be; the answer comes when there is room.
        for _ in 0..<3 {
          _ = try folder.poll()
          if try !folder.isInForce(.pause) { isHeld = false }
        }
        let answers = try spool.layout.acknowledgements.names().filter { $0.hasPrefix("0") }
        let isThere = spool.layout.control.exists("pause")
        #expect(isHeld && isThere && answers.count == 1, "call \(number): \(isHeld) \(isThere) \(answers)")
        if !hasStruck { break }
      }
    }
  }

  @Test func onAFullDiskTheAnswerComesWhenThereIsRoom() async throws {
    // The faults are the whole process's, so it is one of its own.
    await #expect(processExitsWith: .success) {
      let spool = try TemporarySpool()
      let folder = try ControlFolder(layout: spool.layout, role: .trainer)
      try spool.drop("save")
      let request = try #require(try folder.poll().first)
      try spool.drop("save.next")
      FaultPoint.arm(try FaultPlan("ENOSPC@1+:create"))
      try folder.update(request, .done, message: "late")
      #expect(try folder.poll().isEmpty)
      #expect(folder.isCutShort && folder.hasNews, "who is about to leave must know that a request is not taken yet")
      FaultPoint.disarm()
      #expect(spool.answer("save")?["state"]?.string == "accepted")
      #expect(spool.layout.taken.exists("000001-save"), "a crash now would do it again rather than forget it")
      #expect(try folder.poll().map(\.name.tag) == ["next"] && !folder.isCutShort)
      #expect(spool.answer("save")?["state"]?.string == "done")
      #expect(!spool.layout.taken.exists("000001-save"))
    }
  }
}

extension TemporarySpool {
  func json(_ name: Path) -> JSONValue? {
    (try? layout.root.read(name)).flatMap { try? JSONParser.parse($0) }
  }
}
