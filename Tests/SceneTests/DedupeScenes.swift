import Bytes
import Fixtures
import Posix
import Testing

extension Scenes {
  /// Duplicates as filters and in the agent: one list of survivors.
  @Suite(.serialized) struct Dedupe {
    private static let settings = Scene.plain.filter { $0 != "dedupe.enabled=false" }

    /// Families of texts: copies with a few words changed, some of them with a URL, in one mixed-up order.
    private static func lines(_ random: inout SeededRandom) -> [String] {
      var lines: [String] = []
      for family in 0..<30 {
        var words = (0..<90).map { _ in "word\(random.below(4000))" }
        for copy in 0..<(1 + random.below(4)) {
          // Now and then a text comes again, with another URL or another date.
          for _ in 0..<(copy == 0 || random.below(5) > 0 ? 1 + random.below(2) : 0) {
            words[random.below(words.count)] = "edit\(random.below(4000))"
          }
          let url = random.below(3) == 0 ? ", \"url\": \"https://host.example/\(random.below(12))?utm_source=x\"" : ""
          lines.append(
            "{\"id\": \"f\(family)c\(copy)\", \"text\": \"The \(words.joined(separator: " ")).\", "
              + "\"date\": \"2026-11-\(10 + random.below(9))\"\(url)}"
          )
        }
      }
      return lines.shuffled(using: &random)
    }

    private static func filter(_ scene: Scene, _ words: String, _ input: [String]) throws -> [JSONValue] {
      let name = Path("filter-in")
      try scene.folder.replaceFile(name, with: Array((input.joined(separator: "\n") + "\n").utf8))
      let settings = scene.settings.map { "--set \($0)" }.joined(separator: " ")
      let script = "'\(Scene.binary!)' \(words) \(settings) <'\(scene.root / name)' >'\(scene.root)/filter-out'"
      #expect(try Child.start(["sh", "-c", script]).wait() == 0, "\(script)")
      return try scene.folder.read("filter-out").split(separator: 0x0A).map { try JSONParser.parse(Array($0)) }
    }

    private static func survivors(_ lines: [JSONValue]) -> Set<String> {
      Set(lines.filter { $0["drop"] == nil }.compactMap { $0["text"]?.string })
    }

    @Test("The filters reach the agent's survivors, whatever the order of the lines")
    func parity() throws {
      let seed = UInt64.random(in: 0...UInt64.max)
      print("seed \(seed)")
      var random = SeededRandom(seed)
      let lines = Self.lines(&random)
      let scene = try Scene("dedupe-parity", Self.settings + ["compose.block_tokens=100000000"])
      try scene.drop("pages.jsonl", lines.joined(separator: "\n"))
      try scene.digest()
      let kept = try Self.kept(scene)
      #expect(kept.count > 20 && kept.count < lines.count)
      for _ in 0..<3 {
        let scored = try Self.filter(scene, "clean", lines.shuffled(using: &random))
        let again = scored.map { String(decoding: JSONWriter.compact($0), as: UTF8.self) }
        let judged = try Self.filter(scene, "dedupe", again)
        #expect(judged.count == lines.count)
        #expect(Self.survivors(judged) == kept, "seed \(seed)")
        let ids = Dictionary(uniqueKeysWithValues: judged.map { ($0["id"]!.string!, $0) })
        for line in judged {
          guard let drop = line["drop"] else { continue }
          #expect(drop["stage"]?.string == "dedupe" && ["url", "exact", "near"].contains(drop["rule"]?.string))
          #expect(ids[drop["of"]!.string!]?["drop"] == nil, "a survivor is kept")
        }
        let sizes = judged.compactMap { $0["cluster_size"]?.integer }
        #expect(sizes.reduce(0) { $0 + $1 - 1 } == judged.count - Self.survivors(judged).count)
      }
    }

    /// The texts that are kept.
    private static func kept(_ scene: Scene) throws -> Set<String> {
      Set(
        try zip(scene.corpus(), scene.documentStates()).filter { $0.1.hasSuffix("[0, 0, 0, 0, 0]") }
          .map { String(decoding: $0.0.text, as: UTF8.self) })
    }

