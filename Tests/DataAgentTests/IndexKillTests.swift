import Bytes
import Fixtures
import Glibc
import Posix
import Spool
import Testing

/// Deaths at durable steps while documents are indexed in little memory, and merged.
@Suite struct IndexKillTests {
  static let settings =
    TestSpool.tinyIndex + ["compose.block_tokens=100000", "spool.batch_documents=8", "spool.threads=2"]

  /// Families of near duplicates, better copies coming later; equal ones; others.
  static func fill(_ spool: TestSpool) throws {
    let bases = texts(30, seed: 61, words: 80)
    var documents: [String] = []
    for (number, base) in bases.enumerated() {
      documents.append(base)
      if number % 3 == 0 { documents.append(bases[number / 2] + " and a few words more") }
      if number % 5 == 0 { documents.append(bases[number / 3]) }
    }
    try spool.drop("web/a.jsonl", Array(documents[..<25]))
    try spool.drop("web/b.jsonl", Array(documents[25...]) + texts(20, seed: 62))
  }

  private static let wanted = getenv("PRETRAIND_KILLS").flatMap { Int(String(cString: $0)) } ?? 20

  @Test("X1, X4: killed at durable steps of batches, spills and merges, the survivors are the same, the index whole")
  func kills() async throws {
    let seed = getenv("PRETRAIND_SEED").flatMap { UInt64(String(cString: $0)) } ?? UInt64.random(in: 0..<1_000_000)
    print("\(Self.wanted) kills of the index: PRETRAIND_SEED=\(seed)")
    let reference = try TestSpool()
    try Self.fill(reference)
    try reference.run(flush: true, Array(Self.settings.dropFirst()))
    #expect(try reference.runs.isEmpty)
    let right = try reference.counts("web")
    #expect(right["superseded"]! > 3 && right["duplicate"]! > 3)
    let survivors = try reference.survivors()
    var random = SeededRandom(seed)
    var kills = 0
    var inside = 0
    var limit = 400
    while kills < Self.wanted {
      let spool = try TestSpool()
      try Self.fill(spool)
      for death in 0..<3 {
        let step = 1 + random.below(limit)
        guard try await IndexKillTests.die(spool, step) else {
          // A whole run has fewer steps.
          if death == 0 { limit = max(60, min(limit, step)) }
          break
        }
        kills += 1
        if try IndexKillTests.isInsideIndex(spool) { inside += 1 }
      }
      try spool.run(flush: true, Self.settings)
      let told: Comment = "PRETRAIND_SEED=\(seed), kill \(kills)"
      #expect(try spool.counts("web") == right, told)
      #expect(try spool.survivors() == survivors, told)
      #expect(try spool.runs.allSatisfy { !$0.hasPrefix(".") } && spool.runs.count > 0, told)
      #expect(try StateRowTests.check(spool) == [], told)
      // What is held is found: the same documents once more are all duplicates, with the runs and without.
      if kills % 2 == 0 { for run in try spool.runs { try spool.layout.index.remove(run) } }
      try spool.drop("web/again.jsonl", texts(20, seed: 62))
      try spool.run(Self.settings)
      #expect(try spool.counts("web")["kept"] == right["kept"], told)
    }
    print("\(kills) kills at durable steps of about \(limit), \(inside) of them in the middle of a spill or a merge")
  }

  /// Died with a run unfinished, or with the runs that a merge had read still there.
  private static func isInsideIndex(_ spool: TestSpool) throws -> Bool {
    try spool.runs.contains { $0.hasPrefix(".run-") } || StateRowTests.check(spool).contains { $0.row == "X3" }
  }

  /// False when the run ended before that step.
  private static func die(_ spool: TestSpool, _ step: Int) async throws -> Bool {
    let path = spool.layout.root.path.description
    let result = try await #require(
      processExitsWith: .failure, observing: [\.exitStatus]
    ) { [path = path as String, step = step as Int] in
      let spool = try TestSpool(at: Path(path))
      FaultPoint.arm(try FaultPlan("kill@\(step):durable"))
      try spool.run(flush: true, IndexKillTests.settings)
      exit(42)
    }
    if result.exitStatus == .exitCode(42) { return false }
    #expect(result.exitStatus == .signal(SIGKILL))
    return true
  }
}

extension TestSpool {
  /// The states of all documents, in order, as the journal has them.
  fileprivate func survivors() throws -> [String] {
    var states: [String] = []
    for record in try events("batch") {
      let batch = try CorpusBatch(CorpusName(record["number"]?.integer ?? -1), in: layout.corpus)
      for index in 0..<batch.count {
        let bytes = batch.record(index)
        states.append("\(bytes[59])")
      }
      for change in record["changes"]?.array ?? [] {
        let parts = (change.array ?? []).compactMap(\.integer)
        states[parts[0]] = "\(parts[1])"
      }
    }
    return states
  }
}
