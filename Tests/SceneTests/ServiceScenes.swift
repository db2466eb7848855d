import Bytes
import Glibc
import Posix
import Testing

extension Scenes {
  /// What systemd, a terminal and a person with `kill` see: readiness, signs of life, an orderly end.
  @Suite(.serialized) struct Service {
    private static let roles = ["agent", "trainer", "evaluator"]
    private static let everything = roles + ["up"]

    @Test(
      "READY, STATUS, pings while it works, none while it is stopped, STOPPING",
      arguments: zip(everything, [true, false, true, false]))
    func notifications(_ role: String, abstract: Bool) throws {
      let scene = try Scene("notify", Scene.tiny)
      let socket = try NotifySocket(abstract ? "@\(scene.root.name)" : "\(scene.root)/notify")
      let running = try scene.start(
        [role], environment: ["NOTIFY_SOCKET=\(socket.name)", "WATCHDOG_USEC=1200000"])
      defer { running.kill() }
      socket.listen(20) { socket.has("READY=1") }
      try #require(socket.has("READY=1"), "\(role): \(scene.text(running.log.name))")
      #expect(socket.lines.first { $0.text.hasPrefix("STATUS=") }?.text.count ?? 0 > "STATUS=".count)
      let before = socket.count("WATCHDOG=1")
      let start = Clock.monotonic()
      socket.listen(20) { socket.count("WATCHDOG=1") >= before + 5 }
      #expect(socket.count("WATCHDOG=1") >= before + 5, "\(role) shows that it lives")
      // Each quarter of the time, not at every turn of its loop.
      #expect(Clock.monotonic() - start > 0.9, "\(role): five pings, 0.3 s apart")
      #expect(!socket.has("EXTEND_TIMEOUT_USEC") || socket.place("EXTEND_TIMEOUT_USEC") < socket.place("READY=1"))

      running.child.signal(SIGSTOP)
      socket.listen(0.3)
      socket.forget()
      socket.listen(1.2)
      #expect(!socket.has("WATCHDOG=1"), "a stopped \(role) shows no life")
      running.child.signal(SIGCONT)
      socket.listen(20) { socket.has("WATCHDOG=1") }
      #expect(socket.has("WATCHDOG=1"))
      let asked = Clock.monotonic()
      #expect(running.stop() == 0)
      #expect(Clock.monotonic() - asked < 2, "an idle \(role) leaves in less than two seconds")
      socket.listen(1) { socket.has("STOPPING=1") }
      #expect(socket.has("STOPPING=1"))
    }

    @Test("a watchdog meant for another process is not fed, and programs we start know nothing of it")
    func othersWatchdog() throws {
      let scene = try Scene("others", Scene.tiny)
      let socket = try NotifySocket("@\(scene.root.name)")
      let running = try scene.start(
        ["up"], environment: ["NOTIFY_SOCKET=\(socket.name)", "WATCHDOG_USEC=200000", "WATCHDOG_PID=1"])
      defer { running.kill() }
      socket.listen(20) { socket.has("READY=1") }
      try scene.wait(20, "all three work") { Service.roles.allSatisfy { scene.status($0)?["state"] != nil } }
      socket.listen(1)
      #expect(!socket.has("WATCHDOG=1"))
      #expect(socket.count("READY=1") == 1, "agent, trainer and evaluator below `up` do not speak for it")
      #expect(running.stop() == 0)
    }

    @Test("V2: waiting for room before it is ready asks for more time", .enabled(if: FullDisk.isMountable))
    func longStart() throws {
      let scene = try Scene("long", Scene.tiny, disk: "size=1m")
      try FullDisk.bytes.fill(scene)
      let socket = try NotifySocket("@\(scene.root.name)")
      let running = try scene.start(["agent"], environment: ["NOTIFY_SOCKET=\(socket.name)", "WATCHDOG_USEC=30000000"])
      defer { running.kill() }
      socket.listen(20) { socket.count("EXTEND_TIMEOUT_USEC=") >= 3 }
      #expect(socket.count("EXTEND_TIMEOUT_USEC=") >= 3 && !socket.has("READY=1"))
      #expect(socket.has("STATUS=paused: "))
      try FullDisk.bytes.free(scene)
      socket.listen(20) { socket.has("READY=1") }
      #expect(socket.has("READY=1"))
      #expect(running.stop() == 0)
    }