    @Test("Twenty orders, splits into files and sources, and batches: one list of survivors")
    func splits() throws {
      let seed = UInt64.random(in: 0...UInt64.max)
      print("seed \(seed)")
      var random = SeededRandom(seed)
      let lines = Self.lines(&random)
      var expected: Set<String>?
      for run in 0..<20 {
        // No block is cut before all is in, nor is one flushed.
        let scene = try Scene(
          "dedupe-splits", Self.settings + ["spool.threads=\(1 + run % 2)", "compose.block_tokens=100000000"])
        var files: [String: String] = [:]
        for line in lines.shuffled(using: &random) {
          files["s\(random.below(2))/f\(random.below(1 + run % 5)).jsonl", default: ""] += line + "\n"
        }
        for (place, file) in files.shuffled(using: &random).enumerated() {
          // A third of the runs stop between files: what was committed is restored.
          if run % 3 == 0 && place > 0 { try scene.succeed("agent", "--until-idle") }
          try scene.drop(Path(file.key), file.value)
        }
        try scene.succeed("agent", "--until-idle")
        let kept = try Self.kept(scene)
        #expect(kept == expected ?? kept, "seed \(seed), run \(run)")
        expected = kept
      }
      #expect((expected?.count ?? 0) < lines.count)
    }

    @Test("With blocks cut in between, one order of claims gives one list")
    func blocksBetween() throws {
      let seed = UInt64.random(in: 0...UInt64.max)
      print("seed \(seed)")
      var random = SeededRandom(seed)
      let lines = Self.lines(&random)
      var states: [String] = []
      for threads in [1, 2] {
        let scene = try Scene(
          "dedupe-blocks", Self.settings + ["spool.threads=\(threads)", "compose.block_tokens=3000"])
        for (part, from) in stride(from: 0, to: lines.count, by: 15).enumerated() {
          let some = lines[from..<min(lines.count, from + 15)].joined(separator: "\n") + "\n"
          try scene.drop(Path("part\(part).jsonl"), some)
          try scene.digest()
        }
        #expect(scene.names("blocks").contains { $0.hasPrefix("part-00001") }, "blocks were cut")
        let found = try scene.documentStates()
        #expect(states.isEmpty || found == states, "seed \(seed)")
        states = found
      }
    }

    @Test("Lines pass as they came; drop names rule, similarity, threshold and survivor")
    func members() throws {
      let scene = try Scene("dedupe-members", Self.settings)
      let words = (0..<60).map { "word\($0)" }.joined(separator: " ")
      let judged = try Self.filter(
        scene, "dedupe --threshold 0.75",
        [
          "{\"id\": 7, \"text\": \"\(words)\", \"score\": 0.5, \"own\": [1, {\"a\": null}]}",
          "{\"id\": 8, \"text\": \"\(words.uppercased())\", \"score\": 0.4}",
          "{\"id\": 9, \"text\": \"\(words) and more\", \"score\": 0.3}",
          "{\"text\": \"\(words)\", \"drop\": {\"stage\": \"filter\", \"rule\": \"x\"}, \"score\": 0.9}",
          "{\"text\": \"something else\", \"url\": \"http://a.cn/x#1\", \"score\": 0.1}",
          "{\"text\": \"another page of it\", \"url\": \"https://a.cn:443/x\", \"score\": 0.2}",
        ])
      #expect(judged[0]["drop"] == nil && judged[0]["cluster_size"]?.integer == 3)
      #expect(judged[0]["own"] == .array([.integer(1), .object(["a": .null])]))
      #expect(judged[1]["drop"]?["rule"]?.string == "exact" && judged[1]["drop"]?["of"]?.integer == 7)
      #expect(judged[2]["drop"]?["rule"]?.string == "near" && judged[2]["drop"]?["threshold"]?.number == 0.75)
      #expect((judged[2]["drop"]?["value"]?.number ?? 0) > 0.9 && judged[2]["drop"]?["of_line"]?.integer == 1)
      #expect(judged[3]["drop"]?["rule"]?.string == "x", "what was dropped before takes no part")
      #expect(judged[4]["drop"]?["rule"]?.string == "url" && judged[4]["drop"]?["of_line"]?.integer == 6)
      #expect(judged[5]["drop"] == nil)
    }

