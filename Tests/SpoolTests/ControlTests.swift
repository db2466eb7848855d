import Bytes
import Glibc
import Posix
import Spool
import Testing

/// A spool in a folder of its own, gone with the value.
final class TemporarySpool {
  let layout: SpoolLayout
  let path: Path

  init() throws {
    // In memory where there is such a place: what is tested is the order of steps, not the disk.
    let base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
    let text = "\(base)/pretraind-control-\(getpid())-\(UInt64.random(in: 0 ... .max))"
    path = Path(text)
    layout = try SpoolLayout(path)
  }

  deinit { try? Directory(path.parent).removeAll(path.name) }

  func drop(_ name: String, _ content: String = "") throws {
    let file = try layout.control.createFile(Path(name))
    try file.write(Array(content.utf8))
  }

  /// The newest answer to a sentinel name.
  func answer(_ name: String) -> JSONValue? {
    let names = (try? layout.acknowledgements.names()) ?? []
    guard let newest = names.last(where: { $0.hasPrefix("0") && $0.hasSuffix("-\(name).json") }),
      let bytes = try? layout.acknowledgements.read(newest)
    else { return nil }
    return try? JSONParser.parse(bytes)
  }
}

@Suite struct ControlNameTests {
  @Test(arguments: [
    ("save", "save", ""), ("save.alice", "save", "alice"), ("rollback.2026-01", "rollback", "2026-01"),
    ("pause", "pause", ""), ("eval.x.y", "eval", "x.y"), ("hold", "hold", ""), ("reload", "reload", ""),
  ])
  func names(_ text: String, _ verb: String, _ tag: String) throws {
    let name = try ControlName.parse(text).get()
    #expect(name.verb.rawValue == verb)
    #expect(name.tag == tag)
    #expect(name.description == text)
  }

  @Test(arguments: [
    ("rolback", "did you mean 'rollback'"), ("Save", "did you mean 'save'"), ("zzzzzzzz", "known: save"),
    ("save.", "tag"), ("save.a/b", "tag"), ("save.ü", "tag"),
  ])
  func refused(_ text: String, _ hint: String) {
    guard case .failure(let refusal) = ControlName.parse(text) else {
      Issue.record("\(text) was taken")
      return
    }
    #expect(refusal.description.contains(hint))
  }

  @Test func everyVerbHasOneTaker() {
    let takers = Dictionary(grouping: ControlVerb.allCases, by: \.taker)
    #expect(takers[.agent] == [.hold, .flush, .discard, .reload])
    #expect(takers[.evaluator] == [.eval])
    #expect(takers[.trainer] == [.save, .rollback, .pause, .stop, .anneal, .lr, .skip, .export])
  }
}

@Suite struct ControlArgumentTests {
  @Test(
    arguments: [
      ("", [:]), ("\n# a comment\n", [:]), ("to=part-00010", ["to": "part-00010"]),
      ("to = init\nreason=too hot = bad\n", ["to": "init", "reason": "too hot = bad"]),
      ("at=step:120", ["at": "step:120"]), ("{to: 'init', lr_scale: 0.9}", ["to": "init", "lr_scale": "0.9"]),
      ("  {\"reshuffle\": true}", ["reshuffle": "1"]), ("{at: 'block:3', }", ["at": "block:3"]),
    ] as [(String, [String: String])])
  func read(_ content: String, _ wanted: [String: String]) throws {
    let arguments = try ControlArguments(Array(content.utf8), for: .rollback)
    #expect(Dictionary(uniqueKeysWithValues: arguments.pairs.map { ($0.key, $0.value) }) == wanted)
  }

  @Test(arguments: [
    ("too=init", "did you mean 'to'"), ("hello", "key=value"), ("to=a\nto=b", "twice"), ("at=12", "at=step:N"),
    ("at=step:-1", "at=step:N"), ("{to: [1]}", "must be a text"), ("{to: ", "JSON5"), ("to=\u{0}", "UTF-8"),
    (String(repeating: "#", count: 4097), "4096"),
  ])
  func refused(_ content: String, _ hint: String) {
    do throws(ControlRefusal) {
      _ = try ControlArguments(Array(content.utf8), for: .rollback)
      Issue.record("'\(content)' was taken")
    } catch {
      #expect(error.description.contains(hint))
    }
  }

