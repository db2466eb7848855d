import Bytes
import Glibc
import Posix
import Spool
import Testing

/// What people and programs put into `control/`, beside what they should.
@Suite struct SentinelFileTests {
  /// How a thing is made, under which name, and what its refusal says.
  struct Odd: Sendable, CustomTestStringConvertible {
    let name: String
    let make: @Sendable (String) -> Void
    let says: String
    var testDescription: String { "\(name): \(says)" }

    init(_ name: String, _ says: String, _ make: @escaping @Sendable (String) -> Void) {
      self.name = name
      self.make = make
      self.says = says
    }
  }

  static let odd: [Odd] = [
    Odd("save.dir", "a directory; rmdir it") { mkdir($0, 0o755) },
    Odd("save.link", "a symbolic link") { symlink("/etc/passwd", $0) },
    Odd("pause.link", "a symbolic link") { symlink("/etc/passwd", $0) },
    Odd("save.pipe", "no plain file") { mkfifo($0, 0o644) },
    Odd("pause.pipe", "no plain file") { mkfifo($0, 0o644) },
    Odd("pause.dir", "a directory; rmdir it") { mkdir($0, 0o755) },
    Odd("save.long", "longer than 4096 bytes") { write($0, [UInt8](repeating: 0x23, count: 5000)) },
    Odd("pause.long", "longer than 4096 bytes") { write($0, [UInt8](repeating: 0x23, count: 5000)) },
    Odd("save.latin", "not UTF-8") { write($0, [0x72, 0x3D, 0xE9, 0x0A]) },
    Odd("save.key", "did you mean 'reason'") { write($0, Array("reson=x\n".utf8)) },
    Odd("pause.key", "did you mean 'at'") { write($0, Array("a=step:1\n".utf8)) },
    Odd("rollback.at", "at=step:N or at=block:K") { write($0, Array("at=soon\n".utf8)) },
  ]

  private static func write(_ path: String, _ bytes: [UInt8]) {
    let file = open(path, O_CREAT | O_WRONLY, 0o644)
    _ = Glibc.write(file, bytes, bytes.count)
    close(file)
  }

