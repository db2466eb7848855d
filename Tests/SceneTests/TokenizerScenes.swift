import Bytes
import Posix
import Testing

extension Scenes {
  /// A vocabulary trained, looked at, extended, by the binary; and the agent's way with one.
  @Suite(.serialized) struct TokenizerCommands {
    private static let sizes = ["--set", "tokenize.vocab_size=1024", "--set", "tokenize.reserved_ids=100"]

    /// Text of three kinds as JSON lines with a channel.
    private static func corpus(_ scene: Scene) throws {
      let lines = Lorem.Kind.allCases.flatMap { kind in
        (0..<60).flatMap { number in
          JSONWriter.compact(
            .object([
              "text": .string(Lorem.paragraphs(kind, number, bytes: 1500).joined(separator: "\n")),
              "channel": .string(kind.rawValue),
            ])) + [0x0A]
        }
      }
      try scene.folder.replaceFile("corpus.jsonl", with: lines)
    }

    private static func ids(_ scene: Scene, _ file: String, _ text: String) throws -> [Int] {
      try scene.folder.replaceFile(
        "line.jsonl", with: JSONWriter.compact(.object(["text": .string(text)])) + [0x0A])
      try scene.shell("$PRETRAIND_BINARY tokenizer encode --tokenizer \(file) <line.jsonl >ids.json")
      return try JSONParser.parse(try scene.folder.read("ids.json")).array?.compactMap(\.integer) ?? []
    }

    @Test("trained from files: the same for any number of threads and packed or not; terms are one token each")
    func trained() throws {
      let scene = try Scene("tokenizer-train")
      try Self.corpus(scene)
      try scene.folder.replaceFile("terms.txt", with: Array("# ours\nKubernetes\n量子纠缠\n".utf8))
      let sizes = Self.sizes.joined(separator: " ") + " --set tokenize.terms=terms.txt"
      try scene.shell("$PRETRAIND_BINARY tokenizer train corpus.jsonl --threads 1 \(sizes) >one.json")
      try scene.shell("$PRETRAIND_BINARY tokenizer train corpus.jsonl --threads 3 \(sizes) >three.json")
      try scene.shell(
        "zstd -q corpus.jsonl && $PRETRAIND_BINARY tokenizer train corpus.jsonl.zst \(sizes) >packed.json")
      #expect(try scene.folder.read("one.json") == scene.folder.read("three.json"))
      #expect(try scene.folder.read("one.json") == scene.folder.read("packed.json"))
      #expect(try Self.ids(scene, "one.json", "Kubernetes").count == 1)
      #expect(try Self.ids(scene, "one.json", "量子纠缠").count == 1)
      #expect(try scene.run("tokenizer", "lint", "--tokenizer", "\(scene.root)/one.json").code == 0)
      let report = try scene.succeed(
        "tokenizer", "report", "\(scene.root)/corpus.jsonl", "--tokenizer", "\(scene.root)/one.json", "--against",
        "three=\(scene.root)/three.json")
      for channel in ["zh", "en", "code"] {
        #expect(report.lines.count { $0.hasPrefix(channel) } == 2, "\(report.output)")
      }
      #expect(report.output.contains("coverage: ") && report.output.contains("never used"))
    }

    @Test("extended: every new row is in the file for the trainer; what would lose tokens is refused unless forced")
    func extended() throws {
      let scene = try Scene("tokenizer-extend")
      try Self.corpus(scene)
      try scene.shell(
        "$PRETRAIND_BINARY tokenizer train corpus.jsonl \(Self.sizes.joined(separator: " ")) >old.json")
      try scene.folder.replaceFile("terms.txt", with: Array("Kubernetes\nmachine learning\n".utf8))
      let extend = "$PRETRAIND_BINARY tokenizer extend --tokenizer old.json --terms terms.txt"
      try scene.shell("\(extend) --rows rows.json >new.json")
      let rows = try JSONParser.parse(try scene.folder.read("rows.json"))
      #expect(rows["old_vocab_size"]?.integer == 1024)
      let list = rows["rows"]?.array ?? []
      #expect(list.count == (rows["vocab_size"]?.integer ?? 0) - 1024 && !list.isEmpty)
      #expect(list.enumerated().allSatisfy { $0.element["id"]?.integer == 1024 + $0.offset })
      #expect(try Self.ids(scene, "new.json", "Kubernetes").count == 1)
      let text = "of the learning machine 量子"
      #expect(try Self.ids(scene, "new.json", text) == Self.ids(scene, "old.json", text))
      // All but the last letter of a token: as an added token it takes that one apart, where a text comes to it at all.
      let vocabulary = try JSONParser.parse(try scene.folder.read("old.json"))["model"]?["vocab"]?.members ?? []
      let names = Set(vocabulary.map(\.name))
      let words = names.filter { $0.utf8.count > 3 && $0.utf8.allSatisfy { 0x61...0x7A ~= $0 } }.sorted()
      let whole = try #require(
        words.first { try !names.contains(String($0.dropLast())) && Self.ids(scene, "old.json", $0).count == 1 })
      let part = String(whole.dropLast())
      try scene.folder.replaceFile("terms.txt", with: Array("\(part)\n".utf8))
      try scene.shell("\(extend) --as added >refused.json 2>refused.txt || test $? = 65")
      #expect(try scene.folder.read("refused.json") == [])
      #expect(String(decoding: try scene.folder.read("refused.txt"), as: UTF8.self).contains("never produced any more"))
      try scene.shell("\(extend) --as added --force >forced.json 2>/dev/null")
      #expect(try scene.run("tokenizer", "lint", "--tokenizer", "\(scene.root)/forced.json").code == 65)
    }

    @Test("the agent trains when none was dropped; from then on another file is refused")
    func agent() throws {
      let settings = Scene.plain + ["compose.block_tokens=5000"]
      let scene = try Scene("tokenizer-agent", settings)
      try scene.drop("web/a.txt", String(repeating: "Words that are kept, once and again. ", count: 3000))
      try scene.digest()
      let trained = try scene.spool.open("tokenizer").read("tokenizer.json")
      #expect(!scene.names("blocks").isEmpty)
      try scene.shell("sed -i 's/}$/} /' spool/tokenizer/tokenizer.json")
      let refused = try scene.run("agent", "--until-idle")
      #expect(refused.code != 0 && refused.log.contains("blocks were made with"), "\(refused)")
      try scene.spool.open("tokenizer").replaceFile("tokenizer.json", with: trained)
      try scene.digest()
      #expect(try scene.spool.open("tokenizer").read("tokenizer.json") == trained)
    }

    @Test("a tokenizer that was dropped first is used as it is; the agent trains none")
    func dropped() throws {
      let scene = try Scene("tokenizer-dropped")
      try Self.corpus(scene)
      try scene.shell(
        "mkdir -p spool/tokenizer && $PRETRAIND_BINARY tokenizer train corpus.jsonl "
          + "\(Self.sizes.joined(separator: " ")) >spool/tokenizer/tokenizer.json")
      let own = try scene.spool.open("tokenizer").read("tokenizer.json")
      try scene.drop("web/a.txt", String(repeating: "Words that are kept, once and again. ", count: 6000))
      try scene.digest()
      #expect(try scene.spool.open("tokenizer").read("tokenizer.json") == own)
      #expect(!scene.names("blocks").isEmpty)
      try scene.shell("grep -h '\"ev\":\"tokenizer\"' spool/state/journal/*.jsonl | grep -q '\"trained\":false'")
    }
  }
}
