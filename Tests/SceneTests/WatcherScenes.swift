import Bytes
import Glibc
import Posix
import Testing

extension Scenes {
  /// Events may be lost, limited, late or absent: the scan finds every file, and status says how files are noticed.
  @Suite(.serialized) struct Watching {
    private func watcher(_ scene: Scene) -> String { scene.status("agent")?["watcher"]?.string ?? "" }

    private func started(_ scene: Scene, _ words: [String] = [], prefix: [String] = []) throws -> Scene.Running {
      let agent = try scene.start(["agent"] + words, prefix: prefix)
      try scene.wait(20, "the agent is there") { scene.status("agent")?["state"]?.string == "idle" }
      return agent
    }

    @Test("20,000 files while the agent is stopped: the queue overflows, all are taken once")
    func overflow() throws {
      let scene = try Scene("overflow")
      let agent = try started(scene)
      defer { agent.kill() }
      agent.child.signal(SIGSTOP)
      try scene.shell(
        "cd spool/incoming; mkdir many; for i in {1..20000}; do printf 'Number %d.' $i >many/$i.txt; done")
      agent.child.signal(SIGCONT)
      try scene.wait(60, "all taken") { scene.count("many") >= 20_000 }
      Clock.sleep(1)
      #expect(agent.stop() == 0)
      #expect(scene.count("many") == 20_000 && scene.names("incoming/many").isEmpty)
      #expect(try Set(scene.corpus().map(\.text)).count == 20_000)
    }

    @Test("more folders than watches: said in status, found by scans, healed when there are fewer")
    func watchLimit() throws {
      if Scene.polls { return print("skipped: it is about inotify") }
      let scene = try Scene("watches", Scene.plain + ["spool.max_watches=4"])
      try scene.shell("mkdir -p spool/incoming/s/{a,b,c,d,e,f}")
      let agent = try started(scene)
      defer { agent.kill() }
      try scene.wait(10, "it says so") { watcher(scene).contains("spool.max_watches") }
      try scene.shell("for d in a b c d e f; do echo text $d >spool/incoming/s/$d/a.txt; done")
      try scene.wait(20, "all taken") { scene.count("s") == 6 }
      try scene.shell("rmdir spool/incoming/s/[a-f]")
      try scene.wait(20, "healed") { watcher(scene) == "inotify" }
      #expect(agent.stop() == 0)
    }

    /// Limits of this kernel are lowered for one process alone, in a user namespace of its own.
    private static let limits = [
      (name: "max_inotify_instances", few: 0, said: "fs.inotify.max_user_instances"),
      (name: "max_inotify_watches", few: 2, said: "fs.inotify.max_user_watches"),
    ]

    @Test(
      "no inotify instance or watch left: polling, said in status, and armed again when there is room",
      arguments: limits)
    func kernelLimit(limit: (name: String, few: Int, said: String)) throws {
      if Scene.polls { return print("skipped: it is about inotify") }
      let file = "/proc/sys/user/\(limit.name)"
      guard Scene.has("nsenter"),
        try Child.start(["unshare", "-Ur", "sh", "-c", "echo 0 2>/dev/null >\(file)"]).wait() == 0
      else { return print("skipped: user namespaces are not allowed here") }
      let scene = try Scene("limit", Scene.plain + ["spool.rescan_s=1"])
      try scene.shell("mkdir -p spool/incoming/s/{a,b,c}")
      let agent = try started(
        scene, prefix: ["unshare", "-Ur", "sh", "-c", "echo \(limit.few) >\(file); exec \"$@\"", "sh"])
      defer { agent.kill() }
      try scene.wait(10, "it says so") { watcher(scene).contains(limit.said) }
      try scene.drop("s/c/a.txt", "found by a scan")
      try scene.wait(20, "taken") { scene.count("s") == 1 }
      let raise = [
        "nsenter", "-t", "\(agent.child.process)", "-U", "--preserve-credentials", "sh", "-c", "echo 100 >\(file)",
      ]
      #expect(try Child.start(raise).wait() == 0)
      try scene.wait(20, "armed again") { watcher(scene) == "inotify" }
      #expect(agent.stop() == 0)
    }

