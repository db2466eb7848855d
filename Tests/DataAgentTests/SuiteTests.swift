import Bytes
import Glibc
import Posix
import Spool
import Testing

@testable import DataAgent

/// Suites that come, change and go beside documents that come, are copied and are trained on.
@Suite struct SuiteTests {
  private static let documents = texts(60, seed: 80)

  @Test("Dropped before the documents, between or after them: the same states and the same blocks")
  func whenItCameDecidesNothing() throws {
    var blocks: [[String: String]] = []
    for moment in 0..<3 {
      let spool = try TestSpool(tokenizer: false)
      let settings = ["tokenize.train_mb=1"]
      let parts = [Array(Self.documents[..<30]), Array(Self.documents[30...])]
      for part in 0..<2 {
        if moment == part { try spool.dropSuite("quiz", [Self.documents[7], Self.documents[44]]) }
        try spool.drop(Path("web/\(part).jsonl"), parts[part])
        try spool.run(settings)
      }
      if moment == 2 { try spool.dropSuite("quiz", [Self.documents[7], Self.documents[44]]) }
      try spool.layout.tokenizer.replaceFile("tokenizer.json", with: try TestSpool.tokenizer)
      try spool.run(flush: true, settings)
      #expect(try spool.counts("web")["kept"] == 58 && spool.contaminated == 2)
      // Composed blocks depend on how many documents had come, so all are composed at the end here.
      blocks.append(try spool.blocks().mapValues { Digest.hex(Digest.sha256($0)) })
    }
    #expect(blocks[0].count > 4)
    #expect(blocks[0] == blocks[1] && blocks[1] == blocks[2])
  }

  @Test("A near duplicate of a contaminated document is judged by itself")
  func duplicates() throws {
    let spool = try TestSpool()
    let text = texts(1, seed: 81, words: 200)[0]
    let question = "what was the name of the first ship that sailed around the whole world"
    // The longer one is better: first it keeps the clean one out.
    try spool.drop("web/a.jsonl", [text, text + " " + question, text + " " + question.uppercased() + "!"])
    try spool.run()
    #expect(try spool.counts("web")["kept"] == 1)
    let keptBefore = try spool.states()
    #expect(keptBefore[0] == "duplicate" || keptBefore[0] == "superseded")
    try spool.dropSuite("quiz", [question])
    try spool.run()
    #expect(try spool.states() == ["kept", "contaminated", "contaminated"])
    try spool.layout.suites.remove("benchmark/quiz.jsonl")
    try spool.run()
    #expect(try spool.counts("web")["kept"] == 1)
    #expect(try spool.states()[0] != "kept")
  }

  @Test("why names suite and item; the report names documents, blocks, what is too short and what is common")
  func told() throws {
    let spool = try TestSpool()
    try spool.drop("web/a.jsonl", Self.documents)
    try spool.run(flush: true)
    #expect(try spool.events("block").count > 2)
    try spool.dropSuite("quiz", ["too short", Self.documents[7], Self.documents[9]])
    try spool.run()
    let report = try spool.report("benchmark-quiz.json")
    #expect(report["contaminated_documents"]?.integer == 2)
    #expect(report["found"]?.array?.map { $0["line"]?.integer } == [2, 3])
    #expect(report["too_short"]?.array?.count == 1)
    let holding = try #require(report["blocks"]?.array?.compactMap { $0["block"]?.integer })
    #expect(!holding.isEmpty)
    let id = try #require(report["found"]?.array?[0]["list"]?.array?[0]["id"]?.string)
    let why = try DocumentHistory(spool.layout, channels: spool.settings().channels).explain(id)
    #expect(why[0].contains("contaminated by benchmark/quiz, item 2 on line 2"), "\(why)")
    #expect(why.contains { $0.contains("in block \(holding[0])") })
    // Not drawn again, and still there after a restart from snapshots.
    try spool.drop("web/b.jsonl", texts(30, seed: 83) + [Self.documents[9]])
    try spool.run(flush: true, ["spool.journal_mb=0.001"])
    try spool.run(["spool.journal_mb=0.001"])
    #expect(try spool.contaminated == 3)
    #expect(try spool.report("benchmark-quiz.json")["blocks"]?.array?.compactMap { $0["block"]?.integer } == holding)
  }

