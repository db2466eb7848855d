import Bytes
import Fixtures
import Glibc
import Posix
import Testing

/// A disk that is full, by bytes or by inodes, and what is done about it.
enum FullDisk: String, CaseIterable, CustomTestStringConvertible {
  case bytes, inodes
  var testDescription: String { rawValue }

  /// Small enough to be filled at once, large enough for the work.
  var options: String { self == .bytes ? "size=64m" : "size=256m,nr_inodes=1500" }

  /// Another program takes all there is, in `spool/.filler/`.
  func fill(_ scene: Scene) throws {
    switch self {
    case .bytes: try scene.shell("mkdir -p spool/.filler; cat /dev/zero >spool/.filler/zeros 2>/dev/null || true")
    case .inodes:
      try scene.shell("mkdir -p spool/.filler; for i in {1..9000}; do : >spool/.filler/$i || break; done 2>/dev/null")
    }
  }

  func free(_ scene: Scene) throws { try scene.shell("rm -rf spool/.filler") }

  static let isMountable: Bool = {
    guard getuid() == 0, let code = try? Child.start(["sh", "-c", script]).wait(), code == 0 else {
      print("skipped: file systems may not be mounted here (root and mount -t tmpfs are needed)")
      return false
    }
    return true
  }()
  private static let script =
    "d=$(mktemp -d) && mount -t tmpfs -o size=1m tmpfs \"$d\" 2>/dev/null && umount \"$d\" && rmdir \"$d\""
}

extension Scenes {
  /// Without room each process pauses, says so, can be ended at once, and goes on by itself to the same outcome.
  @Suite(.serialized, .enabled(if: FullDisk.isMountable, "skipped: file systems may not be mounted here"))
  struct Disk {
    private static let settings =
      Scene.tiny.filter { !$0.hasPrefix("evaluate.rescan") } + ["evaluate.rescan_s=0.2", "spool.high_water=1"]

    private func scene(_ name: String, _ disk: FullDisk?) throws -> Scene {
      try Scene(name, Disk.settings, disk: disk?.options ?? "size=256m")
    }

    private func waitForPause(_ scene: Scene, _ role: String, _ state: String) throws {
      try scene.wait(30, "\(role) is \(state): \(String(describing: scene.status(role)?["state"]))") {
        scene.status(role)?["state"]?.string == state
      }
      let message = scene.status(role)?["message"]?.string ?? ""
      #expect(message.contains("No space left on device") && message.contains("free space"), "\(role): \(message)")
    }

    /// The agent with a held intake and documents, or from there to its end.
    private func prepareAgent(_ scene: Scene) throws {
      try scene.shell("mkdir -p spool/control; touch spool/control/hold")
      try scene.dropDocuments(kilobytes: 300)
      try scene.drop("bad/a.txt", [UInt8](repeating: 1, count: 100))
    }

    @Test("the agent pauses on a full disk and goes on by itself", arguments: FullDisk.allCases)
    func agent(_ disk: FullDisk) throws {
      let reference = try scene("roomy", nil)
      try prepareAgent(reference)
      try reference.spool.remove("control/hold")
      try reference.digest()

      let scene = try scene("full", disk)
      try prepareAgent(scene)
      let agent = try scene.start(["agent"])
      defer { agent.kill() }
      try scene.wait(20, "held") { scene.status("agent")?["state"]?.string == "held" }
      try disk.fill(scene)
      try scene.shell("rm spool/control/hold")
      try waitForPause(scene, "agent", "paused")
      try endsAtOnce(scene, agent, "agent")
      #expect(scene.names("state/reserve").count < 8, "the reserve was used")
      // Started on a full disk it waits too.
      let again = try scene.start(["agent", "--until-idle", "--flush"])
      defer { again.kill() }
      try scene.wait(30, "it says so: \(scene.text(again.log.name))") { scene.text(again.log.name).contains("paused") }
      #expect(again.child.poll() == nil)
      try disk.free(scene)
      #expect(again.child.wait() == 0, "\(scene.text(again.log.name))")
      try SpoolOutcome(scene).expectSame(as: try SpoolOutcome(reference), "agent on a disk full in \(disk)")
      #expect(try scene.temporaries() == [])
      try scene.succeed("agent", "--until-idle")
      #expect(scene.names("state/reserve").count == 8, "the reserve is there again")
    }

