import Bytes
import Fixtures
import Glibc
import Posix
import Spool
import Testing

@testable import DataAgent

/// `dedupe.target_tokens`: thresholds that the agent chooses.
@Suite struct TargetTests {
  /// Families of texts with up to 4 % of their words changed: each threshold leaves other ones.
  static func families(_ random: inout SeededRandom, count: Int = 120) -> [String] {
    var found: [String] = []
    while found.count < count {
      let base = texts(1, seed: random.next() >> 1, words: 120)[0].split(separator: " ").map(String.init)
      for _ in 0...random.below(5) where found.count < count {
        var words = base
        for _ in 0...random.below(5) { words[random.below(words.count)] = "edit\(random.below(5000))" }
        found.append(words.joined(separator: " "))
      }
    }
    return found
  }

  /// No block is cut by itself: the mix asks for a channel that nobody drops.
  private static let noBlocks = ["compose.block_tokens=100000000", "spool.threads=1"]

  private static func threshold(_ spool: TestSpool, _ name: String = "*") throws -> Double? {
    try spool.status["thresholds"]?[name]?["threshold"]?.number
  }

  /// Texts that are kept.
  private static func survivors(_ spool: TestSpool) throws -> Set<String> {
    Set(zip(try spool.texts(), try spool.states()).filter { $0.1 == "kept" }.map(\.0))
  }

  /// Tokens that the threshold in force left.
  private static func left(_ spool: TestSpool) throws -> Int {
    try #require(try spool.status["thresholds"]?["*"]?["tokens"]?.integer)
  }