  @Test("N-grams are counted again at 1,000 documents: what is common by then gives its documents back")
  func counted() throws {
    let notice = "permission is granted free of charge to any person who obtains a copy of this work"
    let documents = texts(1100, seed: 84, words: 20).enumerated().map { number, text in
      number % 40 == 0 ? text + " " + notice : text
    }
    var blocks: [[String: String]] = []
    for isOneByOne in [false, true] {
      let spool = try TestSpool()
      try spool.dropSuite("licences", [notice])
      for part in 0..<4 {
        try spool.drop(Path("web/\(part).jsonl"), Array(documents[(275 * part)..<(275 * (part + 1))]))
        if isOneByOne || part == 3 { try spool.run(["compose.block_tokens=100000"]) }
      }
      #expect(try spool.contaminated == 0)
      let records = try spool.events("suites")
      #expect(records.map { $0["cut"]?.integer } == [0, 1000])
      #expect(records[1]["common"]?.array?.count == 4)
      let common = try spool.report("benchmark-licences.json")["common_ngrams"]
      #expect(common?["count"]?.integer == 4)
      #expect(common?["list"]?.array?[0]["documents"]?.integer == 25)
      try spool.run(flush: true, ["compose.block_tokens=100000"])
      blocks.append(try spool.blocks().mapValues { Digest.hex(Digest.sha256($0)) })
    }
    #expect(blocks[0] == blocks[1])
  }

  @Test("D5: a suite that the journal names and that is being written holds everything up")
  func beingWritten() throws {
    let spool = try TestSpool()
    try spool.dropSuite("quiz", [Self.documents[7]])
    try spool.drop("web/a.jsonl", Array(Self.documents[..<20]))
    try spool.run()
    let writer = try spool.layout.suites.appendFile("benchmark/quiz.jsonl")
    let keeper = SuiteFiles(spool.layout.suites, quiet: 0)
    try keeper.look()
    #expect(keeper.settling == ["benchmark/quiz"])
    try writer.append(Array("{\"question\": \"more of it\"}\n".utf8))
    withExtendedLifetime(writer) {}
  }

  @Test("Killed at any durable step of a change, it ends alike", arguments: [3, 6, 8, 9, 10, 11, 12, 13, 14, 15])
  func killed(_ step: Int) async throws {
    func fill(_ spool: TestSpool) throws {
      try spool.drop("web/a.jsonl", Array(Self.documents[..<50]) + [Self.documents[7] + " and more"])
      try spool.run()
      try spool.dropSuite("quiz", [Self.documents[7], Self.documents[33]])
      try spool.dropSuite("prose", [Self.documents[20]], kind: "ppl")
      try spool.drop("web/b.jsonl", Array(Self.documents[40...]))
    }
    let reference = try TestSpool()
    try fill(reference)
    try reference.run(flush: true)
    let spool = try TestSpool()
    try fill(spool)
    let path = spool.layout.root.path.description
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, step = step as Int] in
      let spool = try TestSpool(at: Path(path))
      FaultPoint.arm(try FaultPlan("kill@\(step):durable"))
      try spool.run(flush: true)
      exit(0)
    }
    try spool.run(flush: true)
    #expect(try spool.counts("web") == reference.counts("web"))
    #expect(try spool.states() == reference.states())
    #expect(try spool.contaminated == 4)
    let (found, expected) = (try spool.blocks(), try reference.blocks())
    #expect(found.keys.sorted() == expected.keys.sorted())
    for (name, bytes) in expected where found[name] != bytes { Issue.record("\(name) differs") }
  }
}

extension TestSpool {
  /// The state of every document, as the journal and the batches have it.
  func states() throws -> [String] {
    var states: [DocumentState] = []
    var thresholds = ThresholdHistory()
    for record in try journal {
      for (ordinal, state) in thresholds.note(record) { states[ordinal] = state }
      if record["ev"]?.string == "batch" {
        let batch = try CorpusBatch(CorpusName(record["number"]?.integer ?? -1), in: layout.corpus)
        states += (0..<batch.count).map { DocumentRecord.state(batch.record($0)) }
      }
      for change in record["changes"]?.array ?? [] {
        if let (ordinal, state) = DocumentState.change(change) { states[ordinal] = state }
      }
    }
    return states.map(\.name)
  }
}
