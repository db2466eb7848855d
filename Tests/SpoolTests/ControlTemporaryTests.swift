import Bytes
import Posix
import Spool
import Testing

@Suite struct ControlTemporaryTests {
  @Test("C7: answers and links in the making go at the next start of their role, those of others stay")
  func leftovers() throws {
    let spool = try TemporarySpool()
    let ours: [Path] = [".000004-save.json.tmp", ".last-save.me.json.tmp", ".last-rollback.json.tmp"]
    let theirs: [Path] = [".000005-flush.json.tmp", ".last-eval.json.tmp", ".last-sav.json.tmp"]
    for name in ours + theirs { try spool.layout.acknowledgements.createFile(name).write([0x7B]) }
    _ = try ControlFolder(layout: spool.layout, role: .trainer)
    #expect(try spool.layout.acknowledgements.names() == theirs.sorted())
    _ = try ControlFolder(layout: spool.layout, role: .agent)
    #expect(try spool.layout.acknowledgements.names() == [".last-eval.json.tmp"])
  }
}