  @Test func moments() {
    let step = ControlRequest(
      sequence: 1, name: ControlName(.save), arguments: (try? ControlArguments([("at", "step:5")], for: .save))!)
    #expect(!step.isDue(step: 4, block: 9))
    #expect(step.isDue(step: 5, block: 0))
    let block = ControlRequest(
      sequence: 1, name: ControlName(.save), arguments: (try? ControlArguments([("at", "block:2")], for: .save))!)
    #expect(!block.isDue(step: 100, block: 1))
    #expect(block.isDue(step: 0, block: 2))
  }
}

@Suite struct ControlFolderTests {
  @Test func onceSentinelIsTakenAnsweredAndForgotten() throws {
    let spool = try TemporarySpool()
    let folder = try ControlFolder(layout: spool.layout, role: .trainer)
    try spool.drop("save.a", "reason=test\n")
    let requests = try folder.poll()
    #expect(requests.map(\.name) == [ControlName(.save, tag: "a")])
    #expect(requests[0].arguments["reason"] == "test")
    #expect(!requests[0].recovered)
    #expect(!spool.layout.control.exists("save.a"))
    #expect(spool.answer("save.a")?["state"]?.string == "accepted")
    try folder.update(requests[0], .running, ControlPlace(step: 7, block: 1))
    #expect(spool.answer("save.a")?["state"]?.string == "running")
    try folder.update(
      requests[0], .done, ControlPlace(step: 7, block: 1, checkpoint: "g0000/save-0000007-1"), message: "ok")
    let answer = spool.answer("save.a")
    #expect(answer?["state"]?.string == "done")
    #expect(answer?["verb"]?.string == "save")
    #expect(answer?["tag"]?.string == "a")
    #expect(answer?["step"]?.integer == 7)
    #expect(answer?["block"]?.integer == 1)
    #expect(answer?["checkpoint"]?.string == "g0000/save-0000007-1")
    #expect(answer?["args"]?["reason"]?.string == "test")
    #expect(answer?["uid"]?.integer == Int(getuid()))
    #expect(try folder.poll().isEmpty)
    let again = try ControlFolder(layout: spool.layout, role: .trainer)
    #expect(try again.poll().isEmpty)
  }

  @Test func touchesCoalesceAndALaterTouchIsNew() throws {
    let spool = try TemporarySpool()
    let folder = try ControlFolder(layout: spool.layout, role: .trainer)
    try spool.drop("save")
    try spool.layout.control.appendFile("save").write([])
    #expect(try folder.poll().count == 1)
    try spool.drop("save")
    let second = try folder.poll()
    #expect(second.map(\.sequence) == [2])
    let link = try spool.layout.acknowledgements.status("last-save.json")
    #expect(link.kind == .symbolicLink)
  }

