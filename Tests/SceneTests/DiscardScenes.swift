import Bytes
import Glibc
import Posix
import Testing

extension Scenes {
  /// Blocks are withdrawn and composed anew beside a trainer that is there, waits, or is gone.
  @Suite(.serialized) struct Discards {
    private func filled(_ name: String, _ settings: [String] = []) throws -> Scene {
      let scene = try Scene(name, Scene.tiny + settings)
      try scene.dropDocuments(kilobytes: 300)
      try scene.digest()
      try #require(scene.revisions.count >= 4)
      return scene
    }

    private func expect(
      _ scene: Scene, _ words: [String], _ code: Int32, says: String, at place: SourceLocation = #_sourceLocation
    ) throws {
      let asked = try scene.start(["control"] + words + ["--wait", "--timeout", "20"])
      #expect(asked.child.wait() == code, "\(scene.text(asked.log.name))", sourceLocation: place)
      let said = scene.text(asked.log.name) + scene.text(Path("out-" + "\(asked.log.name)".dropFirst(4)))
      #expect(said.contains(says), "\(said)", sourceLocation: place)
    }

    /// Every block that was begun is there as it was begun, and whole.
    private func expectTrainedAsBegun(_ scene: Scene, at place: SourceLocation = #_sourceLocation) throws {
      let ledger = try Scene.log(scene.spool.read("runs/main/ledger.jsonl"))
      let revisions = scene.revisions
      for record in ledger where record["kind"]?.string == "block_started" {
        let number = try #require(record["block"]?.integer)
        #expect(record["revision"]?.integer == revisions[number], "block \(number)", sourceLocation: place)
      }
      try scene.succeed("block", "verify")
    }

    @Test("beside a trainer that waits: the newest, one in the middle, the next one; a begun one is refused")
    func besideATrainer() throws {
      let scene = try filled("discard")
      let count = scene.revisions.count
      try scene.ask("pause", "at=block:1")
      let agent = try scene.start(["agent"])
      let trainer = try scene.start(["trainer"])
      defer {
        agent.kill()
        trainer.kill()
      }
      try scene.wait(20, "paused") { scene.status("trainer")?["state"]?.string == "paused" }
      try expect(scene, ["discard"], 0, says: "composed anew: \(Scene.part(count - 1))")
      #expect(scene.revisions == [Int](repeating: 1, count: count - 1) + [2])
      try expect(scene, ["discard", "block=part-00002"], 0, says: "part-00002 to \(Scene.part(count - 1))")
      #expect(scene.revisions == [1, 1] + [Int](repeating: 2, count: count - 3) + [3])
      try expect(scene, ["discard", "block=1"], 0, says: "composed anew: part-00001 to")
      try expect(scene, ["discard", "block=0"], 65, says: "echo block=part-00000 >control/skip")
      let discarded = [1, 2] + [Int](repeating: 3, count: count - 3) + [4]
      #expect(scene.revisions == discarded)
      try scene.spool.remove("control/pause")
      try scene.wait(30, "all eaten") { scene.exists("checkpoints/g0000/\(Scene.part(count - 1))/COMMIT.json") }
      #expect(scene.revisions == discarded)
      try expectTrainedAsBegun(scene)
      try expect(scene, ["discard"], 65, says: "a trainer has begun all through")
      #expect(trainer.stop() == 0 && agent.stop() == 0)
      try scene.succeed("check")
    }

    @Test("without a trainer: what ledgers say was begun stays, also after a rollback and without its status file")
    func withoutATrainer() throws {
      let scene = try filled("discard-idle")
      try scene.ask("stop", "at=block:2")
      try scene.succeed("trainer", "--until-idle")
      try scene.ask("rollback", "to=init")
      try scene.ask("stop", "at=step:0")
      try scene.succeed("trainer", "--until-idle")
      #expect(scene.head == "g0000/init")
      try scene.spool.remove("status/trainer.json")
      let before = scene.revisions
      for (name, content) in [("old", "block=1"), ("new", "block=2"), ("odd", "block=two")] {
        try scene.ask("discard.\(name)", content)
      }
      try scene.succeed("agent", "--until-idle")
      #expect(scene.answer("discard.old")?["state"]?.string == "rejected")
      #expect(scene.answer("discard.odd")?["state"]?.string == "rejected")
      #expect(scene.answer("discard.new")?["state"]?.string == "done")
      #expect(scene.revisions == [1, 1] + [Int](repeating: 2, count: before.count - 2))
      try scene.succeed("trainer", "--until-idle")
      try expectTrainedAsBegun(scene)
      #expect(scene.head == "g0001/\(Scene.part(before.count - 1))")
    }

    /// Requests for the block that the trainer comes to next: sometimes one is faster, sometimes the other.
    @Test("while a trainer eats: never is a block both begun and withdrawn")
    func whileItEats() throws {
      let scene = try filled("discard-race", ["compose.block_tokens=2000", "train.batch_tokens=1024"])
      let count = scene.revisions.count
      try #require(count > 30)
      let agent = try scene.start(["agent"])
      let trainer = try scene.start(["trainer"])
      defer {
        agent.kill()
        trainer.kill()
      }
      var asked: [String] = []
      while true {
        let last = scene.status("trainer")?["block"]?.integer ?? 0
        if last >= count - 2 { break }
        let name = "discard.n\(asked.count)"
        try scene.ask(name, "block=\(last + 1 + asked.count % 4 * 5)")
        try scene.wait(20, "\(name) is answered") {
          ["done", "failed", "rejected"].contains(scene.answer(name)?["state"]?.string ?? "")
        }
        asked.append(scene.answer(name)?["state"]?.string ?? "")
        try #require(asked.count < 1000)
      }
      try scene.wait(60, "all eaten") { scene.exists("checkpoints/g0000/\(Scene.part(count - 1))/COMMIT.json") }
      #expect(trainer.stop() == 0 && agent.stop() == 0)
      let answers = Dictionary(grouping: asked) { $0 }.mapValues(\.count)
      print("\(count) blocks, answers \(answers)")
      #expect(answers["done"] ?? 0 > 0)
      try expectTrainedAsBegun(scene)
      try scene.succeed("check")
    }
  }
}

extension Scene {
  static func part(_ number: Int) -> String { "part-" + String(100_000 + number).dropFirst() }

  /// Of each block, by number.
  var revisions: [Int] {
    names("blocks").filter { $0.hasSuffix(".json") }.sorted().map { name in
      json(Path("blocks/\(name)"))?["revision"]?.integer ?? -1
    }
  }
}
