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
    let again = try start()
    _ = try again.poll()
    #expect(spool.answer("pause")?["state"]?.string == "done")
  }
}