    @Test("full while it works: the agent, never started again", arguments: [FullDisk.bytes])
    func agentInPlace(_ disk: FullDisk) throws {
      let reference = try scene("roomy", nil)
      try prepareAgent(reference)
      try reference.spool.remove("control/hold")
      try reference.digest()
      let scene = try scene("inplace", disk)
      try prepareAgent(scene)
      let agent = try scene.start(["agent", "--until-idle", "--flush"])
      defer { agent.kill() }
      try scene.wait(20, "held") { scene.status("agent")?["state"]?.string == "held" }
      try disk.fill(scene)
      try scene.shell("rm spool/control/hold")
      try waitForPause(scene, "agent", "paused")
      let told = scene.status("agent")?["time"]?.string
      try scene.wait(10, "status goes on") { scene.status("agent")?["time"]?.string != told }
      try disk.free(scene)
      #expect(agent.child.wait() == 0, "\(scene.text(agent.log.name))")
      #expect(scene.text(agent.log.name).contains("there is room again"))
      try SpoolOutcome(scene).expectSame(as: try SpoolOutcome(reference), "agent in place, full in \(disk)")
      #expect(try scene.temporaries() == [])
    }

    private func endsAtOnce(_ scene: Scene, _ running: Scene.Running, _ role: String) throws {
      let start = Clock.monotonic()
      #expect(running.stop() == 0, "\(role): \(scene.text(running.log.name))")
      let seconds = Clock.monotonic() - start
      #expect(seconds < 5, "\(role) took \(seconds) s to leave")
    }

    /// Blocks made in a roomy place, copied in.
    private func trained(_ name: String, _ disk: FullDisk?, from reference: Scene) throws -> Scene {
      let scene = try scene(name, disk)
      try scene.shell("cp -a '\(reference.root)/spool/.' spool/")
      return scene
    }

    @Test("the trainer pauses on a full disk and goes on to the same weights", arguments: FullDisk.allCases)
    func trainer(_ disk: FullDisk) throws {
      let blocks = try scene("blocks", nil)
      try blocks.dropDocuments(kilobytes: 300)
      try blocks.digest()
      let reference = try trained("roomy", nil, from: blocks)
      try reference.succeed("trainer", "--until-idle")

      let scene = try trained("full", disk, from: blocks)
      try scene.ask("pause", "at=step:20")
      let trainer = try scene.start(["trainer", "--until-idle"])
      defer { trainer.kill() }
      try scene.wait(30, "paused") { scene.status("trainer")?["state"]?.string == "paused" }
      try disk.fill(scene)
      try scene.shell("rm spool/control/pause")
      try waitForPause(scene, "trainer", "waiting_disk")
      try endsAtOnce(scene, trainer, "trainer")
      let again = try scene.start(["trainer", "--until-idle"])
      defer { again.kill() }
      try scene.wait(30, "it says so: \(scene.text(again.log.name))") { scene.text(again.log.name).contains("paused") }
      try disk.free(scene)
      #expect(again.child.wait() == 0, "\(scene.text(again.log.name))")
      try SpoolOutcome(scene).expectSame(as: try SpoolOutcome(reference), "trainer on a disk full in \(disk)")
      #expect(try scene.temporaries() == [])
      try everyStepIsTold(scene)
    }

    /// No line of the curves was torn or lost, whatever found no room.
    private func everyStepIsTold(_ scene: Scene) throws {
      let lines = try scene.spool.read("runs/main/metrics.jsonl").split(separator: 0x0A)
      let steps = try lines.map { try JSONParser.parse(Array($0))["step"]?.integer ?? -1 }
      #expect(Set(steps) == Set(1...(steps.max() ?? 0)))
    }

    @Test("the evaluator pauses on a full disk and keeps what it computed", arguments: FullDisk.allCases)
    func evaluator(_ disk: FullDisk) throws {
      let source = try scene("source", nil)
      try source.dropDocuments(kilobytes: 120)
      try KillSetting.suites(source)
      try source.digest()
      try source.succeed("trainer", "--until-idle")
      let reference = try trained("roomy", nil, from: source)
      try reference.succeed("evaluator", "--until-idle")

      let scene = try trained("full", disk, from: source)
      try disk.fill(scene)
      let evaluator = try scene.start(["evaluator", "--until-idle"])
      defer { evaluator.kill() }
      try scene.wait(30, "it says so: \(scene.text(evaluator.log.name))") {
        scene.text(evaluator.log.name).contains("paused")
      }
      try endsAtOnce(scene, evaluator, "evaluator")
      try disk.free(scene)
      // Now with its reserve and a status file: it can say it where people look.
      let suites = "cd spool/eval/suites"
      try scene.shell("\(suites); mv ppl/held.jsonl ppl/.held; mv probe/next.jsonl probe/.next")
      let again = try scene.start(["evaluator"])
      defer { again.kill() }
      try scene.wait(20, "idle") { scene.status("evaluator")?["state"]?.string == "idle" }
      try disk.fill(scene)
      try scene.shell("\(suites); mv ppl/.held ppl/held.jsonl; mv probe/.next probe/next.jsonl")
      try waitForPause(scene, "evaluator", "paused")
      try disk.free(scene)
      try scene.wait(60, "all results") {
        scene.status("evaluator")?["state"]?.string == "idle" && scene.status("evaluator")?["done"]?.integer ?? 0 > 0
      }
      #expect(again.stop() == 0)
      try SpoolOutcome(scene).expectSame(as: try SpoolOutcome(reference), "evaluator on a disk full in \(disk)")
      #expect(try scene.digests("eval/trends") == (try reference.digests("eval/trends")))
      #expect(try scene.temporaries() == [])
    }

