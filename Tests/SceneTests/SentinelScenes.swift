import Bytes
import Glibc
import Posix
import Testing

extension Scene {
  /// A system so small that a step takes milliseconds.
  static let tiny =
    plain + [
      "model.layers=2", "model.hidden=64", "model.heads=4", "model.kv_heads=2", "model.intermediate=128",
      "train.seq_len=64",
      "train.batch_tokens=512", "train.threads=1", "train.save_s=0", "train.peak_gflops=100", "spool.threads=1",
      "evaluate.threads=1", "evaluate.rescan_s=0.1",
    ]

  /// Documents of every channel, in about the shares of the default mix.
  func dropDocuments(kilobytes: Int) throws {
    for (kind, share) in [(Lorem.Kind.zh, 4), (.en, 4), (.code, 2)] {
      var bytes: [UInt8] = []
      var number = 0
      while bytes.count < kilobytes * 100 * share {
        bytes += JSONWriter.compact(.object(["text": .string(Lorem.document(kind, number, bytes: 900))])) + [0x0A]
        number += 1
      }
      try drop(Path("\(kind.rawValue)/a.jsonl"), bytes)
    }
  }

  /// The newest answer to a sentinel.
  func answer(_ name: String) -> JSONValue? { json(Path("control/ack/last-\(name).json")) }

  /// Makes a sentinel in one rename, as a careful script does.
  func ask(_ name: String, _ content: String = "") throws {
    try spool.make("control").publish(Path(name), Array(content.utf8))
  }

  var step: Int { status("trainer")?["step"]?.integer ?? -1 }

  /// HEAD.json's checkpoint.
  var head: String? { json("runs/main/HEAD.json")?["checkpoint"]?.string }
}

extension Scenes {
  /// Sentinels are obeyed at the step they are for, and answered as the protocol says.
  @Suite(.serialized) struct Sentinels {
    /// 20,000 tokens are 312 windows of 64: 39 steps of 8.
    private static let stepsPerBlock = 39

    private func trained(_ name: String) throws -> Scene {
      let scene = try Scene(name, Scene.tiny)
      try scene.dropDocuments(kilobytes: 300)
      try scene.digest()
      #expect(scene.names("blocks").filter { $0.hasSuffix(".json") }.count >= 4)
      return scene
    }

