import Bytes
import Posix
import Testing

extension Scenes {
  /// `score.command` under the real agent: scores, rules over them, and a command that does not work.
  @Suite(.serialized) struct ScoreCommands {
    private static let count = 120

    /// Documents with a fence of code each; every fourth says that it is bad.
    private static let documents = (0..<count).map { number in
      "Document number \(number) is \(number % 4 == 0 ? "bad" : "good") prose about the harbour and its boats, and it goes "
        + "on for a while.\n\n```c\nreturn \(number);\n```\n"
    }

    /// A judge in `judge`, replaced whole: what the agent starts next is the new one.
    private static func judge(_ scene: Scene, _ answer: String) throws {
      let script = """
        import json, sys, time
        for line in sys.stdin:
            if not line.strip():
                sys.stdout.flush()
                continue
            document = json.loads(line)
            open("\(scene.root)/asked", "a").write(document["text"].split(" is ")[0] + "\\n")
            \(answer)
        """
      try scene.folder.replaceFile("judge", with: Array(script.utf8))
    }

    private static let good = """
      assert "return" not in document["text"]
          score = 0.1 if " bad " in document["text"] else 0.9
          print(json.dumps({"id": document["id"], "score": score, "model": "harbour-judge"}))
      """

    private static func scene(_ name: String, _ more: [String] = []) throws -> Scene {
      let scene = try Scene(name, Scene.plain + more)
      scene.settings += ["score.command=python3 '\(scene.root)/judge'"]
      let lines = documents.map { JSONWriter.compact(.object(["text": .string($0)])) + [0x0A] }
      try scene.drop("web/.source.json5", "{channel: 'en'}")
      try scene.drop("web/a.jsonl", lines.flatMap { $0 })
      return scene
    }

    private func asked(_ scene: Scene) -> Int { scene.text("asked").split(separator: "\n").count }

    @Test("its score is in the record with the model's name, and a rule may use it")
    func rule() throws {
      let scene = try Self.scene("judged")
      scene.settings += ["clean.enabled=true", "clean.rules=\(scene.root)/rules.json5"]
      try scene.folder.replaceFile(
        "rules.json5",
        with: Array("{rules: [{name: 'low_quality', signal: 'qualityScore', below: 0.5, canary: 'any text'}]}".utf8))
      try Self.judge(scene, Self.good)
      try scene.digest()
      #expect(scene.count("web", "filtered") == Self.count / 4 && scene.count("web", "kept") == Self.count * 3 / 4)
      #expect(scene.status("agent")?["rules"]?["low_quality"]?.integer == Self.count / 4)
      #expect(scene.status("agent")?["scorer"]?["model"]?.string == "harbour-judge")
      #expect(asked(scene) == Self.count)
      let first = try #require(try scene.corpus().first)
      let why = try scene.succeed("why", first.id)
      #expect(why.output.contains("by rule low_quality, value 0.1"), "\(why.output)")
      #expect(why.output.contains("score 0.1 by harbour-judge"), "\(why.output)")
      // `clean` judges as the agent does.
      try scene.folder.replaceFile(
        "again.jsonl",
        with: Self.documents.flatMap {
          JSONWriter.compact(.object(["text": .string($0), "channel": .string("en")])) + [0x0A]
        })
      let clean = try scene.start(["clean", "\(scene.root)/again.jsonl"])
      #expect(clean.child.wait() == 0, "\(scene.text(clean.log.name))")
      let lines = try scene.text(Path("out-3")).split(separator: "\n").map { try JSONParser.parse(Array($0.utf8)) }
      #expect(lines.count == Self.count)
      #expect(lines.filter { $0["drop"]?["rule"]?.string == "low_quality" }.count == Self.count / 4)
    }

    @Test("documents wait for a command that does not work, status and why say so, and it is mended under the agent")
    func broken() throws {
      let scene = try Self.scene("broken", ["spool.rescan_s=0.2"])
      try scene.folder.replaceFile("judge", with: Array("import sys\nsys.exit('no such model folder')\n".utf8))
      let agent = try scene.start(["agent"])
      try scene.wait(20, "the agent says that it waits") {
        scene.status("agent")?["state"]?.string == "held"
          && scene.status("agent")?["message"]?.string?.contains("no such model folder") == true
      }
      let why = try scene.succeed("why", "a.jsonl")
      #expect(why.output.contains("the agent waits: score.command ended with status 1"), "\(why.output)")
      #expect(scene.names("corpus").allSatisfy { !$0.hasSuffix(".zst") })
      // Requests are heard meanwhile.
      try scene.shell("touch spool/control/reload")
      try scene.wait(10, "the reload is answered") { scene.json("control/ack/last-reload.json") != nil }
      try Self.judge(scene, Self.good)
      try scene.wait(70, "the documents are scored") { scene.count("web", "kept") == Self.count }
      #expect(scene.status("agent")?["scorer"]?["trouble"] == .null)
      #expect(scene.count("web", "rejected") == 0)
      #expect(agent.stop() == 0)
    }

    @Test("a slow command keeps nobody from leaving; the next start asks again and the outcome is the same")
    func slow() throws {
      let scene = try Self.scene("slow")
      try Self.judge(scene, "time.sleep(0.2)\n    " + Self.good)
      let agent = try scene.start(["agent"])
      try scene.wait(20, "it is at work") { asked(scene) > 2 }
      let start = Clock.monotonic()
      #expect(agent.stop() == 0)
      #expect(Clock.monotonic() - start < 3)
      #expect(scene.names("corpus").allSatisfy { !$0.hasSuffix(".zst") })
      try Self.judge(scene, Self.good)
      try scene.digest()
      #expect(scene.count("web", "kept") == Self.count && scene.count("web", "rejected") == 0)
    }

    @Test("without a way to work, --until-idle ends with 75 and the file is still there")
    func givenUp() throws {
      let scene = try Self.scene("given-up")
      try Self.judge(scene, "print('[]')")
      let outcome = try scene.run("agent", "--until-idle")
      #expect(outcome.code == 75, "\(outcome.log)")
      #expect(outcome.log.contains("answered no \"score\""), "\(outcome.log)")
      #expect(scene.names("state/claimed").count == 1)
      try Self.judge(scene, Self.good)
      try scene.digest()
      #expect(scene.count("web", "kept") == Self.count)
    }
  }
}