    @Test("folders renamed, deleted and made anew, incoming/ itself replaced or gone", arguments: [true, false])
    func replaced(withEvents: Bool) throws {
      let scene = try Scene("replaced", Scene.plain + ["spool.rescan_s=1", "spool.quiet_ms=100"])
      try scene.shell("mkdir -p spool/incoming/{a,b}/x")
      let agent = try started(scene, withEvents ? [] : ["--no-inotify"])
      defer { agent.kill() }
      func bring(_ script: String, _ source: String, _ count: Int) throws {
        try scene.shell("cd spool\n" + script)
        try scene.wait(20, "\(source): \(script)") { scene.count(source) == count }
      }
      try bring("mv incoming/a incoming/c; echo one >incoming/c/x/1.txt", "c", 1)
      try bring("mkdir -p incoming/a/x; echo two >incoming/a/x/2.txt", "a", 1)
      try bring("rm -r incoming/b; mkdir -p incoming/b/x; echo three >incoming/b/x/3.txt", "b", 1)
      try bring("mv incoming old; mkdir -p incoming/d; echo four >incoming/d/4.txt", "d", 1)
      try bring("echo five >incoming/d/5.txt", "d", 2)
      try bring("rm -r incoming; sleep 1.5; mkdir -p incoming/e; echo six >incoming/e/6.txt", "e", 1)
      if withEvents && !Scene.polls { #expect(watcher(scene) == "inotify") }
      #expect(agent.stop() == 0)
      #expect(try scene.corpus().count == 6)
    }

    /// Somebody writes behind a FUSE mount, or into the upper side of an overlay: no events, no leases that mean
    /// anything.
    private static let mounts: [(name: String, mount: String, writeTo: String, needs: String)] = [
      ("FUSE", "mkdir far; bindfs far spool/incoming", "far", "bindfs"),
      (
        "overlay",
        "mkdir lower far work; mount -t overlay overlay -o lowerdir=lower,upperdir=far,workdir=work spool/incoming",
        "far",
        "mount"
      ),
    ]

    @Test(
      "behind a FUSE mount and an overlay, which stand for NFS: two looks agree, a slow writer is waited for",
      arguments: [0, 1])
    func shared(index: Int) throws {
      let (name, mount, far, needs) = Watching.mounts[index]
      let scene = try Scene("shared", Scene.plain + ["spool.poll_settle_s=1.5", "spool.quiet_ms=100"])
      guard Scene.has(needs),
        try Child.start(["sh", "-c", "cd '\(scene.root)' && { \(mount); } 2>/dev/null"]).wait() == 0
      else {
        return print("skipped: \(name) mounts are not allowed here, or \(needs) is missing (tools/deps scenes)")
      }
      defer { _ = try? Child.start(["umount", "-l", "\(scene.root)/spool/incoming"]).wait() }
      let agent = try started(scene)
      defer { agent.kill() }
      #expect(watcher(scene).contains(Scene.polls ? "--no-inotify" : name))
      // The far writer pauses for less than the settle time, and for more than the quiet time.
      try scene.shell(
        "mkdir \(far)/s; echo whole >\(far)/s/a.txt; (for i in 1 2 3 4; do echo line $i; sleep 0.5; done) >\(far)/s/slow.txt"
      )
      try scene.shell("echo near >spool/incoming/s/b.txt; printf far >$'\(far)/s/\\xff.txt'")
      try scene.wait(40, "all taken") { scene.count("s") >= 4 }
      Clock.sleep(1)
      #expect(agent.stop() == 0)
      let texts = try scene.corpus().map { String(decoding: $0.text, as: UTF8.self) }
      #expect(texts.sorted() == ["far", "line 1\nline 2\nline 3\nline 4\n", "near\n", "whole\n"])
      #expect(scene.names("incoming/s").isEmpty)
    }

    @Test("what is not taken is told with its reason, in status and by why, whether the agent runs or not")
    func notTaken() throws {
      let scene = try Scene(
        "told", Scene.plain + ["spool.report_s=1", "spool.rescan_s=0.5", "spool.poll_settle_s=0.5"])
      try scene.drop("s/a.txt.part", "x")
      try scene.drop("s/sum.txt", "abc")
      try scene.drop("s/sum.txt.ok", "3 \(String(repeating: "0", count: 64))")
      try scene.drop("s/alone.txt.ok", "3 \(String(repeating: "0", count: 64))")
      try scene.drop("wrong/.source.json5", "{channl: 'en'}")
      try scene.drop("wrong/a.txt", "x")
      try scene.drop("s/bad.txt", [])
      let writer = try Child.start(["bash", "-c", "exec 3>'\(scene.root)/spool/incoming/s/open.txt'; exec sleep 60"])
      defer { writer.signal(SIGKILL) }
      let expected = [
        ("s/a.txt.part", "rename it when it is complete"), ("s/sum.txt", "SHA-256"), ("s/alone.txt.ok", "not there"),
        ("wrong/a.txt", "channl"), ("s/open.txt", "open for writing"),
      ]
      let agent = try started(scene)
      defer { agent.kill() }
      try scene.wait(20, "all are told") { scene.status("agent")?["not_taken_count"]?.integer == expected.count }
      for (file, because) in expected {
        let entry = scene.status("agent")?["not_taken"]?.array?.first { $0["file"]?.string == file }
        #expect(entry?["because"]?.string?.contains(because) == true && entry?["since"]?.string != nil, "\(file)")
        if !file.hasSuffix(".ok") { #expect(try scene.succeed("why", file).output.contains(because), "\(file)") }
      }
      #expect(try scene.succeed("status").output.contains("s/a.txt.part because"))
      let why = try scene.succeed("why", "bad.txt").output
      #expect(why.contains("rejected/s/bad.txt.reason.json"), "\(why)")
      try scene.shell("touch spool/control/hold")
      try scene.drop("s/held.txt", "x")
      try scene.wait(20, "held") {
        scene.status("agent")?["not_taken"]?.array?.contains {
          $0["file"]?.string == "s/held.txt" && $0["because"]?.string?.contains("hold") == true
        } == true
      }
      #expect(agent.stop() == 0)
      #expect(try scene.succeed("why", "s/held.txt").output.contains("the agent does not run"))
      #expect(try scene.succeed("why", "\(scene.root)/spool/incoming/wrong/a.txt").output.contains("channl"))
    }
  }
}