    private func expectAnswer(
      _ scene: Scene, _ name: String, _ state: String, checkpoint: String? = nil, step: Int? = nil, says: String? = nil,
      at place: SourceLocation = #_sourceLocation
    ) throws {
      try scene.wait(15, "\(name) is \(state)", at: place) { scene.answer(name)?["state"]?.string == state }
      let answer = scene.answer(name) ?? .null
      let shown = String(decoding: JSONWriter.compact(answer), as: UTF8.self)
      #expect(
        answer["uid"]?.integer == Int(getuid()) && answer["seconds"]?.number != nil, "\(shown)", sourceLocation: place)
      if let checkpoint { #expect(answer["checkpoint"]?.string == checkpoint, "\(shown)", sourceLocation: place) }
      if let step { #expect(answer["step"]?.integer == step, "\(shown)", sourceLocation: place) }
      if let says { #expect(answer["message"]?.string?.contains(says) == true, "\(shown)", sourceLocation: place) }
    }

    @Test("save, pause and stop at a step; control --wait")
    func saveAndPause() throws {
      let scene = try trained("save")
      try scene.ask("save.early", "at=step:7\n")
      try scene.ask("save.also", "{at: 'step:7', reason: 'two ask for one'}")
      try scene.ask("pause", "at=step:30")
      let trainer = try scene.start(["trainer"])
      defer { trainer.kill() }
      try expectAnswer(scene, "save.early", "done", step: 7)
      try expectAnswer(scene, "save.also", "done", step: 7)
      let saved = try #require(scene.answer("save.early")?["checkpoint"]?.string)
      #expect(saved.hasPrefix("g0000/save-") && scene.answer("save.also")?["checkpoint"]?.string == saved)
      for file in ["COMMIT.json", "config.json", "model.safetensors", "optimizer.safetensors", "tokenizer.json"] {
        #expect(scene.exists(Path("checkpoints/\(saved)/\(file)")), "\(file)")
      }
      try scene.wait(15, "paused") { scene.status("trainer")?["state"]?.string == "paused" }
      #expect(scene.step == 30)
      #expect(scene.answer("pause")?["state"]?.string == "running")
      let asked = try scene.succeed("control", "save", "--wait", "--timeout", "20")
      let answer = try JSONParser.parse(Array(asked.output.utf8))
      #expect(answer["state"]?.string == "done" && answer["step"]?.integer == 30)
      #expect(scene.head == answer["checkpoint"]?.string)
      try scene.spool.remove("control/pause")
      try expectAnswer(scene, "pause", "done")
      try scene.ask("stop", "at=step:\(Sentinels.stepsPerBlock + 5)")
      #expect(trainer.child.wait() == 0)
      try expectAnswer(scene, "stop", "done", step: Sentinels.stepsPerBlock + 5)
      #expect(scene.status("trainer")?["done"]?.bool == true)
      #expect(scene.json("runs/main/HEAD.json")?["step"]?.integer == Sentinels.stepsPerBlock + 5)
      #expect(scene.names("control/.taken").filter { !$0.hasPrefix(".") }.isEmpty)
      try goesOnAfterStop(scene)
    }

    /// The run goes on where it stopped; what was asked before the stop is not done by surprise.
    private func goesOnAfterStop(_ scene: Scene) throws {
      try scene.shell("cd spool/control; echo to=init >rollback; touch stop; touch -d '1 hour ago' rollback stop")
      try scene.succeed("trainer", "--until-idle")
      try expectAnswer(scene, "rollback", "rejected", says: "older than the last clean stop")
      try expectAnswer(scene, "stop", "rejected", says: "older than the last clean stop")
      let blocks = scene.names("blocks").filter { $0.hasSuffix(".json") }.count
      #expect(scene.json("runs/main/HEAD.json")?["block"]?.integer == blocks)
      #expect(scene.json("runs/main/HEAD.json")?["lineage"]?.integer == 0)
    }

    @Test("rollback: empty, at a block's beginning, to a block, to init, to what is not there")
    func rollback() throws {
      let scene = try trained("rollback")
      let here = Sentinels.stepsPerBlock + 11
      try scene.ask("pause.here", "at=step:\(here)")
      let trainer = try scene.start(["trainer"])
      defer { trainer.kill() }
      try scene.wait(15, "paused in block 1") {
        scene.status("trainer")?["state"]?.string == "paused" && scene.step == here
      }
      // From now on it waits wherever it is.
      try scene.ask("pause")
      try scene.wait(5, "pause noted") { scene.answer("pause")?["state"]?.string == "running" }
      try scene.ask("rollback.empty")
      try expectAnswer(scene, "rollback.empty", "done", checkpoint: "g0000/part-00000")
      #expect(scene.head == "g0000/part-00000")
      #expect(scene.names("checkpoints/g0000").contains { $0.hasPrefix("save-") }, "it saves what it leaves")
      // No step of block 1 was applied since: one block further.
      try scene.ask("rollback.again")
      try expectAnswer(scene, "rollback.again", "done", checkpoint: "g0000/init")
      try scene.ask("rollback.further")
      try expectAnswer(scene, "rollback.further", "rejected", says: "beginning")
      try scene.ask("rollback.absent", "to=part-00077")
      try expectAnswer(scene, "rollback.absent", "rejected", says: "nearest")
      try scene.ask("rollback.odd", "too=part-00000")
      try expectAnswer(scene, "rollback.odd", "rejected", says: "to")
      try scene.ask("rolback")
      try expectAnswer(scene, "rolback", "rejected", says: "rollback")
      try scene.spool.remove("control/pause.here")
      try scene.spool.remove("control/pause")
      try scene.wait(20, "block 1 eaten on lineage 2") { scene.exists("checkpoints/g0002/part-00001/COMMIT.json") }
      try scene.ask("rollback.to", "to=part-00000")
      try expectAnswer(scene, "rollback.to", "done", checkpoint: "g0002/part-00000")
      try scene.ask("rollback.init", "to=init")
      try expectAnswer(scene, "rollback.init", "done", checkpoint: "g0000/init")
      try scene.wait(20, "block 1 eaten on lineage 4") { scene.exists("checkpoints/g0004/part-00001/COMMIT.json") }
      try scene.ask("stop")
      #expect(trainer.child.wait() == 0)
      try expectSameWeights(scene)
      #expect(
        try Scene.log(scene.spool.read("runs/main/ledger.jsonl")).filter { $0["kind"]?.string == "rollback" }.count == 4
      )
    }

    /// The same order again from the same state gives the same bits, on every lineage.
    private func expectSameWeights(_ scene: Scene) throws {
      for block in ["part-00000", "part-00001"] {
        var digests: Set<String> = []
        for lineage in 0...4 {
          for file in ["model.safetensors", "optimizer.safetensors"] {
            let path = Path("checkpoints/g000\(lineage)/\(block)/\(file)")
            if scene.exists(path) { digests.insert(file + Hex.encode(Digest.sha256(try scene.spool.read(path)))) }
          }
        }
        #expect(digests.count == 2, "\(block)")
      }
    }

    @Test("unknown names and bad content are rejected with what would be right")
    func refusals() throws {
      let scene = try Scene("refused", Scene.tiny)
      let agent = try scene.start(["agent"])
      defer { agent.kill() }
      try scene.wait(10, "the agent is there") { scene.status("agent")?["state"]?.string == "idle" }
      try scene.ask("sav")
      try expectAnswer(scene, "sav", "rejected", says: "save")
      try scene.ask("flush", "now please")
      try expectAnswer(scene, "flush", "rejected", says: "key=value")
      #expect(try scene.run("control", "flsh").code == 64)
      #expect(try scene.run("control", "rollback", "too=init").code == 64)
      try scene.drop("s/a.txt", Lorem.paragraphs(.en, 1, bytes: 4000).joined(separator: "\n"))
      try scene.wait(10, "taken") { scene.count("s") == 1 }
      try scene.succeed("control", "flush", "--wait", "--timeout", "20")
      #expect(scene.json("blocks/part-00000.json")?["short"]?.bool == true)
      #expect(agent.stop() == 0)
    }
  }
}
