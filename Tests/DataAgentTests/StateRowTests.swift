import Blocks
import Bytes
import DataAgent
import Posix
import Spool
import Testing

/// Every row of the agent's tables: these files and records are there; what `check` says of them; that the start does
/// it; and that a second start has nothing left to do.
@Suite struct StateRowTests {
  private static func filled() throws -> TestSpool {
    let spool = try TestSpool()
    try spool.drop("web/a.jsonl", texts(40, seed: 30))
    try spool.run()
    return spool
  }

  /// What follows the last block in the journal is the end of it.
  private static func endingWithABlock() throws -> TestSpool {
    let probe = try TestSpool()
    try probe.drop("web/a.jsonl", texts(20, seed: 30))
    try probe.run()
    let cut = try #require(try probe.events("block-intent").last?["cut"]?.integer)
    let spool = try TestSpool()
    try spool.drop("web/a.jsonl", Array(texts(20, seed: 30)[..<cut]))
    try spool.run()
    return spool
  }

  static func check(_ spool: TestSpool) throws -> [SpoolFinding] {
    var check = AgentCheck(spool.layout.root, isDeep: true)
    return try check.run().list
  }

  @Test(arguments: claimRows) func claims(_ row: Row) throws { try Self.hold(row, in: try Self.filled()) }
  @Test(arguments: batchRows) func batches(_ row: Row) throws { try Self.hold(row, in: try Self.filled()) }
  @Test(arguments: blockRows) func blocks(_ row: Row) throws { try Self.hold(row, in: try Self.endingWithABlock()) }

  @Test(arguments: indexRows) func index(_ row: Row) throws { try Self.hold(row, in: try Self.filled()) }
  @Test(arguments: tableRows) func tables(_ row: Row) throws { try Self.hold(row, in: try Self.filled()) }
  @Test(arguments: suiteRows) func suites(_ row: Row) throws { try Self.hold(row, in: try Self.filled()) }

  private static func hold(_ row: Row, in spool: TestSpool) throws {
    #expect(try check(spool) == [], "at rest before")
    try row.arrange(spool)
    let arranged = try spool.digests()
    let findings = try check(spool)
    #expect(findings.contains { $0.row == row.id && $0.action == row.action }, "check says \(findings)")
    #expect(try spool.digests() == arranged, "looking changes nothing")
    let said = spool.said.count
    if row.action == .refused {
      let error = #expect(throws: (any Error).self) { try spool.run() }
      #expect(error.map { "\($0)" }?.contains(row.told) == true, "\(String(describing: error))")
      return
    }
    #expect(findings.allSatisfy { !$0.action.isDamage }, "\(findings)")
    try spool.run()
    if !row.told.isEmpty {
      #expect(spool.said[said...].contains { $0.contains(row.told) }, "said \(spool.said[said...])")
    }
    #expect(try row.holds(spool))
    #expect(try check(spool).filter { $0.action != .left } == [], "at rest after")
    let records = try spool.journal.count
    let published = try spool.published()
    try spool.run()
    #expect(try spool.journal.count == records + 1, "a second start does nothing")
    #expect(try spool.published() == published)
  }

  @Test("T1: the user's tokenizer is used from the start on that finds it")
  func aTokenizerThatIsThereLater() throws {
    let spool = try TestSpool(tokenizer: false)
    try spool.drop("web/a.jsonl", texts(40, seed: 30))
    try spool.run()
    #expect(try spool.events("tokenizer").isEmpty)
    try spool.layout.tokenizer.replaceFile("tokenizer.json", with: try TestSpool.tokenizer)
    #expect(try Self.check(spool).contains { $0.row == "T1" && $0.action == .adopted })
    try spool.run()
    #expect(try spool.events("tokenizer").count == 1)
    #expect(try Self.check(spool) == [])
    #expect(try spool.events("block").count > 0)
  }

  @Test("F12, B5, T2, K8: what is at rest stays as it is, retired blocks too")
  func atRest() throws {
    let spool = try Self.filled()
    try BlockRemoval.retire(spool.layout.blocks, number: 0)
    let before = try spool.published()
    #expect(try Self.check(spool) == [])
    try spool.run()
    #expect(try spool.published() == before)
    #expect(try Self.check(spool) == [])
  }

  @Test("K9: a flipped bit in a block is found; whoever reads the block refuses it")
  func aFlippedBitInABlock() throws {
    let spool = try Self.filled()
    var bytes = try spool.layout.blocks.read("part-00001.bin")
    bytes[bytes.count / 2] ^= 1
    try spool.layout.blocks.replaceFile("part-00001.bin", with: bytes)
    #expect(try Self.check(spool).map(\.row) == ["K9"])
    let block = try Block(spool.layout.blocks, number: 1)
    #expect(throws: BlockError.self) { try block.verify() }
  }

  @Test func aFlippedBitInABatchIsFoundByTheDeepLook() throws {
    for file in ["00000001.jsonl.zst", "00000001.meta"] as [Path] {
      let spool = try Self.filled()
      var bytes = try spool.layout.corpus.read(file)
      bytes[bytes.count / 2] ^= 1
      try spool.layout.corpus.replaceFile(file, with: bytes)
      #expect(try Self.check(spool).map(\.row) == ["B4"], "\(file)")
    }
  }

  /// The same journal faults as the tests of the journal have, seen by `check` and by the start.
  @Test(arguments: [("J1", false), ("J2", true), ("J3", true), ("J6", false), ("J9", false)])
  func journals(_ row: String, _ isRefused: Bool) throws {
    let spool = try TestSpool()
    try spool.drop("web/a.jsonl", texts(40, seed: 30))
    try spool.run(["spool.journal_mb=0.002"])
    let folder = spool.layout.journal
    let last = try #require(try folder.names().last { $0.hasSuffix(".jsonl") })
    let bytes = try folder.read(last)
    switch row {
    case "J1": try folder.replaceFile(last, with: bytes + Array("{\"ev\":\"cl".utf8))
    case "J2": try folder.replaceFile(last, with: bytes.dropFirst(7) + bytes)
    case "J3":
      for name in try folder.names() where name.hasSuffix(".snapshot") { try folder.remove(name) }
      try folder.remove("00000001.jsonl")
    case "J6":
      let newest = try #require(try folder.names().last { $0.hasSuffix(".snapshot") })
      try folder.replaceFile(newest, with: Array(try folder.read(newest).dropLast(1)))
    default: try folder.replaceFile(".00000009.jsonl.tmp", with: [1])
    }
    let found = try Self.check(spool).map(\.row)
    if isRefused {
      // A broken first line of a later segment is no segment at all.
      #expect(found == [row] || found == ["J4"], "\(found)")
      #expect(throws: JournalFile.Failure.self) { try spool.run() }
    } else {
      #expect(found == [row])
      try spool.run()
      #expect(try Self.check(spool) == [])
      #expect(try spool.documents == 40)
    }
  }
}