  @Test(arguments: odd) func whatIsNoRequestIsRejectedWithWhatWouldBeRight(_ odd: Odd) throws {
    let spool = try TemporarySpool()
    let folder = try ControlFolder(layout: spool.layout, role: .trainer)
    odd.make("\(spool.layout.control.path)/\(odd.name)")
    for _ in 0..<3 { #expect(try folder.poll().isEmpty) }
    #expect(try !folder.isInForce(.pause))
    let answer = spool.answer(odd.name)
    #expect(answer?["state"]?.string == "rejected")
    #expect(answer?["message"]?.string?.contains(odd.says) == true, "\(answer?["message"]?.string ?? "")")
    #expect(answer?["uid"]?.integer == Int(getuid()))
    // One answer, however often it is looked at.
    #expect(spool.answers(odd.name) == 1)
  }

  @Test func aHardLinkIsRejectedWhenItsOtherNameStays() throws {
    let spool = try TemporarySpool()
    let folder = try ControlFolder(layout: spool.layout, role: .trainer)
    try spool.drop(".draft", "reason=linked\n")
    for name in ["save.linked", "save.moved", "pause.linked"] {
      try spool.layout.control.hardLink(".draft", to: spool.layout.control, Path(name))
    }
    #expect(try folder.poll().isEmpty, "the first name may go in a moment")
    Clock.sleep(1.1)
    #expect(try folder.poll().isEmpty)
    for name in ["save.linked", "save.moved"] {
      #expect(spool.answer(name)?["message"]?.string?.contains("hard links") == true)
    }
    try spool.untilPolled(folder) { _ in spool.answer("pause.linked") != nil }
    #expect(spool.answer("pause.linked")?["state"]?.string == "rejected")
  }

  @Test func aLinkWhoseFirstNameGoesIsTaken() throws {
    let spool = try TemporarySpool()
    let folder = try ControlFolder(layout: spool.layout, role: .trainer)
    try spool.drop(".draft", "reason=linked\n")
    try spool.layout.control.hardLink(".draft", to: spool.layout.control, "save")
    #expect(try folder.poll().isEmpty)
    try spool.layout.control.remove(".draft")
    #expect(try folder.poll().first?.arguments["reason"] == "linked")
  }

  /// Names that are longer than an answer's name can be, of bytes that are no text, of control characters.
  @Test(arguments: [
    [UInt8](repeating: 0x61, count: 255), [0x73, 0xFF, 0xFE], Array("sa\nve".utf8), Array("save ".utf8),
    Array("save.".utf8) + [UInt8](repeating: 0x62, count: 65), Array("存檔".utf8),
  ])
  func anyNameGetsAnAnswer(_ bytes: [UInt8]) throws {
    let spool = try TemporarySpool()
    let folder = try ControlFolder(layout: spool.layout, role: .agent)
    _ = try spool.layout.control.createFile(Path(bytes))
    #expect(try folder.poll().isEmpty)
    #expect(!spool.layout.control.exists(Path(bytes)))
    let files = try spool.layout.acknowledgements.names()
    let answers = files.filter { $0.hasPrefix("000001-") }
    #expect(answers.count == 1)
    let json = try JSONParser.parse(try spool.layout.acknowledgements.read(answers[0]))
    #expect(json["state"]?.string == "rejected")
    #expect(files.contains { $0.hasPrefix("last-") })
  }

  @Test func theAgentsVerbsDoNotTakeAStep() throws {
    let spool = try TemporarySpool()
    let folder = try ControlFolder(layout: spool.layout, role: .agent)
    for name in ["flush", "hold"] { try spool.drop(name, "at=step:5\n") }
    for _ in 0..<2 { #expect(try folder.poll().isEmpty) }
    for name in ["flush", "hold"] {
      #expect(spool.answer(name)?["state"]?.string == "rejected")
      #expect(spool.answer(name)?["message"]?.string?.contains("at=block:K") == true)
    }
  }

  /// After five seconds any role rejects what no agent is there to reject.
  @Test func withoutAnAgentAnyoneRejectsAnUnknownName() throws {
    let spool = try TemporarySpool()
    let trainer = try ControlFolder(layout: spool.layout, role: .trainer)
    try spool.drop("sav")
    #expect(try trainer.poll().isEmpty)
    #expect(spool.layout.control.exists("sav"))
    Clock.sleep(5.1)
    #expect(try trainer.poll().isEmpty)
    #expect(spool.answer("sav")?["message"]?.string?.contains("did you mean 'save'") == true)
  }

  @Test func ownersAreAskedForInTheGroup() throws {
    try #require(getuid() == 0, "needs root to make files of others")
    // Group `bin` (2) has the user `bin` as its first group; `nobody` is no member.
    guard Account.groupExists("bin"), Account.isMember(user: 2, of: "bin"), !Account.isMember(user: 65534, of: "bin")
    else { return }
    let spool = try TemporarySpool()
    let folder = try ControlFolder(layout: spool.layout, role: .trainer, rules: ControlRules(adminGroup: "bin"))
    for (name, owner) in [("rollback.in", 2), ("rollback.out", 65534), ("rollback.root", 0), ("save.out", 65534)] {
      try spool.drop(name)
      chown("\(spool.layout.control.path)/\(name)", uid_t(owner), gid_t(0))
    }
    #expect(Set(try folder.poll().map(\.name.description)) == ["rollback.in", "rollback.root", "save.out"])
    let refused = spool.answer("rollback.out")
    #expect(refused?["state"]?.string == "rejected" && refused?["uid"]?.integer == 65534)
    #expect(refused?["message"]?.string?.contains("spool.admin_group") == true)
    let wrong = try ControlFolder(
      layout: spool.layout, role: .trainer, rules: ControlRules(adminGroup: "no-such-group"))
    try spool.drop("stop.x")
    chown("\(spool.layout.control.path)/stop.x", 65534, 0)
    _ = try wrong.poll()
    #expect(spool.answer("stop.x")?["message"]?.string?.contains("does not exist") == true)
  }

  /// The folder went and came again, or another was put in its place: what people see counts.
  @Test(arguments: ["rm -r control", "mv control old && mkdir control", "rm -r control/ack control/.taken"])
  func theFolderIsFoundAgain(_ change: String) throws {
    let spool = try TemporarySpool()
    let folder = try ControlFolder(layout: spool.layout, role: .trainer)
    #expect(try folder.poll().isEmpty)
    #expect(try Child.start(["sh", "-c", "cd '\(spool.path)' && \(change)"]).wait() == 0)
    Clock.sleep(1.1)
    #expect(try folder.poll().isEmpty)
    try Directory(spool.path / "control").publish("save", Array("reason=again\n".utf8))
    try spool.untilPolled(folder) { $0.first?.arguments["reason"] == "again" }
    #expect(try Directory(spool.path / "control/ack").names().contains("last-save.json"))
  }
}

extension TemporarySpool {
  /// How many answers a name has.
  func answers(_ name: String) -> Int {
    ((try? layout.acknowledgements.names()) ?? []).filter { $0.hasPrefix("0") && $0.hasSuffix("-\(name).json") }.count
  }

  /// Polls for at most two seconds.
  func untilPolled(
    _ folder: ControlFolder, at place: SourceLocation = #_sourceLocation, _ isIt: ([ControlRequest]) -> Bool
  ) throws {
    let end = Clock.monotonic() + 2
    while Clock.monotonic() < end {
      if isIt(try folder.poll()) { return }
      Clock.sleep(0.01)
    }
    Issue.record("it did not come", sourceLocation: place)
  }
}
