import Bytes
import Glibc
import Posix
import Testing

extension Scenes {
  /// The configuration read again by the processes that run, and `control` as people call it.
  @Suite(.serialized) struct Reloads {
    private static let roles = ["agent", "trainer", "evaluator"]

    private func configure(_ scene: Scene, _ text: String) throws {
      try scene.folder.replaceFile("conf.json5", with: Array(text.utf8))
    }

    private func epochs(_ scene: Scene) -> [Int] { Reloads.roles.map { scene.lease($0)?.epoch ?? 0 } }
    private func processes(_ scene: Scene) -> [Int] { Reloads.roles.map { scene.lease($0)?.process ?? 0 } }

    private func reload(_ scene: Scene) throws -> (code: Int32, answer: JSONValue, log: String) {
      let outcome = try scene.run("control", "reload", "--wait", "--timeout", "30")
      return (outcome.code, (try? JSONParser.parse(Array(outcome.output.utf8))) ?? .null, outcome.log)
    }

    @Test("reload: all that run begin anew in the same process, or all keep what they have and say why")
    func reload() throws {
      let scene = try Scene("reload", Scene.tiny)
      try scene.dropDocuments(kilobytes: 60)
      try scene.digest()
      try scene.succeed("trainer", "--until-idle")
      try configure(scene, "{train: {peak_lr: 0.001}}")
      let words = ["--config", "\(scene.root)/conf.json5"]
      let running = try Reloads.roles.map { try scene.start([$0] + words) }
      defer { for process in running { process.kill() } }
      try scene.wait(15, "all are there") {
        processes(scene) == running.map { Int($0.child.process) }
          && scene.status("evaluator")?["state"]?.string == "idle"
      }
      let first = epochs(scene)
      let unchanged = try reload(scene)
      #expect(unchanged.code == 0 && unchanged.answer["message"]?.string == "nothing is different")
      #expect(epochs(scene) == first)

      try configure(scene, "{train: {peak_lr: 0.002}, compose: {seed: 5}, evaluate: {every: 2}}")
      let changed = try reload(scene)
      #expect(changed.code == 0, "\(changed.log)")
      for key in ["train.peak_lr", "compose.seed", "evaluate.every"] {
        #expect(changed.answer["message"]?.string?.contains(key) == true, "\(changed.answer)")
      }
      #expect(epochs(scene) == first.map { $0 + 1 })
      #expect(processes(scene) == running.map { Int($0.child.process) })

      for (text, says) in [
        ("{train: {peek_lr: 0.002}}", "train.peak_lr"), ("{train: {peak_lr: 'high'}}", "train.peak_lr must be"),
        ("{", "json5"), ("{model: {norm_eps: 0.001}}", "model.norm_eps cannot change"),
        ("{tokenize: {pattern: 'gpt2'}}", "tokenize.pattern"), ("{spool: {run: 'other'}}", "spool.run cannot change"),
      ] {
        try configure(scene, text)
        let refused = try reload(scene)
        #expect(refused.code == 65, "\(text)")
        #expect(refused.answer["state"]?.string == "rejected" && refused.log.contains(says), "\(text): \(refused.log)")
      }
      #expect(epochs(scene) == first.map { $0 + 1 }, "nobody left for what was refused")

      try hangUp(scene, running, first)
      for process in running { #expect(process.stop() == 0) }
      #expect(scene.names("control/.taken").allSatisfy { $0.hasPrefix(".s") })
      #expect(scene.names("control").allSatisfy { [".taken", "ack", "README", ".README"].contains($0) })
    }

    /// SIGHUP means the same for one process; many of them, beside a reload, change nothing about that.
    private func hangUp(_ scene: Scene, _ running: [Scene.Running], _ first: [Int]) throws {
      try configure(scene, "{train: {peak_lr: 0.003}}")
      running[1].child.signal(SIGHUP)
      try scene.wait(10, "the trainer began anew") { scene.lease("trainer")?.epoch == first[1] + 2 }
      for round in 0..<3 {
        try configure(scene, "{train: {peak_lr: 0.00\(round + 4)}, compose: {seed: \(round)}}")
        let asked = try scene.start(["control", "reload", "--wait", "--timeout", "30"])
        for _ in 0..<20 {
          for process in running { process.child.signal(SIGHUP) }
          Clock.sleep(0.01)
        }
        #expect(asked.child.wait() == 0, "\(scene.text(asked.log.name))")
        #expect(processes(scene) == running.map { Int($0.child.process) })
      }
      #expect(running.allSatisfy { $0.child.poll() == nil })
      try scene.succeed("control", "save", "--wait", "--timeout", "20")
    }

    @Test("up passes SIGHUP on to its members")
    func upHangsUp() throws {
      let scene = try Scene("uphup", Scene.tiny)
      try configure(scene, "{}")
      let up = try scene.start(["up", "--config", "\(scene.root)/conf.json5"])
      defer { up.kill() }
      try scene.wait(15, "all are there") {
        Reloads.roles.allSatisfy { scene.lease($0) != nil } && scene.status("evaluator")?["state"]?.string == "idle"
          && scene.status("trainer")?["state"]?.string == "waiting_data"
          && scene.status("agent")?["state"]?.string == "idle"
      }
      let (before, processes) = (epochs(scene), processes(scene))
      try configure(scene, "{train: {peak_lr: 0.002}, compose: {seed: 5}, evaluate: {every: 2}}")
      up.child.signal(SIGHUP)
      try scene.wait(10, "all began anew") { epochs(scene) == before.map { $0 + 1 } }
      #expect(self.processes(scene) == processes)
      #expect(up.stop() == 0)
    }

    @Test("control says who is absent, what was refused, and takes back what nobody took")
    func controlCodes() throws {
      let scene = try Scene("codes", Scene.tiny)
      try scene.dropDocuments(kilobytes: 30)
      try scene.digest()
      let alone = try scene.run("control", "save", "--wait", "--timeout", "1")
      #expect(alone.code == 75 && alone.log.contains("no trainer runs"), "\(alone.log)")
      #expect(scene.names("control").allSatisfy { !$0.hasPrefix("save") }, "it was taken back")
      let paused = try scene.run("control", "pause", "--wait", "--timeout", "1")
      #expect(paused.code == 75 && scene.exists("control/pause"))
      try scene.succeed("control", "pause", "--tag", "bob")
      let trainer = try scene.start(["trainer"])
      defer { trainer.kill() }
      try scene.succeed("control", "pause", "--wait", "--timeout", "10")
      #expect(try scene.succeed("control", "resume", "--wait", "--timeout", "10").log.contains("control/pause.bob"))
      #expect(scene.status("trainer")?["state"]?.string == "paused")
      try scene.succeed("control", "resume", "--tag", "bob", "--wait")
      let refused = try scene.run("control", "rollback", "to=part-00099", "--wait", "--timeout", "10")
      #expect(refused.code == 65 && refused.log.contains("nearest"), "\(refused.log)")
      #expect(try scene.run("control", "sav").code == 64)
      #expect(try scene.run("control", "stop", "--remove").code == 64)
      try scene.succeed("control", "stop", "--wait", "--timeout", "20")
      #expect(trainer.child.wait() == 0)
    }
  }
}
