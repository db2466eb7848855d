import Bytes
import Fixtures
import Glibc
import Posix
import Testing

extension Scenes {
  /// A record that kills whoever reads it is found, tried alone and rejected; everything else goes on. The death of the
  /// agent itself proves nothing.
  @Suite(.serialized) struct PoisonRecords {
    private static let word = "KILLS"
    private static let settings = Scene.plain + ["spool.quiet_ms=20", "spool.batch_documents=100"]

    private static func record(_ number: Int, _ isPoison: Bool) -> String {
      "document \(number) \(Lorem.sentence(number))\(isPoison ? " " + word : "")"
    }

    private static func lines(_ count: Int, poison: Set<Int>, from first: Int = 0) -> [UInt8] {
      (0..<count).flatMap {
        JSONWriter.compact(.object(["text": .string(record(first + $0, poison.contains($0)))])) + [0x0A]
      }
    }

    /// The agent, started again as long as it dies.
    private func digest(_ scene: Scene, _ environment: [String], atMost deaths: Int) throws -> (
      deaths: Int, log: String
    ) {
      var log = ""
      for number in 0...deaths {
        let outcome = try scene.run("agent", "--until-idle", "--flush", environment: environment)
        log += outcome.log
        if outcome.code == 0 { return (number, log) }
        try #require([139, 134, 132].contains(outcome.code), "\(outcome.code): \(outcome.log)")
      }
      Issue.record("still dying after \(deaths) deaths: \(log.suffix(2000))")
      return (deaths, log)
    }

    struct Case: CustomTestStringConvertible {
      let name: String
      let variable: String
      /// Documents that are kept and what is rejected of 1000.
      let kept: Int
      var testDescription: String { "\(name) \(variable)" }
    }

    /// Record 500 of 1,000 is poison for a stage, for the decoder, for the reading itself.
    static let cases = [
      Case(name: "a.jsonl", variable: "PRETRAIND_POISON", kept: 999),
      Case(name: "a.jsonl.zst", variable: "PRETRAIND_POISON", kept: 999),
      Case(name: "a.jsonl.gz", variable: "PRETRAIND_POISON", kept: 999),
      Case(name: "a.json", variable: "PRETRAIND_POISON", kept: 999),
      Case(name: "a.jsonl", variable: "PRETRAIND_POISON_RECORD", kept: 999),
      Case(name: "a.json", variable: "PRETRAIND_POISON_RECORD", kept: 999),
      Case(name: "a.jsonl", variable: "PRETRAIND_POISON_SOURCE", kept: 0),
      Case(name: "a.txt", variable: "PRETRAIND_POISON", kept: 0),
      Case(name: "a.txt", variable: "PRETRAIND_POISON_RECORD", kept: 0),
    ]

    private func prepare(_ scene: Scene, _ one: Case) throws {
      _ = try scene.spool.make("incoming/s")
      let plain = try scene.folder.make("plain")
      var bytes = Self.lines(1000, poison: [500])
      if one.name.contains(".json"), !one.name.contains(".jsonl") {
        bytes = Array("[".utf8) + bytes.map { $0 == 0x0A ? UInt8(ascii: ",") : $0 }.dropLast() + Array("]".utf8)
      }
      if one.name.hasSuffix(".txt") { bytes = Array("A text that \(Self.word).\n".utf8) }
      try plain.replaceFile("plain", with: bytes)
      let packing = one.name.hasSuffix(".zst") ? "zstd -qc" : one.name.hasSuffix(".gz") ? "gzip -c" : "cat"
      try scene.shell(
        "\(packing) plain/plain >spool/incoming/s/.new; mv spool/incoming/s/.new spool/incoming/s/\(one.name)")
      try scene.drop("t/good.txt", "A good document that comes after it.")
    }

    @Test("a record that kills is rejected alone, or ends its file where it cannot be passed over", arguments: cases)
    func oneRecord(_ one: Case) throws {
      let scene = try Scene("poison", Self.settings)
      try prepare(scene, one)
      let (deaths, log) = try digest(scene, ["\(one.variable)=\(Self.word)"], atMost: 2)
      #expect(deaths == 2, "twice it dies, then it has learnt")
      #expect(log.contains("trying it alone"))
      #expect(scene.count("s", "kept") == one.kept && scene.count("s", "rejected") == 1)
      #expect(scene.count("t", "kept") == 1)
      let poison = try scene.journal().filter { $0["ev"]?.string == "poison" }
      #expect(poison.count == 1 && poison.first?["deaths"]?.integer == 3)
      #expect(poison.first?["end"]?.string?.contains("signal 11") == true)
      if one.kept > 0 {
        let told = try JSONParser.parse(try scene.spool.read(Path("rejected/s/\(one.name).bad.jsonl")))
        // Of an array the journal has the place before the comma.
        let before = (told["offset"]?.integer ?? 0) - (poison.first?["offset"]?.integer ?? 0)
        #expect(told["line"]?.integer == 501 && before == (one.name == "a.json" ? 1 : 0))
        #expect(told["reason"]?.string?.hasPrefix("poison: 3 processes") == true)
        #expect(told["text"]?.string?.contains(Self.word) == true)
      } else {
        let reason = scene.json(Path("rejected/s/\(one.name).reason.json"))
        #expect(reason?["code"]?.string == "poison" && reason?["attempts"]?.integer == 3)
      }
      #expect(!scene.exists("state/working") && scene.names("state/claimed").isEmpty)
      #expect(!scene.exists("state/trial.json"))
    }