  @Test("Before the first block threshold and survivors are the same for any order, split, batches and threads")
  func anyOrder() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var random = SeededRandom(seed)
    let documents = Self.families(&random)
    var expected: (threshold: Double, survivors: Set<String>)?
    for run in 0..<20 {
      let spool = try TestSpool()
      let settings = [
        "compose.block_tokens=100000000", "dedupe.target_tokens=30000", "spool.threads=\(1 + run % 2)",
        "spool.batch_documents=\([7, 16, 1000][run % 3])", "spool.table_documents=\(1 + random.below(40))",
      ]
      let shuffled = documents.shuffled(using: &random)
      let cut = 1 + random.below(documents.count - 1)
      try spool.drop("web/a.jsonl", Array(shuffled[..<cut]))
      if run % 2 == 0 { try spool.run(settings) }
      try spool.drop("web/b.jsonl", Array(shuffled[cut...]))
      try spool.run(settings)
      let threshold = try #require(try Self.threshold(spool))
      let survivors = try Self.survivors(spool)
      #expect(try Self.left(spool) >= 30_000)
      #expect(threshold == expected?.threshold ?? threshold, "seed \(seed), run \(run)")
      #expect(survivors == expected?.survivors ?? survivors, "seed \(seed), run \(run)")
      expected = (threshold, survivors)
    }
    #expect(expected!.threshold > 0.5 && expected!.threshold < 1, "the target lies between: \(expected!.threshold)")
  }

  @Test("The lowest threshold that leaves the wanted tokens: one hundredth lower leaves fewer")
  func leavesWhatIsWanted() throws {
    var random = SeededRandom(41)
    let documents = Self.families(&random)
    let spool = try TestSpool()
    try spool.drop("web/a.jsonl", documents)
    try spool.run(Self.noBlocks + ["dedupe.target_tokens=30000"])
    let threshold = try #require(try Self.threshold(spool))
    let plan = try DedupPlan(spool.layout, settings: try spool.settings())
    let rows = try plan.rows()
    let index = try #require(rows.firstIndex { $0.threshold == threshold })
    #expect(rows[index].allTokens == (try Self.left(spool)) && rows[index].allTokens >= 30_000)
    #expect(rows[..<index].allSatisfy { $0.allTokens < 30_000 })
    #expect(rows[index].documents == (try spool.counts("web")["kept"]))
    // What is said of one document.
    let history = try DocumentHistory(spool.layout, channels: try spool.settings().channels)
    let near = try #require(try spool.states().firstIndex { $0 == "duplicate" || $0 == "superseded" })
    let id = try #require(try JSONParser.parse(try spool.lines()[near])["id"]?.string)
    #expect(try history.explain(id)[0].contains("\(threshold) was chosen to leave 30000 tokens"))
  }

  @Test("Fewer tokens than wanted: everything but equal texts stays, and no block is cut before a flush")
  func notReached() throws {
    var random = SeededRandom(42)
    let documents = Self.families(&random)
    let settings = ["dedupe.target_tokens=10000000"]
    let spool = try TestSpool()
    try spool.drop("web/a.jsonl", documents + [documents[0].uppercased()])
    try spool.run(settings)
    #expect(try spool.counts("web")["kept"] == documents.count && spool.blocks().isEmpty)
    #expect(try Self.threshold(spool) == 1)
    try spool.run(flush: true, settings)
    #expect(try spool.counts("web")["kept"] == documents.count)
    let blocks = try spool.events("block").count
    #expect(blocks > 10, "all of it is composed: \(blocks) blocks")
  }

  @Test("Blocks are cut at the same documents with other batches, threads and restarts")
  func cuts() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var random = SeededRandom(seed)
    let documents = Self.families(&random, count: 200)
    var expected: (blocks: [String: [UInt8]], states: [String], thresholds: [JSONValue?])?
    for run in 0..<4 {
      let spool = try TestSpool()
      let settings = [
        "dedupe.target_tokens=20000", "spool.batch_documents=\([7, 16, 33, 1000][run])", "spool.threads=\(1 + run % 2)",
        "spool.table_documents=\([1, 1000, 20, 3][run])",
      ]
      for part in 0..<10 {
        try spool.drop(Path("web/\(part).jsonl"), Array(documents[(20 * part)..<(20 * part + 20)]))
        // One run stops after each file, so that what is seen at rest differs.
        if run == 2 || part == 9 { try spool.run(settings) }
      }
      let found = (
        try spool.blocks(), try spool.states(),
        try spool.events("thresholds").filter {
          $0["milestone"] == $0["cut"]
        }.map { $0["chosen"] }
      )
      #expect(found.0.count > 40, "blocks were cut: \(found.0.count)")
      #expect(found.0 == expected?.blocks ?? found.0, "seed \(seed), run \(run)")
      #expect(found.1 == expected?.states ?? found.1, "seed \(seed), run \(run)")
      #expect(found.2 == expected?.thresholds ?? found.2, "seed \(seed), run \(run)")
      expected = found
    }
  }

  @Test("Documents of a published block stay when the threshold falls")
  func frozenStay() throws {
    var random = SeededRandom(43)
    let spool = try TestSpool()
    let settings = ["dedupe.target_tokens=15000"]
    try spool.drop("web/a.jsonl", Self.families(&random, count: 60))
    try spool.run(settings)
    let before = try #require(try Self.threshold(spool))
    let held = try spool.frozen()
    #expect(held.count > 10)
    try spool.drop("web/b.jsonl", Self.families(&random, count: 1100))
    try spool.run(settings)
    #expect(try #require(try Self.threshold(spool)) < before, "there is far more now")
    let states = try spool.states()
    #expect(held.allSatisfy { states[$0] == "kept" })
  }

  @Test("Targets of single channels have thresholds of their own; another target is obeyed by the next start")
  func byChannel() throws {
    var random = SeededRandom(44)
    let spool = try TestSpool()
    try spool.drop("web/a.jsonl", Self.families(&random))
    try spool.run(Self.noBlocks + ["dedupe.target_tokens={en: 30000}"])
    let first = try #require(try Self.threshold(spool, "en"))
    try spool.run(Self.noBlocks + ["dedupe.target_tokens={en: 25000}"])
    let second = try #require(try Self.threshold(spool, "en"))
    #expect(second < first)
    #expect(try spool.events("thresholds").last?["chosen"]?.array?.first?.array?[1].integer == 25_000)
  }

  @Test("Died at any durable step of a choice: the same survivors and blocks")
  func kills() async throws {
    let seed = UInt64.random(in: 0..<1_000_000)
    print("seed \(seed)")
    var random = SeededRandom(seed)
    let reference = try TestSpool()
    try TargetTests.fill(reference)
    try reference.run(flush: true, TargetTests.killSettings)
    let (states, blocks) = (try reference.states(), try reference.blocks())
    #expect(blocks.count > 10)
    var limit = 300
    var kills = 0
    while kills < 20 {
      let spool = try TestSpool()
      try TargetTests.fill(spool)
      for _ in 0..<2 {
        let step = 1 + random.below(limit)
        let path = spool.layout.root.path.description
        let result = try await #require(
          processExitsWith: .failure, observing: [\.exitStatus]
        ) { [path = path as String, step = step as Int] in
          let spool = try TestSpool(at: Path(path))
          FaultPoint.arm(try FaultPlan("kill@\(step):durable"))
          try spool.run(flush: true, TargetTests.killSettings)
          exit(42)
        }
        if result.exitStatus == .exitCode(42) {
          limit = max(40, min(limit, step))
          break
        }
        #expect(result.exitStatus == .signal(SIGKILL))
        kills += 1
      }
      try spool.run(flush: true, TargetTests.killSettings)
      #expect(try spool.states() == states, "seed \(seed), kill \(kills)")
      #expect(try spool.blocks() == blocks, "seed \(seed), kill \(kills)")
      #expect(try StateRowTests.check(spool) == [])
    }
  }

  /// Tables of documents are written often, so that deaths meet them too.
  static let killSettings = [
    "dedupe.target_tokens=15000", "spool.batch_documents=8", "spool.table_documents=10", "spool.threads=2",
    "dedupe.index_mb=0.003",
  ]

  static func fill(_ spool: TestSpool) throws {
    var random = SeededRandom(45)
    try spool.drop("web/a.jsonl", families(&random, count: 80))
  }
}

extension TestSpool {
  /// Documents in published blocks.
  func frozen() throws -> [Int] {
    let draws = try layout.state.open("draws")
    return try events("block-intent").compactMap { BlockIntent($0) }.flatMap { intent -> [Int] in
      guard draws.exists(DrawFile.name(intent)) else { return [] }
      return try DrawFile.read(intent, in: draws).ordinals.map { Int($0) }
    }
  }
}
