import Bytes
import Posix
import Spool
import Testing

/// Rows C1 to C4 of docs/SPOOL.md: what lies in `control/` at a start, what `check` says of it, what becomes of it.
@Suite struct ControlRowTests {
  private let spool: TemporarySpool

  init() throws { spool = try TemporarySpool() }

  private func found() throws -> [String] { try ControlCheck.look(spool.layout.root).list.map(\.row) }

  private func start() throws -> ControlFolder { try ControlFolder(layout: spool.layout, role: .trainer) }

  @Test("C1: taken and not answered is taken up again")
  func unanswered() throws {
    try spool.drop("save")
    let request = try #require(try start().poll().first)
    #expect(try found() == ["C1"])
    let again = try #require(try start().poll().first)
    #expect(again.recovered && again.sequence == request.sequence && again.verb == .save)
  }

  @Test("C2: taken and answered goes")
  func answered() throws {
    try spool.drop("save")
    let folder = try start()
    let request = try #require(try folder.poll().first)
    let name = try #require(try spool.layout.taken.names().first { !$0.hasPrefix(".") })
    try folder.update(request, .done)
    try spool.layout.taken.replaceFile(name, with: [])
    #expect(try found() == ["C2"])
    #expect(try start().poll().isEmpty)
    #expect(!spool.layout.taken.exists(name))
    #expect(try found() == [])
  }

  @Test("C3: a level in force goes on with the same answer")
  func levelInForce() throws {
    try spool.drop("pause")
    let folder = try start()
    _ = try folder.poll()
    #expect(try folder.isInForce(.pause, ControlPlace(step: 1, block: 0)))
    let number = spool.answer("pause")?["request"]?.integer
    #expect(try found() == ["C3"])
    let again = try start()
    _ = try again.poll()
    #expect(try again.isInForce(.pause, ControlPlace(step: 1, block: 0)))
    #expect(spool.answer("pause")?["request"]?.integer == number)
    #expect(spool.answer("pause")?["state"]?.string == "running")
  }

  @Test("C4: a level that was removed meanwhile is answered done")
  func levelGone() throws {
    try spool.drop("pause")
    let folder = try start()
    _ = try folder.poll()
    #expect(try folder.isInForce(.pause, ControlPlace(step: 1, block: 0)))
    try spool.layout.control.remove("pause")
    #expect(try found() == ["C4"])
    let again = try start()
    _ = try again.poll()
    #expect(spool.answer("pause")?["state"]?.string == "done")
  }

  @Test("C7, C9: notes and links without their request")
  func leftNotes() throws {
    for name in [".frozen-000007", ".reply-000007-agent", ".000007-save.json.tmp"] as [Path] {
      try spool.layout.taken.replaceFile(name, with: [])
    }
    try spool.layout.control.replaceFile(".for-trainer-000007-reload", with: [])
    try spool.layout.taken.replaceFile(".seq-000009", with: [])
    try spool.layout.taken.replaceFile(".stopped-agent", with: [])
    #expect(try found() == ["C7", "C7", "C7", "C9"])
  }

  @Test("C11: a request that nobody took yet is told with who takes it; the next start of that role does")
  func asked() throws {
    try spool.drop("save.me")
    try spool.drop("rolback")
    try spool.drop(".pause.tmp")
    try spool.layout.taken.replaceFile("notes", with: [])
    try spool.layout.acknowledgements.replaceFile("notes", with: [])
    let list = try ControlCheck.look(spool.layout.root).list
    #expect(list.map(\.row) == ["S2", "S2", "S2", "C11", "C11"])
    #expect(list.last?.text.contains("by the trainer") == true)
    #expect(try start().poll().map(\.verb) == [.save])
    #expect(try found() == ["C1", "S2", "S2", "S2", "C11"], "the misspelt one is the agent's")
  }
}

/// `last-NAME.json` after a death between an answer and its link.
@Suite struct ControlLinkTests {
  @Test func theNextAnswerMendsTheLink() throws {
    let spool = try TemporarySpool()
    try spool.drop("save")
    let folder = try ControlFolder(layout: spool.layout, role: .trainer)
    let request = try #require(try folder.poll().first)
    try spool.layout.acknowledgements.remove("last-save.json")
    try folder.update(request, .done)
    let last = try spool.layout.acknowledgements.openAnywhere("last-save.json").readAll()
    #expect(try JSONParser.parse(last)["state"]?.string == "done")
  }
}
