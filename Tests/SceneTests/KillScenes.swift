import Bytes
import Posix
import Testing

extension Scenes {
  /// Killed at any moment and started again, the same comes out: documents, blocks, weights, results.
  @Suite(.serialized) struct Kills {
    private static let kilobytes = 5000

    @Test("kill -9 of agent, trainer, evaluator and up at random moments")
    func randomMoments() throws {
      let wanted = KillSetting.number("PRETRAIND_KILLS") ?? 20
      let seed = KillSetting.seed("\(wanted) kills")
      let reference = try Scene("reference", KillSetting.settings)
      try KillSetting.prepare(reference, kilobytes: Kills.kilobytes)
      let untouched = try Killer(reference, seed: seed)
      let seconds = try untouched.run(atMost: 0, within: 180)
      let right = try SpoolOutcome(reference)
      try expectReal(right, reference)
      print("the run without kills: \(Int(seconds * 10) / 10) s, \(right.documents.count) documents")
      var kills = 0
      var round: UInt64 = 0
      while kills < wanted {
        let scene = try Scene("killed", KillSetting.settings)
        try KillSetting.prepare(scene, kilobytes: Kills.kilobytes)
        let killer = try Killer(scene, seed: seed &* 1000 &+ round)
        // Some runs many deaths, some few: both are life.
        let seconds = try killer.run(atMost: min(wanted - kills, 12), within: 300)
        kills += killer.kills
        let told = "seed \(seed), round \(round), killed \(killer.victims.joined(separator: " "))"
        print("\(told): \(Int(seconds)) s")
        try SpoolOutcome(scene).expectSame(as: right, told)
        #expect(try scene.temporaries().isEmpty, "\(told)")
        if round == 0 { try expectNothingLeftToDo(scene) }
        round += 1
      }
      print("\(kills) kills in \(round) runs")
    }

    /// The reference has what the scene is about.
    private func expectReal(_ outcome: SpoolOutcome, _ scene: Scene) throws {
      let blocks = outcome.files.keys.filter { $0.hasPrefix("blocks/") && $0.hasSuffix(".json") }.count
      #expect(blocks >= 5)
      #expect(scene.count("bad", "rejected") == 20 && scene.count("linked") == 3)
      #expect(scene.count("en", "rejected") == 4 && scene.count("en", "kept") > 300)
      #expect(scene.sources().values.contains { ($0["duplicate"] ?? 0) + ($0["superseded"] ?? 0) > 0 })
      #expect(outcome.head == "g0001/part-\(String(100_000 + blocks - 1).dropFirst())")
      for name in ["save.one", "save.two", "save.three", "rollback"] {
        #expect(scene.answer(name)?["state"]?.string == "done", "\(name)")
      }
      #expect(outcome.files.keys.filter { $0.hasPrefix("eval/results/") }.count >= 2 * blocks)
      #expect(try scene.temporaries().isEmpty)
    }

    /// Started again when all is done, it changes nothing.
    private func expectNothingLeftToDo(_ scene: Scene) throws {
      let before = try SpoolOutcome(scene)
      let journal = try scene.journal().count
      try scene.succeed("up", "--until-idle", "--flush")
      try SpoolOutcome(scene).expectSame(as: before, "started again")
      #expect(try scene.journal().dropFirst(journal).allSatisfy { $0["ev"]?.string == "open" })
    }

    @Test("the agent killed at its N-th durable step")
    func durableSteps() throws {
      let soak = (KillSetting.number("PRETRAIND_KILLS") ?? 20) > 20
      let seed = KillSetting.seed("kills at durable steps")
      var random = Random(seed: seed)
      let settings =
        KillSetting.settings.filter { !$0.hasPrefix("compose.") }
        + [
          "compose.block_tokens=20000", "compose.lookahead_blocks=1000", "spool.quiet_ms=20",
          "spool.batch_documents=20",
        ]
      let reference = try Scene("steps", settings)
      try KillSetting.prepare(reference, kilobytes: 150)
      try reference.digest()
      let right = try SpoolOutcome(reference)
      #expect(right.files.keys.contains("blocks/part-00001.json"))
      var limit = 4096
      var died: [Int] = []
      var step = 0
      while soak ? step < limit : died.count < 20 {
        step = soak ? step + 1 : 1 + random.below(limit)
        let scene = try Scene("step", settings)
        try KillSetting.prepare(scene, kilobytes: 150)
        let first = try scene.run("agent", "--until-idle", "--flush", environment: ["PRETRAIND_KILL_AT=\(step)"])
        if first.code == 0 {
          // It has fewer steps.
          limit = min(limit, step)
        } else {
          try #require(first.code == 137, "step \(step): \(first.code) \(first.log)")
          died.append(step)
          let again = try scene.run("agent", "--until-idle", "--flush")
          #expect(again.code == 0, "seed \(seed), after a death at step \(step): \(again.log)")
        }
        try SpoolOutcome(scene).expectSame(as: right, "seed \(seed), a death at step \(step)")
        #expect(try scene.temporaries().isEmpty, "seed \(seed), a death at step \(step)")
        #expect(try scene.digests("incoming").isEmpty)
      }
      print("\(died.count) deaths at durable steps, of about \(limit): \(soak ? "all" : "\(died.sorted())")")
    }
  }
}