    @Test("A member that a filter gives takes the place of one that came by its name")
    func membersReplaced() throws {
      let scene = try Scene("dedupe-replaced", Self.settings)
      let words = (0..<60).map { "word\($0)" }.joined(separator: " ")
      let lines = [
        "{\"id\": 1, \"text\": \"\(words)\", \"score\": 0.5, \"cluster_size\": 9, \"drop\": null}",
        "{\"drop\": null, \"id\": 2, \"text\": \"\(words)\", \"score\": 0.4, \"channel\": null, \"sketch\": 1}",
      ]
      let judged = try Self.filter(scene, "dedupe", lines)
      #expect(judged[0].members?.count { $0.name == "cluster_size" } == 1 && judged[0]["cluster_size"]?.integer == 2)
      #expect(judged[1].members?.count { $0.name == "drop" } == 1 && judged[1]["drop"]?["of"]?.integer == 1)
      let sketched = try Self.filter(scene, "sketch", lines)
      for name in ["sketch", "channel"] { #expect(sketched[1].members?.count { $0.name == name } == 1, "\(name)") }
    }

    @Test("Why a document is a duplicate is told: by URL, exact, near with its similarity; the survivor tells how many")
    func why() throws {
      let scene = try Scene("dedupe-why", Self.settings + ["score.enabled=false"])
      let words = (0..<60).map { "word\($0)" }.joined(separator: " ")
      try scene.drop(
        "pages.jsonl",
        [
          "{\"text\": \"\(words) and then the end\"}", "{\"text\": \"\(words) and then\"}",
          "{\"text\": \"\(words.uppercased()), and then the end\", \"url\": \"http://a.cn/x\"}",
          "{\"text\": \"quite another text\", \"url\": \"https://a.cn/x#top\"}",
        ].joined(separator: "\n"))
      try scene.digest()
      let told = try scene.corpus().map { try scene.succeed("why", $0.id).output }
      #expect(told[1].contains("(near)") && told[1].contains("similarity 0.9"), "\(told[1])")
      #expect(told[0].contains("(exact)") || told[2].contains("(exact)"), "\(told[0]) \(told[2])")
      #expect(told.joined().contains("the same URL (url)"), "\(told)")
      #expect(told.joined().contains("cluster of "), "\(told)")
    }

    @Test("plan dedup shows what each threshold leaves and finds one for a number of tokens")
    func plan() throws {
      let seed = UInt64.random(in: 0...UInt64.max)
      print("seed \(seed)")
      var random = SeededRandom(seed)
      let scene = try Scene("dedupe-plan", Self.settings)
      try scene.drop("pages.jsonl", Self.lines(&random).joined(separator: "\n"))
      try scene.digest()
      let kept = try Self.kept(scene).count
      let plain = try scene.succeed("plan", "dedup", "--svg", "\(scene.root)/curve.svg")
      let table = plain.lines.prefix(13).dropFirst().map {
        $0.split(separator: " ").map(String.init)
      }
      #expect(table.count == 12 && table[0][0] == "none" && table[11][0] == "1.00")
      let documents = try table.map { try #require(Int($0[1])) }
      let tokens = try table.map { try #require(Int($0[2])) }
      #expect(
        zip(documents.dropFirst(), documents.dropFirst(2)).allSatisfy { $0 <= $1 } && documents[11] <= documents[0])
      #expect(plain.output.contains("as configured: ") && plain.output.contains(" of \(kept) documents left"))
      #expect(String(decoding: try scene.folder.read("curve.svg"), as: UTF8.self).hasSuffix("</svg>\n"))
      let wanted = (tokens[1] + tokens[11]) / 2
      let found = try scene.succeed("plan", "dedup", "--target-tokens", "\(wanted)")
      let line = try #require(found.lines.last)
      let left = try #require(Int(line.split(separator: " ")[2]))
      #expect(line.hasPrefix("dedupe.threshold=0.") && left >= wanted, "\(line)")
    }

    @Test("Documents that are alike share a band, and their sketches say what is exact")
    func sketches() throws {
      let scene = try Scene("dedupe-sketch", Self.settings)
      let words = (0..<80).map { "word\($0)" }
      let texts = [
        words.joined(separator: " "), words.joined(separator: ", "), (words + ["end"]).joined(separator: " "),
      ]
      let lines = try Self.filter(scene, "sketch", texts.map { "{\"id\": \"a\", \"n\": 1.0, \"text\": \"\($0)\"}" })
      let bands = lines.map { Set(($0["sketch"]?["bands"]?.array ?? []).compactMap(\.string)) }
      #expect(bands[0].count == 26 && bands[0] == bands[1] && !bands[0].isDisjoint(with: bands[2]))
      #expect(lines[0]["sketch"]?["exact"] == lines[1]["sketch"]?["exact"])
      #expect(lines[0]["sketch"]?["exact"] != lines[2]["sketch"]?["exact"])
      #expect(lines[0]["sketch"]?["shingles"]?.integer == 76 && lines[0]["id"]?.string == "a")
    }

    @Test("A bad line ends the filter with its number, and nothing is written")
    func badLine() throws {
      let scene = try Scene("dedupe-bad", Self.settings)
      let script = "printf '{\"text\": \"a\"}\\n{\"text\": 1}\\n' | '\(Scene.binary!)' dedupe"
      let outcome = try Child.start(["sh", "-c", "\(script) >'\(scene.root)/o' 2>'\(scene.root)/e'"]).wait()
      #expect(outcome == 65)
      #expect(try scene.folder.read("o").isEmpty)
      #expect(String(decoding: try scene.folder.read("e"), as: UTF8.self).contains("line 2: "))
    }
  }
}