    @Test("of a file that kills in its middle the documents before stay")
    func middle() throws {
      let scene = try Scene("poison", Scene.plain + ["spool.quiet_ms=20"])
      // More than what is looked at to tell the encoding.
      try scene.drop("s/long.jsonl", Self.lines(30_000, poison: [29_000]))
      let (deaths, _) = try digest(scene, ["PRETRAIND_POISON_SOURCE=\(Self.word)"], atMost: 6)
      #expect(deaths >= 2)
      // What was read ahead in one step is lost with it, no more.
      let kept = scene.count("s", "kept")
      #expect(kept > 28_900 && kept <= 29_000 && scene.count("s", "rejected") == 1)
      #expect(scene.exists("rejected/s/long.jsonl.bad.jsonl"))
    }

    @Test("poison in two files, and what comes out is the same with and without the deaths of the agent")
    func twoFiles() throws {
      let dying = try Scene("dying", Self.settings)
      let knowing = try Scene("knowing", Self.settings)
      for scene in [dying, knowing] {
        try scene.drop("s/a.jsonl", Self.lines(400, poison: [7, 300]))
        try scene.drop("s/b.jsonl", Self.lines(400, poison: [200], from: 1000))
      }
      let environment = ["PRETRAIND_POISON=\(Self.word)"]
      let (deaths, _) = try digest(dying, environment, atMost: 6)
      #expect(deaths >= 2)
      try claim(knowing, 2, suspects: [(1, 7), (1, 300), (2, 200)])
      let (none, _) = try digest(knowing, environment, atMost: 0)
      #expect(none == 0)
      let right = try SpoolOutcome(knowing)
      #expect(right.documents.count == 797 && knowing.count("s", "rejected") == 3)
      try SpoolOutcome(dying).expectSame(as: right, "with and without deaths")
    }

    /// Lets the agent take the files that are there and die before the first record; the next one is told of suspects.
    private func claim(_ scene: Scene, _ files: Int, suspects: [(claim: Int, record: Int)]) throws {
      let died = try scene.run("agent", "--until-idle", environment: ["PRETRAIND_POISON_SOURCE=document"])
      #expect(died.code == 139)
      try #require(try scene.journal().filter { $0["ev"]?.string == "claim" }.count == files)
      let list = suspects.map { "{\"claim\": \($0.claim), \"record\": \($0.record), \"deaths\": 2}" }
      let text = "{\"counted\": 1, \"suspects\": [\(list.joined(separator: ", "))]}"
      try scene.spool.open("state").replaceFile("suspects.json", with: Array(text.utf8))
    }

    @Test("a good record on which the agent died is run alone, found harmless, and goes on")
    func harmless() throws {
      let reference = try Scene("reference", Self.settings)
      let scene = try Scene("suspect", Self.settings)
      for one in [reference, scene] { try one.drop("s/a.jsonl", Self.lines(300, poison: [])) }
      try reference.digest()
      // Two deaths with record 42 in hand, as the slots would tell them.
      let hanging = ["PRETRAIND_POISON= 42 ", "PRETRAIND_POISON_HANGS=1"]
      for _ in 0..<2 {
        let agent = try scene.start(["agent", "--until-idle", "--flush"], environment: hanging)
        try scene.wait(20, "it hangs at record 42") {
          ((try? scene.spool.read("state/working")) ?? []).withUnsafeBytes { bytes in
            stride(from: 64, to: bytes.count - 16, by: 64).contains {
              bytes.load(fromByteOffset: $0, as: Int.self) == 1
                && bytes.load(fromByteOffset: $0 + 8, as: Int.self) == 42
            }
          }
        }
        Clock.sleep(0.2)
        agent.kill()
        _ = agent.child.wait()
      }
      let outcome = try scene.run("agent", "--until-idle", "--flush")
      #expect(outcome.code == 0 && outcome.log.contains("record 42 is harmless alone"), "\(outcome.log)")
      #expect(try scene.journal().allSatisfy { $0["ev"]?.string != "poison" })
      try SpoolOutcome(scene).expectSame(as: SpoolOutcome(reference), "harmless")
    }

