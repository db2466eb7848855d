import Bytes
import Glibc
import Posix
import Spool
import Testing

/// Killed at a durable step and started again: nothing is lost, doubled or half-visible, and what is published is the
/// same.
@Suite struct KillTests {
  private static func fill(_ spool: TestSpool) throws {
    try spool.drop("web/a.jsonl", texts(9, seed: 40))
    try spool.drop("web/b.jsonl", texts(6, seed: 41) + texts(3, seed: 40))
    try spool.drop("web/c.bin", [1, 2, 3])
  }

  /// Every other time the journal's segments are short, so that rotations are among the steps.
  static func settings(_ step: Int) -> [String] { step % 2 == 0 ? [] : ["spool.journal_mb=0.001"] }

  @Test(arguments: [12, 47, 85, 103, 120, 141, 155, 190, 205])
  func startedAgainItEndsAlike(_ step: Int) async throws {
    let reference = try TestSpool()
    try Self.fill(reference)
    try reference.run(flush: true)
    let spool = try TestSpool()
    try Self.fill(spool)
    let path = spool.layout.root.path.description
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, step = step as Int] in
      let spool = try TestSpool(at: Path(path))
      FaultPoint.arm(try FaultPlan("kill@\(step):durable"))
      try spool.run(flush: true, KillTests.settings(step))
      exit(0)
    }
    try spool.run(flush: true, Self.settings(step))
    #expect(try spool.counts("web") == reference.counts("web"))
    #expect(try spool.counts("web")["in"] == 19)
    // Where batches are cut may differ, what is in them and what is made of them may not.
    let (found, expected) = (try spool.blocks(), try reference.blocks())
    #expect(found.keys.sorted() == expected.keys.sorted())
    for (name, bytes) in expected { #expect(found[name] == bytes, "\(name)") }
    #expect(try spool.texts() == reference.texts())
    #expect(try spool.claimed.isEmpty)
    #expect(try spool.layout.rejected.open("web").names() == ["c.bin", "c.bin.reason.json"])
  }
}
