import Bytes
import Fixtures
import Posix
import Testing

/// `dedupe.target_tokens`, the table of documents and rehydration, with the real binary.
extension Scenes {
  @Suite(.serialized) struct Targets {
    private static let settings =
      Scene.plain.filter { $0 != "dedupe.enabled=false" && !$0.hasPrefix("compose.block_tokens") }

    /// Families of English texts that differ in up to five words.
    private static func lines(_ random: inout SeededRandom, families: Int) -> [String] {
      (0..<families).flatMap { family -> [String] in
        let base = (0..<110).map { _ in "word\(random.below(4000))" }
        return (0...random.below(5)).map { _ in
          var words = base
          for _ in 0...random.below(5) { words[random.below(words.count)] = "edit\(random.below(9000))" }
          return "{\"text\": \"The \(words.joined(separator: " ")).\"}"
        }
      }
    }

    private static func open(_ name: String, _ more: [String]) throws -> Scene {
      let scene = try Scene(name, settings + more)
      try scene.drop("web/.source.json5", "{channel: 'en'}")
      let tests = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
      let tokenizer = try Directory(Path("/\(tests)/Fixtures/tokens")).read("tokenizer.json")
      try scene.spool.make("tokenizer").replaceFile("tokenizer.json", with: tokenizer)
      return scene
    }

    private static func target(_ scene: Scene) -> JSONValue? { scene.status("agent")?["thresholds"]?["*"] }

    private static func kept(_ scene: Scene) throws -> Set<String> {
      Set(
        try zip(scene.corpus(), scene.documentStates()).filter { $0.1.hasSuffix("[0, 0, 0, 0, 0]") }
          .map { String(decoding: $0.0.text, as: UTF8.self) })
    }

    @Test("As plan dedup names the threshold, so the agent chooses it; status and why tell it; any order and batches")
    func chosen() throws {
      let seed = UInt64.random(in: 0...UInt64.max)
      print("seed \(seed)")
      var random = SeededRandom(seed)
      let lines = Self.lines(&random, families: 60)
      let plain = try Self.open("targets-plan", ["compose.block_tokens=100000000"])
      try plain.drop("web/a.jsonl", lines.joined(separator: "\n") + "\n")
      try plain.succeed("agent", "--until-idle")
      let all = try #require(plain.status("agent")?["supply"]?["en"]?["available"]?.integer)
      let wanted = all * 2 / 3
      let planned = try plain.succeed("plan", "dedup", "--target-tokens", "\(wanted)").lines.last ?? ""
      var expected: (Double, Set<String>)?
      for run in 0..<4 {
        let scene = try Self.open(
          "targets",
          [
            "compose.block_tokens=100000000", "dedupe.target_tokens=\(wanted)", "spool.threads=\(1 + run % 2)",
            "spool.batch_documents=\([9, 64, 4096, 31][run])", "spool.table_documents=\([7, 50, 65536, 1][run])",
          ])
        let order = lines.shuffled(using: &random)
        let cut = 1 + random.below(lines.count - 1)
        try scene.drop("web/a.jsonl", order[..<cut].joined(separator: "\n") + "\n")
        if run % 2 == 0 { try scene.succeed("agent", "--until-idle") }
        try scene.drop("web/b.jsonl", order[cut...].joined(separator: "\n") + "\n")
        try scene.succeed("agent", "--until-idle")
        let threshold = try #require(Self.target(scene)?["threshold"]?.number)
        #expect(planned.contains("dedupe.threshold=\(threshold) leaves"), "seed \(seed): \(planned)")
        #expect(try #require(Self.target(scene)?["tokens"]?.integer) >= wanted)
        let kept = try Self.kept(scene)
        #expect(threshold == expected?.0 ?? threshold && kept == expected?.1 ?? kept, "seed \(seed), run \(run)")
        expected = (threshold, kept)
        #expect(try scene.succeed("status").output.contains("from similarity \(threshold) on, for \(wanted) tokens"))
        let near = try #require(try scene.documentStates().first { !$0.hasSuffix("[0, 0, 0, 0, 0]") })
        let told = try scene.succeed("why", String(near.prefix(32))).output
        #expect(told.contains("\(threshold) was chosen to leave \(wanted) tokens"), "\(told)")
        #expect(try scene.succeed("check").code == 0)
      }
    }

    @Test("No block before the target is there; a flush composes what there is; blocks weigh what stands for many")
    func flushed() throws {
      var random = SeededRandom(12)
      let scene = try Self.open(
        "targets-flush",
        [
          "compose.block_tokens=5000", "dedupe.target_tokens=100000000", "compose.rehydration=['2=2', '3=3']",
          "spool.rescan_s=0.2",
        ])
      try scene.drop("web/a.jsonl", Self.lines(&random, families: 40).joined(separator: "\n") + "\n")
      let agent = try scene.start(["agent"])
      defer { agent.kill() }
      try scene.wait(60, "the agent says what it waits for") {
        scene.status("agent")?["message"]?.string?.contains("dedupe.target_tokens") == true
      }
      #expect(!scene.names("blocks").contains { $0.hasSuffix(".bin") })
      try scene.shell("touch spool/control/flush")
      try scene.wait(60, "the flush is done") { scene.json("control/ack/last-flush.json")?["state"]?.string == "done" }
      let manifest = try #require(scene.json("blocks/part-00000.json"))
      let steps = try #require(manifest["weights"]?["rehydration"]?.array)
      #expect(steps.map { $0["weight"]?.number } == [1, 2, 3])
      #expect(steps.reduce(0) { $0 + ($1["sequences"]?.integer ?? 0) } == manifest["documents"]?.integer)
      #expect(try scene.succeed("block", "info", "0").output.contains("cluster size (sequences)"))
      #expect(agent.stop() == 0)
    }
  }
}