    @Test(
      "a record that kills only among others is taken alone by the agent, and convicted by three crashes of its own")
    func killsAmongOthers() throws {
      let scene = try Scene("index", Self.settings)
      try scene.drop("s/a.jsonl", Self.lines(1000, poison: [500]))
      try scene.drop("t/good.txt", "A good document that comes after it.")
      // Twice with others, then a trial that it comes through, then three times with nothing else in hand.
      let (deaths, log) = try digest(scene, ["PRETRAIND_POISON_INDEX=\(Self.word)"], atMost: 5)
      #expect(deaths == 5, "\(deaths): \(log.suffix(2000))")
      #expect(log.contains("record 500 is harmless alone"))
      #expect(log.contains("3 agents that had nothing else in hand crashed of it (stage deduplicate)"))
      #expect(scene.count("s", "kept") == 999 && scene.count("s", "rejected") == 1)
      #expect(scene.count("t", "kept") == 1)
      let told = try JSONParser.parse(try scene.spool.read("rejected/s/a.jsonl.bad.jsonl"))
      #expect(told["line"]?.integer == 501 && told["text"]?.string?.contains(Self.word) == true)
      #expect(told["reason"]?.string?.contains("signal 6") == true, "\(told)")
      #expect(!scene.exists("state/working") && scene.names("state/claimed").isEmpty)
    }

    @Test("kill -9 with such a record in hand, as often as you like, counts for nothing")
    func killedAmongOthers() throws {
      let reference = try Scene("reference", Self.settings)
      let scene = try Scene("index", Self.settings)
      for one in [reference, scene] { try one.drop("s/a.jsonl", Self.lines(300, poison: [])) }
      try reference.digest()
      try claim(scene, 1, suspects: [(1, 42)])
      let hanging = ["PRETRAIND_POISON_INDEX= 42 ", "PRETRAIND_POISON_HANGS=1"]
      for _ in 0..<6 {
        let agent = try scene.start(["agent", "--until-idle", "--flush"], environment: hanging)
        try scene.wait(20, "it hangs at record 42, looking for duplicates") {
          ((try? scene.spool.read("state/working")) ?? []).withUnsafeBytes { bytes in
            bytes.count > 88 && bytes.load(fromByteOffset: 64, as: Int.self) == 1
              && bytes.load(fromByteOffset: 72, as: Int.self) == 42 && bytes.load(fromByteOffset: 80, as: Int.self) == 4
          }
        }
        agent.kill()
        _ = agent.child.wait()
      }
      let outcome = try scene.run("agent", "--until-idle", "--flush")
      #expect(outcome.code == 0, "\(outcome.log)")
      #expect(try scene.journal().allSatisfy { $0["ev"]?.string != "poison" })
      try SpoolOutcome(scene).expectSame(as: SpoolOutcome(reference), "killed")
    }

    @Test("a record that hangs is given up after read.record_s, and that counts as a death")
    func hanging() throws {
      let scene = try Scene("hanging", Self.settings + ["read.record_s=2"])
      try scene.drop("s/a.jsonl", Self.lines(20, poison: [5]))
      try claim(scene, 1, suspects: [(1, 5)])
      let outcome = try scene.run(
        "agent", "--until-idle", "--flush", environment: ["PRETRAIND_POISON=\(Self.word)", "PRETRAIND_POISON_HANGS=1"])
      #expect(outcome.code == 0, "\(outcome.log)")
      #expect(outcome.log.contains("gave nothing for 2 s and was killed"))
      #expect(scene.count("s", "kept") == 19 && scene.count("s", "rejected") == 1)
    }

    @Test("kill -9 at random moments never counts against a file")
    func randomKills() throws {
      let wanted = (KillSetting.number("PRETRAIND_KILLS") ?? 20) > 20 ? 50 : 10
      let seed = KillSetting.seed("\(wanted) kills of an agent at work on good files")
      var random = SeededRandom(seed)
      let reference = try Scene("reference", Self.settings)
      let scene = try Scene("killed", Self.settings)
      for one in [reference, scene] {
        for file in 0..<4 { try one.drop(Path("s/\(file).jsonl"), Self.lines(3000, poison: [], from: 3000 * file)) }
      }
      let start = Clock.monotonic()
      try reference.digest()
      // Of the time that all of it takes here: on a fast machine it must not be done before it was killed often enough.
      let longest = (Clock.monotonic() - start) / 6
      var kills = 0
      while kills < wanted {
        let agent = try scene.start(["agent", "--until-idle", "--flush"])
        Clock.sleep(longest * Double(random.below(1000)) / 1000)
        if agent.child.poll() != nil { break }
        agent.kill()
        _ = agent.child.wait()
        kills += 1
      }
      try scene.digest()
      #expect(kills > 3)
      #expect(try scene.journal().allSatisfy { $0["ev"]?.string != "poison" }, "seed \(seed)")
      #expect(scene.count("s", "rejected") == 0)
      try SpoolOutcome(scene).expectSame(as: SpoolOutcome(reference), "seed \(seed), \(kills) kills")
    }
  }
}