    /// The longest time without a ping, from READY=1 to STOPPING=1.
    private func longestSilence(_ socket: NotifySocket) throws -> Double {
      let start = try #require(socket.lines.first { $0.text == "READY=1" }?.time)
      let end = try #require(socket.lines.last?.time)
      let pings = socket.lines.filter { $0.text == "WATCHDOG=1" && $0.time >= start }.map(\.time)
      return zip([start] + pings, pings + [end]).map { $1 - $0 }.max() ?? end - start
    }

    @Test("a converter that is silent for longer than the watchdog allows is waited for, with signs of life")
    func silentConverter() throws {
      let scene = try Scene("silent", Scene.plain + ["read.convert_s=30"])
      try scene.shell(
        """
        mkdir bin; printf '#!/bin/sh\nsleep 4\n/usr/bin/gzip "$@"\nsleep 3\n' >bin/gzip; chmod +x bin/gzip
        printf 'A text that takes its time.' | /usr/bin/gzip -c >outside/a.txt.gz; mkdir spool/incoming/s
        cp outside/a.txt.gz spool/incoming/s/
        """)
      let socket = try NotifySocket("@\(scene.root.name)")
      let running = try scene.start(
        ["agent", "--until-idle"],
        environment: [
          "PATH=\(scene.root)/bin:/usr/bin:/bin", "NOTIFY_SOCKET=\(socket.name)", "WATCHDOG_USEC=2000000",
        ])
      defer { running.kill() }
      socket.listen(60) { socket.has("STOPPING=1") }
      #expect(running.child.wait() == 0)
      #expect(scene.count("s") == 1, "\(scene.text(running.log.name))")
      let silence = try longestSilence(socket)
      #expect(silence < 2, "\(silence) s without a sign of life")
    }

    @Test("at full work each role is heard of more often than a watchdog of a second wants")
    func busyWatchdog() throws {
      let scene = try Scene("pings", KillSetting.settings)
      try KillSetting.prepare(scene, kilobytes: 1500, steps: (10, 30, 40))
      for role in Service.roles {
        let socket = try NotifySocket("@\(scene.root.name)-\(role)")
        let words = role == "agent" ? [role, "--until-idle", "--flush"] : [role, "--until-idle"]
        let running = try scene.start(words, environment: ["NOTIFY_SOCKET=\(socket.name)", "WATCHDOG_USEC=1000000"])
        defer { running.kill() }
        socket.listen(120) { socket.has("STOPPING=1") || running.child.poll() != nil }
        #expect(running.child.wait() == 0, "\(role): \(scene.text(running.log.name))")
        let silence = try longestSilence(socket)
        print("\(role): longest silence \(silence) s")
        #expect(silence < 1, "\(role): \(silence) s without a sign of life")
      }
    }

    @Test("SIGHUP is answered to the manager: RELOADING=1 with its time, then READY=1", arguments: everything)
    func reloadNotifications(_ role: String) throws {
      let scene = try Scene("hup", Scene.tiny)
      let configuration = [
        "{train: {peak_lr: 0.001}}", "{train: {peak_lr: 0.002}, compose: {seed: 5}, evaluate: {every: 2}}",
      ]
      try scene.folder.replaceFile("conf.json5", with: Array(configuration[0].utf8))
      let socket = try NotifySocket("@\(scene.root.name)")
      let running = try scene.start(
        [role, "--config", "\(scene.root)/conf.json5"], environment: ["NOTIFY_SOCKET=\(socket.name)"])
      defer { running.kill() }
      socket.listen(20) { socket.has("READY=1") }
      for text in configuration {
        try scene.folder.replaceFile("conf.json5", with: Array(text.utf8))
        socket.forget()
        let before = Int(Clock.monotonic() * 1e6)
        running.child.signal(SIGHUP)
        socket.listen(20) { socket.has("READY=1") }
        #expect(socket.place("RELOADING=1") < socket.place("READY=1"), "\(text): \(socket.lines)")
        let times = socket.lines.filter { $0.text.hasPrefix("MONOTONIC_USEC=") }.compactMap {
          Int($0.text.dropFirst(15))
        }
        #expect(!times.isEmpty && times.allSatisfy { $0 >= before && $0 <= Int(Clock.monotonic() * 1e6) }, "\(times)")
        #expect(socket.count("READY=1") == 1)
      }
      #expect(running.child.poll() == nil, "the same process")
      #expect(running.stop() == 0)
    }