  @Test func whatIsNotMeantForTheRoleStays() throws {
    let spool = try TemporarySpool()
    let trainer = try ControlFolder(layout: spool.layout, role: .trainer)
    let names = ["flush", "eval", "hold", ".save", "save~", "save.tmp", "save.part", "README.md"]
    for name in names { try spool.drop(name) }
    #expect(try trainer.poll().isEmpty)
    for name in names { #expect(spool.layout.control.exists(Path(name)), "\(name) is gone") }
  }

  @Test func unknownAndBadAreRejectedWithWhatWouldBeRight() throws {
    let spool = try TemporarySpool()
    let agent = try ControlFolder(layout: spool.layout, role: .agent)
    let trainer = try ControlFolder(layout: spool.layout, role: .trainer)
    try spool.drop("rolback")
    try spool.drop("rollback", "too=part-00001")
    #expect(try trainer.poll().isEmpty)
    #expect(spool.layout.control.exists("rolback"))
    #expect(try agent.poll().isEmpty)
    #expect(!spool.layout.control.exists("rolback"))
    #expect(spool.answer("rolback")?["state"]?.string == "rejected")
    #expect(spool.answer("rolback")?["message"]?.string?.contains("did you mean 'rollback'") == true)
    #expect(spool.answer("rollback")?["state"]?.string == "rejected")
    #expect(spool.answer("rollback")?["message"]?.string?.contains("did you mean 'to'") == true)
  }

  @Test func linksAreNotFollowed() throws {
    let spool = try TemporarySpool()
    let folder = try ControlFolder(layout: spool.layout, role: .trainer)
    try spool.layout.control.link("save", to: "/etc/passwd")
    #expect(try folder.poll().isEmpty)
    #expect(spool.answer("save")?["state"]?.string == "rejected")
  }

  @Test func whatIsStillBeingWrittenIsReadWhenWhole() throws {
    let spool = try TemporarySpool()
    let folder = try ControlFolder(layout: spool.layout, role: .trainer)
    var file: File? = try spool.layout.control.createFile("rollback")
    try file?.write(Array("to=".utf8))
    #expect(try folder.poll().isEmpty)
    try file?.write(Array("init\n".utf8))
    file = nil
    let requests = try folder.poll()
    #expect(requests.first?.arguments["to"] == "init")
  }

  @Test func unansweredRequestsComeBackAfterACrash() throws {
    let spool = try TemporarySpool()
    let first = try ControlFolder(layout: spool.layout, role: .trainer)
    try spool.drop("rollback", "to=init")
    try spool.drop("save")
    let taken = try first.poll()
    #expect(taken.count == 2)
    let save = try #require(taken.first { $0.verb == .save })
    try first.update(save, .done)
    let second = try ControlFolder(layout: spool.layout, role: .trainer)
    let recovered = try second.poll()
    #expect(recovered.map(\.verb) == [.rollback])
    #expect(recovered[0].recovered)
    #expect(recovered[0].sequence == taken.first { $0.verb == .rollback }?.sequence)
    #expect(recovered[0].arguments["to"] == "init")
  }

  @Test func levelSentinelStaysIsRunningAndEndsWhenRemoved() throws {
    let spool = try TemporarySpool()
    let folder = try ControlFolder(layout: spool.layout, role: .trainer)
    try spool.drop("pause", "at=step:5")
    #expect(try folder.poll().isEmpty)
    #expect(try !folder.isInForce(.pause, ControlPlace(step: 4, block: 0)))
    #expect(spool.answer("pause")?["state"]?.string == "accepted")
    #expect(try folder.isInForce(.pause, ControlPlace(step: 5, block: 0)))
    #expect(spool.answer("pause")?["state"]?.string == "running")
    #expect(spool.layout.control.exists("pause"))
    let restarted = try ControlFolder(layout: spool.layout, role: .trainer)
    _ = try restarted.poll()
    #expect(try restarted.isInForce(.pause, ControlPlace(step: 5, block: 0)))
    try spool.layout.control.remove("pause")
    _ = try restarted.poll()
    #expect(try !restarted.isInForce(.pause, ControlPlace(step: 6, block: 0)))
    #expect(spool.answer("pause")?["state"]?.string == "done")
    #expect(spool.answer("pause")?["request"]?.integer == 1)
  }

  @Test func clientWaitsForItsOwnAnswer() throws {
    let spool = try TemporarySpool()
    let client = ControlClient(layout: spool.layout)
    let sent = try client.send(.save, arguments: ControlArguments([("reason", "mine")], for: .save))
    #expect(try client.wait(sent, timeout: 0) == nil)
    let folder = try ControlFolder(layout: spool.layout, role: .trainer)
    let request = try #require(try folder.poll().first)
    #expect(request.arguments["reason"] == "mine")
    try folder.update(request, .done, message: "ok")
    #expect(try client.wait(sent, timeout: 1)?.state == .done)
    let plain = try client.send(.save, tag: "")
    #expect(plain.name.description == "save")
    #expect(try client.wait(plain, timeout: 0) == nil)
  }

  @Test func numbersAreNeverUsedTwice() throws {
    let spool = try TemporarySpool()
    var seen: Set<Int> = []
    for round in 0..<20 {
      let role: ControlRole = round % 2 == 0 ? .trainer : .agent
      let folder = try ControlFolder(layout: spool.layout, role: role)
      try spool.drop(role == .trainer ? "save" : "flush")
      let request = try #require(try folder.poll().first)
      #expect(seen.insert(request.sequence).inserted)
      try folder.update(request, .done)
      for name in try spool.layout.acknowledgements.names() { try spool.layout.acknowledgements.remove(name) }
    }
  }
}
