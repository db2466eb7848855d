import Bytes
import Fixtures
import Posix
import Testing

extension Scenes {
  /// Lines, paragraphs and sentences that documents of one source share.
  @Suite(.serialized) struct Boilerplate {
    private static let settings = Scene.plain + ["compose.block_tokens=100000000", "dedupe.least_left=10"]

    /// Documents of two sources: one in which all have a line in common, one in which few do, and a document of little
    /// else.
    private static func lines(_ count: Int) -> [(source: String, line: String)] {
      (0..<count).flatMap { number in
        let words = (0..<30).map { "word\(number)x\($0)" }.joined(separator: " ")
        let others = (0..<30).map { "book\(number)x\($0)" }.joined(separator: " ")
        let last = number % 20 == 0 ? "Subscribe to our letter" : "Nothing of the kind \(number)"
        return [
          ("web", "\(words).\n\nShare this page!\n"), ("book", "\(others).\n\(last)\n"),
          ("web", number == 3 ? "A stump\n\nSHARE this page\n" : "\(words) more words of another text \(words)."),
        ]
      }.map { source, text in (source, "{\"source\": \"\(source)\", \"text\": \(quoted(text))}") }
    }

    private static func quoted(_ text: String) -> String {
      String(decoding: JSONWriter.compact(.string(text)), as: UTF8.self)
    }

    private static func filter(_ scene: Scene, _ words: String, _ input: [String]) throws -> [JSONValue] {
      try scene.folder.replaceFile("filter-in", with: Array((input.joined(separator: "\n") + "\n").utf8))
      let settings = scene.settings.map { "--set \($0)" }.joined(separator: " ")
      let script = "'\(Scene.binary!)' \(words) \(settings) <'\(scene.root)/filter-in' >'\(scene.root)/filter-out'"
      #expect(try Child.start(["sh", "-c", script]).wait() == 0, "\(script)")
      return try scene.folder.read("filter-out").split(separator: 0x0A).map { try JSONParser.parse(Array($0)) }
    }

    @Test("The finder lists what a source shares; the list cuts it in the agent, which counts, shows and tells it")
    func agent() throws {
      let lines = Self.lines(60)
      let scene = try Scene("boilerplate-agent", Self.settings)
      for source in ["web", "book"] {
        let file = lines.filter { $0.source == source }.map(\.line).joined(separator: "\n")
        try scene.drop(Path("\(source)/all.jsonl"), file)
      }
      try scene.digest()
      let list = "\(scene.root)/list.jsonl"
      let plan = try scene.succeed("plan", "boilerplate", "--least", "10", "--write", list)
      #expect(plan.output.contains("web: 1\n"), "\(plan.output)")
      #expect(plan.output.lowercased().contains("61  share this page"), "\(plan.output)")
      #expect(!plan.output.contains("Subscribe"), "three documents are too few")

      let second = try Scene("boilerplate-cut", Self.settings + ["dedupe.boilerplate=\(list)"])
      for (place, line) in lines.shuffled().enumerated() where place % 2 == 0 || line.line.contains("stump") {
        try second.drop(Path("\(line.source)/\(place).jsonl"), line.line)
      }
      try second.digest()
      for document in try second.corpus() {
        #expect(!String(decoding: document.text, as: UTF8.self).lowercased().contains("share this page"))
      }
      let sample = String(decoding: try second.spool.read("filtered/boilerplate/sample.jsonl"), as: UTF8.self)
      #expect(sample.contains("Share this page!") && sample.contains("\"source\":\"web\""), "\(sample)")
      #expect(second.names("filtered").contains("boilerplate.stump"))
      let stump = try #require(
        try second.corpus().first { String(decoding: $0.text, as: UTF8.self).hasPrefix("A stump") })
      let told = try second.succeed("why", stump.id).output
      #expect(
        told.contains("filtered by rule boilerplate.stump, value 2")
          && told.contains("1 lines dropped by rule boilerplate"), "\(told)")
    }

    @Test("A list that says nothing refuses to start, with the line")
    func badList() throws {
      let scene = try Scene("boilerplate-bad", Self.settings)
      try scene.folder.replaceFile("bad.jsonl", with: Array("{\"source\": \"web\"}\n".utf8))
      let failed = try scene.run("agent", "--until-idle", "--set", "dedupe.boilerplate=\(scene.root)/bad.jsonl")
      #expect(failed.code != 0 && failed.log.contains("dedupe.boilerplate: line 1: it has no `text`"), "\(failed.log)")
    }

    @Test("The filter cuts what survivors of a source share, whatever the order of the lines and the threads")
    func filter() throws {
      let seed = UInt64.random(in: 0...UInt64.max)
      print("seed \(seed)")
      var random = SeededRandom(seed)
      let scene = try Scene(
        "boilerplate-filter", Self.settings.map { $0 == "dedupe.enabled=false" ? "dedupe.enabled=true" : $0 })
      // Copies of one document do not make its lines common.
      let lines = Self.lines(30).map(\.line) + [String](repeating: Self.lines(1)[1].line, count: 20)
      var expected: [String: Int]?
      for run in 0..<4 {
        let judged = try Self.filter(
          scene, "dedupe --lines 5 --threads \(1 + run % 2)", lines.shuffled(using: &random))
        #expect(judged.count == lines.count)
        var outcomes: [String: Int] = [:]
        for line in judged {
          let dropped = line["dropped_lines"]?["boilerplate"]?.integer ?? 0
          let rule = line["drop"]?["rule"]?.string ?? "kept"
          outcomes["\(rule) \(dropped) \(line["text"]?.string ?? "")", default: 0] += 1
          if rule == "kept" { #expect(line["text"]?.string?.contains("hare this") == false) }
        }
        #expect(outcomes.keys.contains { $0.hasPrefix("boilerplate.stump 0 A stump") })
        #expect(outcomes.keys.filter { $0.hasPrefix("kept 1 ") }.count == 30)
        #expect(outcomes.keys.contains { $0.contains("Subscribe to our letter") }, "two documents are too few")
        #expect(outcomes == expected ?? outcomes, "seed \(seed), run \(run)")
        expected = outcomes
      }
    }

    @Test("With --keep-best the best document keeps its copy")
    func keepBest() throws {
      let scene = try Scene("boilerplate-best", Self.settings)
      let words = (0..<3).map { part in (0..<20).map { "w\(part)x\($0)" }.joined(separator: " ") }
      let shared = "A whole paragraph\nthat two pages share, word by word."
      let lines = [0.2, 0.9, 0.5].enumerated().map { place, score in
        "{\"id\": \(place), \"score\": \(score), \"text\": \(Self.quoted("\(words[place]).\n\n\(shared)\n\nEnd."))}"
      }
      let judged = try Self.filter(scene, "dedupe --paragraphs 2 --keep-best", lines)
      #expect(judged.map { $0["text"]?.string?.contains("whole paragraph") } == [false, true, false])
      #expect(judged[0]["text"]?.string == "\(words[0]).\n\nEnd.")
      let everywhere = try Self.filter(scene, "dedupe --paragraphs 2", lines)
      #expect(everywhere.allSatisfy { $0["text"]?.string?.contains("whole paragraph") == false })
    }
  }
}
