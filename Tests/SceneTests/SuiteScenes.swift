import Bytes
import Posix
import Testing

/// Suites that are dropped beside a running agent: what they hold leaves the training data.
extension Scenes {
  @Suite struct Suites {
    private static let settings =
      Scene.plain.filter { !$0.hasPrefix("dedupe.") } + [
        "spool.rescan_s=0.2", "spool.quiet_ms=100", "spool.moved_ms=0",
      ]

    private static let question =
      "Why did the old captain of the island leave his garden before the winter came at last?"

    private func lines(_ texts: [String]) -> [UInt8] { lines(texts.map { JSONValue.object(["text": .string($0)]) }) }

    private func lines(_ values: [JSONValue]) -> [UInt8] { values.flatMap { JSONWriter.compact($0) + [0x0A] } }

    private func dropSuite(_ scene: Scene, _ name: String, _ lines: [JSONValue]) throws {
      let bytes = self.lines(lines)
      // As `cp` does it: created, written, closed.
      try scene.folder.open("outside").replaceFile("suite", with: bytes)
      try scene.shell(
        "mkdir -p spool/eval/suites/\(Path(name).parent) && cp outside/suite spool/eval/suites/\(name).jsonl")
    }

    private func report(_ scene: Scene, _ name: String) -> JSONValue? {
      scene.json(Path("eval/contamination/\(name).json"))
    }

    private func exported(_ scene: Scene, from first: Int) throws -> String {
      let numbers = scene.names("blocks").filter { $0.hasSuffix(".json") }.count
      return try (first..<max(first, numbers)).map { try scene.succeed("block", "export", "\($0)").output }.joined()
    }

    /// Documents that hold the question in disguise, before and after it is dropped as a suite, and a block with them.
    @Test func aSuiteDroppedBesidePublishedBlocks() throws {
      // The first block holds every document.
      let roomy = Self.settings.filter { !$0.hasPrefix("compose.block_tokens") } + ["compose.block_tokens=200000"]
      let scene = try Scene("suites", roomy)
      var texts = (0..<120).map { Lorem.document(.en, $0, bytes: 1500) }
      texts[5] += "\n" + Self.question
      texts[60] += "\n" + Self.question.uppercased().replacing("?", with: "!!")
      texts[61] = Lorem.document(.zh, 900, bytes: 600) + "\n" + Self.question.replacing(" ", with: "，")
      try scene.drop("web/a.jsonl", lines(texts))
      let agent = try scene.start(["agent"])
      defer { agent.kill() }
      try scene.wait(60, "the documents") { scene.count("web") == 120 }
      try scene.shell("touch spool/control/flush")
      try scene.wait(60, "blocks, the short one too") {
        scene.exists("control/ack/last-flush.json") && scene.count("web") == 120
      }
      try scene.wait(60, "the flush is done") { scene.json("control/ack/last-flush.json")?["state"]?.string == "done" }
      let before = scene.names("blocks").filter { $0.hasSuffix(".json") }.count
      #expect(before > 0)
      #expect(scene.count("web", "contaminated") == 0)

      try dropSuite(
        scene, "benchmark/quiz", [.object(["question": .string(Self.question), "answer": .string("Nobody knows.")])])
      try scene.wait(30, "the corpus is judged") { scene.count("web", "contaminated") == 3 }
      try scene.wait(30, "the report") { report(scene, "benchmark-quiz")?["contaminated_documents"]?.integer == 3 }
      let told = try #require(report(scene, "benchmark-quiz"))
      #expect(told["blocks"]?.array?.isEmpty == false, "\(told)")
      let documents = told["found"]?.array?[0]["list"]?.array ?? []
      #expect(documents.count == 3)
      let why = try scene.succeed("why", documents[0]["id"]?.string ?? "").output
      #expect(why.contains("contaminated by benchmark/quiz, item 1 on line 1") && why.contains("in block"), "\(why)")

      // New documents are judged at once; blocks from now on hold none of it.
      try scene.drop(
        "web/b.jsonl",
        lines((200..<320).map { Lorem.document(.en, $0, bytes: 1500) } + ["so: " + Self.question.lowercased()]))
      try scene.wait(60, "the new documents") { scene.count("web") == 241 && scene.count("web", "contaminated") == 4 }
      #expect(agent.stop() == 0)
      try scene.digest()
      let later = try exported(scene, from: before).lowercased()
      #expect(later.count > 10_000)
      #expect(!later.contains("captain of the island leave his garden"))
      #expect(try exported(scene, from: 0).contains("captain of the island leave his garden"))
      #expect(try scene.run("check").code == 0)
      let counts = try #require(scene.sources()["web"])
      #expect(counts["in"] == 241 && counts.filter { $0.key != "in" }.values.reduce(0, +) == 241)

      // The suite goes: its documents are given back.
      try scene.shell("rm spool/eval/suites/benchmark/quiz.jsonl")
      try scene.digest()
      #expect(scene.count("web", "contaminated") == 0)
      #expect(!scene.exists("eval/contamination/benchmark-quiz.json"))
    }

    @Test("D5: at a start nothing is committed before a suite that counts is whole")
    func aSuiteThatIsBeingWritten() throws {
      let scene = try Scene("written", Self.settings)
      let item = JSONValue.object(["question": .string(Self.question)])
      try dropSuite(scene, "benchmark/quiz", [item])
      try scene.drop("web/a.jsonl", lines((0..<5).map { Lorem.document(.en, $0 * 8, bytes: 900) }))
      try scene.digest()
      #expect(scene.count("web") == 5)
      var writer: File? = try scene.spool.appendFile("eval/suites/benchmark/quiz.jsonl")
      try writer?.append(lines([JSONValue.object(["question": .string(Lorem.document(.en, 80, bytes: 300))])]))
      let agent = try scene.start(["agent"])
      defer { agent.kill() }
      try scene.drop("web/b.jsonl", lines([Lorem.document(.en, 80, bytes: 300), "so: " + Self.question]))
      try scene.wait(20, "it waits") { scene.status("agent")?["message"]?.string?.contains("eval/suites") == true }
      Clock.sleep(1)
      #expect(scene.count("web") == 5)
      writer = nil
      try scene.wait(20, "it goes on") { scene.count("web") == 7 && scene.count("web", "contaminated") == 2 }
      #expect(agent.stop() == 0)
    }

    /// A suite that the evaluator cannot use is a source all the same, and so are those without a score.
    @Test func everyKindIsASource() throws {
      let scene = try Scene("kinds", Self.settings)
      let kinds = ["ppl", "benchmark", "probe", "sample", "privacy"]
      let items = kinds.indices.map { Lorem.document(.en, 2000 + 8 * $0, bytes: 300) }
      for (kind, item) in zip(kinds, items) {
        try dropSuite(scene, "\(kind)/mine", [.object(["prompt": .string(item), "unknown": .integer(1)])])
      }
      try scene.drop("web/a.jsonl", lines((0..<20).map { Lorem.document(.en, $0 * 8, bytes: 900) } + items))
      try scene.digest()
      #expect(scene.count("web", "contaminated") == 5, "\(scene.sources())")
      for kind in kinds { #expect(report(scene, "\(kind)-mine")?["contaminated_documents"]?.integer == 1, "\(kind)") }
    }
  }
}
