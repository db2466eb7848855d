import Bytes
import Fixtures
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
        #expect(try scene.temporaries() == [], "\(told)")
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
      #expect(try scene.temporaries() == [])
    }

    /// Started again when all is done, it changes nothing.
    private func expectNothingLeftToDo(_ scene: Scene) throws {
      let before = try SpoolOutcome(scene)
      let journal = try scene.journal().count
      try scene.succeed("up", "--until-idle", "--flush")
      try SpoolOutcome(scene).expectSame(as: before, "started again")
      #expect(try scene.journal().dropFirst(journal).allSatisfy { $0["ev"]?.string == "open" })
    }

    /// One process alone, and what is there before it starts.
    enum Alone: String, CaseIterable, CustomTestStringConvertible {
      case agent, trainer, evaluator
      var testDescription: String { rawValue }
      var words: [String] { self == .agent ? ["agent", "--until-idle", "--flush"] : [rawValue, "--until-idle"] }
    }

    private static let small =
      KillSetting.settings.filter {
        !$0.hasPrefix("compose.") && !$0.hasPrefix("train.batch") && !$0.hasPrefix("train.save")
      }
      + [
        "compose.block_tokens=20000", "compose.lookahead_blocks=1000", "spool.quiet_ms=20", "spool.batch_documents=20",
        "train.batch_tokens=512", "train.save_s=0.1",
      ]

    @Test("one process killed at its N-th durable step", arguments: Alone.allCases)
    func durableSteps(_ role: Alone) throws {
      let soak = (KillSetting.number("PRETRAIND_KILLS") ?? 20) > 20
      let seed = KillSetting.seed("\(role) killed at durable steps")
      var random = SeededRandom(seed)
      let before = try Scene("before", Kills.small)
      try KillSetting.prepare(before, kilobytes: 150, steps: (10, 90, 95))
      for earlier in Alone.allCases.prefix(while: { $0 != role }) { try end(before, earlier) }
      let reference = try Scene("after", Kills.small)
      try reference.copy(before)
      try end(reference, role)
      let right = try SpoolOutcome(reference)
      var limit = 4096
      var died: [Int] = []
      var step = 0
      while soak ? step < limit : died.count < 10 {
        step = soak ? step + 1 : 1 + random.below(limit)
        let told = "seed \(seed), \(role) dead at step \(step)"
        let scene = try Scene("step", Kills.small)
        try scene.copy(before)
        let first = try scene.start(role.words, environment: ["PRETRAIND_FAULT=kill@\(step):durable"])
        let code = first.child.wait()
        if code == 0 {
          // It has fewer steps.
          limit = min(limit, step)
          try #require(limit > 20, "\(told): hardly any step passes a fault point")
        } else {
          try #require(code == 137, "\(told): \(code) \(scene.text(first.log.name))")
          died.append(step)
          try end(scene, role)
        }
        try SpoolOutcome(scene).expectSame(as: right, told)
        #expect(try scene.temporaries() == [], "\(told)")
        #expect(try scene.digests("incoming").isEmpty, "\(told)")
      }
      print("\(role): \(died.count) deaths at durable steps, of about \(limit): \(soak ? "all" : "\(died.sorted())")")
    }

    /// A process from start to idle.
    private func end(_ scene: Scene, _ role: Alone) throws {
      let running = try scene.start(role.words)
      let code = running.child.wait()
      try #require(code == 0, "\(role): \(scene.text(running.log.name))")
    }
  }
}

extension Scene {
  /// Takes over the spool of another scene, hard links to outside included.
  func copy(_ other: Scene) throws { try shell("cp -a '\(other.root)/spool' '\(other.root)/outside' .") }
}