    /// A scene with documents, suites and a trainer that has something to do.
    private func work() throws -> Scene {
      let scene = try Scene("busy", KillSetting.settings)
      try KillSetting.prepare(scene, kilobytes: 1000, steps: (10, 90, 95))
      return scene
    }

    /// In the middle of what each does.
    private func isBusy(_ scene: Scene, _ role: String) -> Bool {
      switch role {
      case "agent": (scene.status("agent")?["batches"]?.integer ?? 0) > 0
      case "trainer": (scene.status("trainer")?["window"]?.integer ?? 0) > 0
      default: scene.status("evaluator")?["state"]?.string == "evaluating"
      }
    }

    @Test("SIGTERM in the middle of the work: it ends in order, and nothing is different afterwards")
    func drains() throws {
      let reference = try work()
      try reference.succeed("up", "--until-idle", "--flush")
      let right = try SpoolOutcome(reference)
      let scene = try work()
      for role in Service.roles {
        let running = try scene.start([role])
        defer { running.kill() }
        try scene.wait(60, "\(role) is busy") { isBusy(scene, role) }
        try ends(scene, running, role)
        if role == "agent" { try scene.digest() }
        if role == "trainer" {
          // The state it had in hand is in a checkpoint: the next start has nothing to compute again.
          #expect(isSaved(scene))
          try scene.succeed("trainer", "--until-idle")
        }
      }
      try scene.succeed("up", "--until-idle", "--flush")
      try SpoolOutcome(scene).expectSame(as: right, "after three drains")
      #expect(try scene.temporaries() == [])
    }

    @Test("up: SIGTERM, and an interrupt from the keyboard, end all three in order", arguments: [SIGTERM, SIGINT])
    func upDrains(_ signal: Int32) throws {
      let scene = try work()
      let running = try scene.start(["up", "--until-idle", "--flush"], prefix: ["setsid", "--wait"])
      defer { running.kill() }
      try scene.wait(60, "the trainer is busy") { isBusy(scene, "trainer") }
      let process = try #require(scene.holder(of: "trainer"))
      let group = getpgid(process)
      try #require(group > 1 && group != getpgid(0))
      let start = Clock.monotonic()
      // A keyboard interrupts the whole group; TERM goes to `up` alone.
      Glibc.kill(signal == SIGINT ? -group : group, signal)
      #expect(running.child.wait() == 0, "\(scene.text(running.log.name))")
      #expect(Clock.monotonic() - start < 60)
      #expect(isSaved(scene))
      let last = try Scene.log(scene.spool.read("runs/main/ledger.jsonl")).last
      #expect(last?["kind"]?.string == "stop", "the trainer left in order")
      for role in Service.roles { #expect(scene.holder(of: role).map { Glibc.kill($0, 0) } == -1, "\(role) is gone") }
    }

    @Test("a second SIGTERM does not wait for the work in hand")
    func secondSignal() throws {
      let scene = try Scene("second", Scene.tiny)
      let running = try scene.start(["up"])
      defer { running.kill() }
      try scene.wait(20, "all three work") { Service.roles.allSatisfy { scene.status($0)?["state"] != nil } }
      let agent = try #require(scene.holder(of: "agent"))
      Glibc.kill(agent, SIGSTOP)
      running.child.signal(SIGTERM)
      Clock.sleep(1)
      #expect(running.child.poll() == nil, "it waits for its agent")
      running.child.signal(SIGTERM)
      #expect(running.child.wait() == 130)
      try scene.wait(5, "nobody is left behind") { Glibc.kill(agent, 0) != 0 }
    }

    /// HEAD names the very step the trainer came to.
    private func isSaved(_ scene: Scene) -> Bool {
      scene.step > 0 && scene.json("runs/main/HEAD.json")?["step"]?.integer == scene.step
    }

    private func ends(_ scene: Scene, _ running: Scene.Running, _ role: String) throws {
      let start = Clock.monotonic()
      #expect(running.stop() == 0, "\(role): \(scene.text(running.log.name))")
      #expect(Clock.monotonic() - start < 60, "\(role): a minute is the most")
    }
  }
}

extension Scene {
  /// The process that holds a role.
  func holder(of role: String) -> pid_t? {
    json(Path("state/leases/\(role).json"))?["pid"]?.integer.flatMap { pid_t(exactly: $0) }
  }
}