    @Test(
      "high and low water: intake pauses, says which of bytes and inodes, and goes on", arguments: FullDisk.allCases)
    func waterMarks(_ disk: FullDisk) throws {
      let marks =
        Disk.settings.filter { !$0.hasPrefix("spool.high") } + ["spool.high_water=0.85", "spool.low_water=0.80"]
      let scene = try Scene("water", marks, disk: disk == .bytes ? "size=16m" : "size=64m,nr_inodes=1000")
      let agent = try scene.start(["agent"])
      defer { agent.kill() }
      try scene.wait(10, "idle") { scene.status("agent")?["state"]?.string == "idle" }
      let fill = disk == .bytes ? "head -c 14600000 /dev/zero >spool/.fill" : "mkdir spool/.f; touch spool/.f/{1..860}"
      try scene.shell(fill)
      try scene.wait(10, "paused") { scene.status("agent")?["state"]?.string == "paused" }
      let message = scene.status("agent")?["message"]?.string ?? ""
      #expect(message.contains("full in \(disk)") && message.contains("intake goes on below 80 %"), "\(message)")
      #expect(message.contains(disk == .bytes ? "MB free" : "of 1000 inodes free"), "\(message)")
      #expect(scene.text("spool/incoming/incoming.FULL").contains(message))
      try scene.drop("s/a.txt", "it waits")
      Clock.sleep(1.2)
      #expect(scene.count("s") == 0)
      // Between the marks nothing changes.
      try scene.shell(disk == .bytes ? "truncate -s 13700000 spool/.fill" : "rm spool/.f/8{10..60}")
      Clock.sleep(1.5)
      #expect(scene.status("agent")?["state"]?.string == "paused" && scene.count("s") == 0)
      try scene.shell("rm -r spool/.f*")
      try scene.wait(10, "goes on") { scene.count("s") == 1 }
      #expect(!scene.exists("incoming/incoming.FULL"))
      #expect(agent.stop() == 0)
    }

    /// For the soak: `up` works while the disk fills and empties at random moments.
    @Test(
      "a disk that fills and empties at random, in bytes and in inodes",
      .enabled(if: KillSetting.number("PRETRAIND_DISK_ROUNDS") != nil, "PRETRAIND_DISK_ROUNDS says how often"))
    func comesAndGoes() throws {
      let rounds = KillSetting.number("PRETRAIND_DISK_ROUNDS") ?? 0
      let seed = KillSetting.seed("\(rounds) rounds on a disk that fills and empties")
      var random = SeededRandom(seed)
      let settings = KillSetting.settings + ["spool.high_water=1"]
      let reference = try Scene("steady", settings)
      try KillSetting.prepare(reference, kilobytes: 2000, steps: (10, 90, 95), links: false)
      try reference.succeed("up", "--until-idle", "--flush")
      let right = try SpoolOutcome(reference)
      var fills = 0
      for round in 0..<rounds {
        let disk = FullDisk.allCases[random.below(2)]
        let scene = try Scene("tides", settings, disk: disk == .bytes ? "size=384m" : "size=384m,nr_inodes=8000")
        try KillSetting.prepare(scene, kilobytes: 2000, steps: (10, 90, 95), links: false)
        let up = try scene.start(["up", "--until-idle", "--flush"])
        defer { up.kill() }
        while up.child.poll() == nil {
          Clock.sleep(Double(random.below(1500)) / 1000)
          if up.child.poll() != nil { break }
          try disk.fill(scene)
          fills += 1
          Clock.sleep(Double(random.below(2500)) / 1000)
          try disk.free(scene)
        }
        let told = "seed \(seed), round \(round), full in \(disk)"
        #expect(up.child.wait() == 0, "\(told): \(scene.text(up.log.name))")
        try SpoolOutcome(scene).expectSame(as: right, told)
        #expect(try scene.temporaries() == [], "\(told)")
      }
      print("full disk: \(rounds) rounds, \(fills) times full, seed \(seed)")
    }
  }
}
