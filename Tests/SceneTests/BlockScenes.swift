import Bytes
import Posix
import Testing

extension Scenes {
  /// Blocks are numbered without holes, whole, in the mix, and give their text back.
  @Suite(.serialized) struct Blocks {
    private static let blockTokens = 50_000

    private static func documents(_ kind: Lorem.Kind, _ range: Range<Int>) -> [UInt8] {
      range.flatMap {
        JSONWriter.compact(.object(["text": .string(Lorem.paragraphs(kind, $0, bytes: 1200).joined(separator: "\n"))]))
          + [0x0A]
      }
    }

    /// A spool with several full blocks and a short one.
    private static func composed() throws -> Scene {
      let settings = Scene.plain.filter { !$0.hasPrefix("compose.block_tokens") }
      let scene = try Scene("blocks", settings + ["compose.block_tokens=\(blockTokens)", "spool.batch_documents=100"])
      for kind in Lorem.Kind.allCases {
        try scene.drop(Path("\(kind.rawValue)/a.jsonl"), documents(kind, 0..<400))
        try scene.drop(Path("\(kind.rawValue)/.source.json5"), "{channel: \"\(kind.rawValue)\"}")
      }
      try scene.digest()
      return scene
    }

    @Test("numbers, tokens, mix, text; a flipped bit, a cut, another tokenizer are seen")
    func wholeLife() throws {
      let scene = try Blocks.composed()
      let manifests = scene.names("blocks").filter { $0.hasSuffix(".json") }
      let count = manifests.count
      #expect(count >= 4)
      #expect(manifests == (0..<count).map { "part-\(String(100_000 + $0).dropFirst()).json" }, "numbers are dense")
      #expect(scene.status("agent")?["blocks"]?["ready"]?.integer == count)
      #expect(scene.status("agent")?["blocks"]?["next"]?.integer == count)
      for (number, name) in manifests.enumerated() {
        try expectBlock(try #require(scene.json(Path("blocks/\(name)"))), number, isLast: number == count - 1)
      }
      #expect(try scene.succeed("block", "verify").lines.count == count)
      try expectText(scene, count)
      try expectDamageSeen(scene)
    }

    private func expectBlock(_ manifest: JSONValue, _ number: Int, isLast: Bool) throws {
      #expect(manifest["number"]?.integer == number)
      #expect(manifest["short"]?.bool == isLast)
      let tokens = try #require(manifest["tokens"]?.integer)
      #expect(isLast ? tokens > 0 && tokens <= Blocks.blockTokens : tokens == Blocks.blockTokens)
      let channels = manifest["tokens_per_channel"]
      #expect(channels?.members?.reduce(0) { $0 + ($1.value.integer ?? 0) } == tokens)
      guard !isLast else { return }
      // The last document of a channel is cut, so the shares hold to the token but for rounding.
      for (channel, share) in [("zh", 0.4), ("en", 0.4), ("code", 0.2)] {
        let found = Double(channels?[channel]?.integer ?? 0) / Double(tokens)
        #expect(abs(found - share) <= 0.001, "block \(number): \(channel) \(found)")
      }
    }

    /// Sequences that begin and end in their blocks are documents of the corpus; cut ones go on in the next block. All
    /// together are texts of the corpus, none twice.
    private func expectText(_ scene: Scene, _ blocks: Int) throws {
      var texts: Set<[UInt8]> = []
      for document in try scene.corpus() { #expect(texts.insert(document.text).inserted) }
      let all = texts.count
      var open: [String: [UInt8]] = [:]
      for number in 0..<blocks {
        let lines = try scene.succeed("block", "export", "\(number)").lines.map { try JSONParser.parse(Array($0.utf8)) }
        var cut: [String: [UInt8]] = [:]
        for line in lines {
          let channel = try #require(line["channel"]?.string)
          let text = try #require(line["text"]?.bytes)
          if line["ended"]?.bool == false {
            cut[channel] = text
          } else if texts.remove(text) == nil {
            let begun = open.removeValue(forKey: channel) ?? []
            let whole = texts.first { Blocks.isCut($0, into: begun, text) }
            #expect(
              whole.flatMap { texts.remove($0) } != nil, "block \(number): no text of the corpus, or one used before")
          }
        }
        #expect(open.isEmpty, "block \(number): what was cut goes on in the next block")
        open = cut
      }
      #expect(texts.count < all / 2)
    }

    /// Both parts together are the text; a character that the cut split is U+FFFD in both.
    private static func isCut(_ text: [UInt8], into first: [UInt8], _ second: [UInt8]) -> Bool {
      let mark: [UInt8] = [0xEF, 0xBF, 0xBD]
      var first = first[...]
      var second = second[...]
      while first.suffix(3).elementsEqual(mark) { first.removeLast(3) }
      while second.starts(with: mark) { second.removeFirst(3) }
      let rest = text.count - first.count - second.count
      return (0...4).contains(rest) && text.starts(with: first) && text.suffix(second.count).elementsEqual(second)
    }

    private func expectDamageSeen(_ scene: Scene) throws {
      try scene.shell("cp -r spool/blocks keep; cp -r spool/tokenizer keep-tokenizer")
      for name in ["part-00001.bin", "part-00001.idx", "part-00001.channels"] {
        for damage in ["printf '\\x7f' | dd of=FILE bs=1 seek=40 conv=notrunc status=none", "truncate -s -1 FILE"] {
          try scene.shell(
            damage.split(separator: "FILE", omittingEmptySubsequences: false).joined(separator: "spool/blocks/\(name)"))
          let outcome = try scene.run("block", "verify")
          #expect(
            outcome.code == 65 && outcome.log.contains(name), "\(name), \(damage): \(outcome.code) \(outcome.log)")
          try scene.shell("cp keep/\(name) spool/blocks/\(name)")
        }
      }
      #expect(try scene.run("block", "verify").code == 0)
      try scene.shell("sed -i 's/}$/} /' spool/tokenizer/tokenizer.json")
      let outcome = try scene.run("block", "verify")
      #expect(outcome.code == 65, "a wrong tokenizer: \(outcome.log)")
      let agent = try scene.run("agent", "--until-idle")
      #expect(agent.code == 65 && agent.log.contains("put the old one back"), "\(agent.log)")
    }
  }
}
