import Bytes
import Posix
import Testing

/// `pretraind check --spool`: said by the binary, with its exit codes.
extension Scenes {
  @Suite struct Check {
    private func filled() throws -> Scene {
      let scene = try Scene("check", Scene.plain + ["compose.block_tokens=2000", "spool.rescan_s=0.2"])
      try scene.drop("web/a.txt", String(repeating: "A few words that are kept for the corpus. ", count: 400))
      try scene.digest("--no-inotify")
      return scene
    }

    private func contents(_ scene: Scene) throws -> [String: String] {
      var all: [String: String] = [:]
      for folder in ["incoming", "state", "corpus", "blocks", "tokenizer", "control"] as [Path] {
        all.merge(try scene.digests(folder)) { first, _ in first }
      }
      return all
    }

    private func verdict(_ scene: Scene, _ words: String...) throws -> (code: Int32, json: JSONValue) {
      let running = try scene.start(["check", "--json"] + words)
      let code = running.child.wait()
      let number = "\(running.log.name)".split(separator: "-").last ?? ""
      let text = scene.text(Path("out-\(number)"))
      return (code, try JSONParser.parse(Array(text.utf8)))
    }

    @Test func aWholeSpoolIsCleanAndADamagedOneIsNot() throws {
      let scene = try filled()
      let before = try contents(scene)
      let clean = try verdict(scene, "--deep")
      #expect(clean.code == 0 && clean.json["verdict"]?.string == "clean", "\(clean)")
      #expect(try contents(scene) == before, "nothing is changed")
      try scene.shell("printf '{\"ev\":\"cl' >>spool/state/journal/00000001.jsonl")
      let torn = try verdict(scene)
      #expect(torn.code == 0 && torn.json["verdict"]?.string == "recoverable", "\(torn)")
      #expect(torn.json["findings"]?.array?.first?["row"]?.string == "J1")
      try scene.shell("printf 'X' | dd of=spool/blocks/part-00000.bin bs=1 seek=100 conv=notrunc status=none")
      let damaged = try verdict(scene)
      #expect(damaged.code == 65 && damaged.json["verdict"]?.string == "damaged", "\(damaged)")
      let text = try scene.run("check")
      #expect(text.code == 65 && text.output.contains("REFUSED") && text.output.contains("part-00000"), "\(text)")
    }

    @Test func anAgentAtWorkIsSaidAndNotDisturbed() throws {
      let scene = try filled()
      let agent = try scene.start(["agent", "--no-inotify"])
      defer { agent.kill() }
      try scene.wait(20, "the agent is there") { scene.status("agent")?["done"]?.bool == false }
      for _ in 0..<5 { #expect(try verdict(scene).json["held"] == .array([.string("agent")])) }
      try scene.drop("web/b.txt", String(repeating: "Some other words that come while it works. ", count: 50))
      try scene.wait(20, "it goes on") { scene.count("web") == 2 }
      #expect(agent.stop() == 0)
      #expect(try verdict(scene).json["verdict"]?.string == "clean")
    }

    @Test func withoutADirectoryItIsTheOneHere() throws {
      let scene = try filled()
      let binary = Scene.binary ?? "pretraind"
      try scene.shell("'\(binary)' check --spool | grep -q '^clean'")
      try scene.shell("'\(binary)' check --spool --json | grep -q '\"verdict\": \"clean\"'")
      try scene.shell("'\(binary)' check | grep -q '^configuration: right'")
    }
  }
}
