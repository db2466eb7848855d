import Bytes
import Glibc
import Posix
import Testing

extension Scenes {
  /// Names, links, devices and other people's permissions: nothing is followed, nothing is lost, every input is in
  /// exactly one place, and what is not used has its reason.
  @Suite(.serialized) struct Hostile {
    /// Made below `incoming/s/`; `$O` is a folder outside.
    private struct Drop {
      let how: String
      /// Documents that come of it.
      var used: [String] = []
      /// Names below `rejected/s/` that come of it.
      var rejected: [String] = []
    }

    private static let long = String(repeating: "n", count: 251)
    private static let drops = [
      Drop(how: "ln -s $O/secret.txt link.txt", rejected: ["link.txt"]),
      Drop(how: "ln -s nowhere dangling.txt", rejected: ["dangling.txt"]),
      Drop(how: "ln -s loop.txt loop.txt", rejected: ["loop.txt"]),
      Drop(how: "ln -s $O linked-folder", rejected: ["linked-folder"]),
      Drop(how: "ln -s .. up", rejected: ["up"]),
      Drop(how: "ln $O/shared.txt hard.txt", used: ["shared"]),
      Drop(how: "mkfifo pipe.txt", rejected: ["pipe.txt"]),
      Drop(how: "python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"sock.txt\")'", rejected: ["sock.txt"]),
      Drop(how: "mknod null.txt c 1 3 2>/dev/null || ln -s x null.txt", rejected: ["null.txt"]),
      Drop(how: "printf one >$'new\\nline.txt'", used: ["one"]),
      Drop(how: "printf two >\"quote'\\\"\\\\.txt\"", used: ["two"]),
      Drop(how: "printf three >$'\\xff\\xfe.txt'", used: ["three"]),
      Drop(how: "printf four >./-rf.txt; printf five >'  spaces  .txt'", used: ["four", "five"]),
      Drop(how: "printf six >$'caf\\u00e9.txt'; printf seven >$'cafe\\u0301.txt'", used: ["six", "seven"]),
      Drop(how: "printf eight >\(long).txt", used: ["eight"]),
      Drop(how: ": >\(long).bad", rejected: [Hostile.shortened]),
      Drop(how: ": >empty.txt", rejected: ["empty.txt"]),
      Drop(how: "mkdir x.jsonl; printf nine >x.jsonl/a.txt", used: ["nine"]),
      Drop(how: "printf ten >$'%41 \\xe2\\x80\\xae.txt'", used: ["ten"]),
      Drop(how: "printf x >.source.json5.tmp; rm .source.json5.tmp"),
    ]
    private static let shortened =
      "\(String(repeating: "n", count: 215 - 17 - 4))~\(Hex.encode(Array(Digest.sha256(Array("\(long).bad".utf8)).prefix(8)))).bad"

    @Test("links, pipes, devices, odd names: nothing followed, nothing lost", arguments: [true, false])
    func oddThings(withEvents: Bool) throws {
      let scene = try Scene("hostile")
      try scene.shell(
        "printf 'the secret' >outside/secret.txt; printf shared >outside/shared.txt; mkdir -p spool/incoming/s")
      if withEvents {
        for drop in Hostile.drops { try make(drop, scene) }
        try scene.digest()
      } else {
        let agent = try scene.start(["agent", "--no-inotify"])
        defer { agent.kill() }
        for drop in Hostile.drops { try make(drop, scene) }
        let all = Hostile.drops.reduce(0) { $0 + $1.used.count + $1.rejected.count }
        try scene.wait(30, "all of them") { scene.count("s") >= all }
        #expect(agent.stop() == 0)
      }
      let texts = try scene.corpus().map { String(decoding: $0.text, as: UTF8.self) }
      #expect(texts.sorted() == Hostile.drops.flatMap(\.used).sorted())
      let rejected = Set(scene.names("rejected/s"))
      for name in Hostile.drops.flatMap(\.rejected) {
        #expect(rejected.contains(name) && rejected.contains(name + ".reason.json"), "\(name) with its reason")
      }
      #expect(rejected.count == 2 * Hostile.drops.flatMap(\.rejected).count)
      #expect(try scene.digests("incoming").isEmpty && scene.names("incoming/s") == ["x.jsonl"])
      #expect(scene.names("state/claimed").isEmpty)
      #expect(scene.text("outside/secret.txt") == "the secret" && scene.text("outside/shared.txt") == "shared")
    }

    private func make(_ drop: Drop, _ scene: Scene) throws {
      try scene.shell("O=$PWD/outside; cd spool/incoming/s\n\(drop.how)")
    }

    @Test("a folder with the name of a rejected file or link, folders too deep, a path too long")
    func conflicts() throws {
      let scene = try Scene("conflicts")
      try scene.drop("s/a", "no ending")
      try scene.shell("ln -s ../../outside spool/incoming/s/b")
      try scene.digest()
      #expect(scene.exists("rejected/s/a") && scene.exists("rejected/s/b"))
      try scene.drop("s/a/c.bad", "no reader")
      try scene.drop("s/b/c.bad", "no reader")
      let deep = (0..<40).map { _ in "d" }.joined(separator: "/")
      try scene.drop(Path("s/\(deep)/a.txt"), "too deep")
      let wide = (0..<20).map { _ in String(repeating: "w", count: 200) }
      try scene.shell(
        "cd spool/incoming/s\n" + wide.map { "mkdir \($0) && cd \($0)" }.joined(separator: "\n") + "\necho x >a.txt")
      try scene.digest()
      #expect(scene.exists("rejected/s/a.2/c.bad") && scene.exists("rejected/s/b.2/c.bad"))
      #expect(scene.text("outside/c.bad") == "", "nothing is written through the link")
      #expect(scene.count("s") == 4)
      #expect(scene.exists(Path("incoming/s/\(deep)/a.txt")))
      let because = scene.status("agent")?["not_taken"]?.array?.compactMap { $0["because"]?.string } ?? []
      #expect(because.isEmpty, "not yet a minute old")
      #expect(
        try scene.succeed("why", "incoming/s/" + Array(repeating: "d", count: 32).joined(separator: "/")).output
          .contains("folders deep"))
    }

    @Test("a folder that becomes a link while its file is taken: nothing outside moves")
    func swappedFolder() throws {
      let scene = try Scene("swap")
      try scene.drop("w/warm.txt", "up")
      let agent = try scene.start(["agent"])
      defer { agent.kill() }
      try scene.wait(20, "the agent is there") { scene.count("w") == 1 }
      try scene.shell("for i in {1..40}; do printf 'outside %d' $i >outside/$i.txt; done")
      try scene.shell(
        """
        cd spool/incoming; end=$((SECONDS + 2))
        while [ $SECONDS -lt $end ]; do
          mkdir d; for i in {1..40}; do ln ../../outside/$i.txt d/$i.txt; done; sleep 0.4$((RANDOM % 10))
          mv d .gone; ln -s ../../outside d; sleep 0.1; rm d; rm -rf .gone
        done
        """)
      #expect(agent.stop() == 0)
      #expect(try scene.folder.open("outside").names().count == 40)
      #expect((1...40).allSatisfy { scene.text(Path("outside/\($0).txt")) == "outside \($0)" })
    }

    @Test("the same folder by two paths (bind mount): each file once")
    func bindCycle() throws {
      let scene = try Scene("bind")
      try scene.shell("mkdir -p spool/incoming/s/inner spool/incoming/z")
      let at = "\(scene.root)/spool/incoming/s/inner"
      guard
        try Child.start(["sh", "-c", "mount --bind '\(scene.root)/spool/incoming' '\(at)' 2>/dev/null"]).wait() == 0
      else {
        return print("skipped: mounting is not allowed here")
      }
      defer { _ = try? Child.start(["umount", "-l", at]).wait() }
      let agent = try scene.start(["agent"])
      defer { agent.kill() }
      try scene.wait(20, "the agent is there") { scene.status("agent")?["state"]?.string == "idle" }
      try scene.shell(
        "for i in {1..20}; do printf 'text %d' $i >spool/incoming/z/$i.txt; printf 'more %d' $i >spool/incoming/a$i.txt; done"
      )
      try scene.wait(20, "all taken") { (try? scene.digests("incoming").isEmpty) == true }
      Clock.sleep(1)
      #expect(agent.stop() == 0)
      #expect(try scene.corpus().count == 40)
      #expect(Set(try scene.corpus().map(\.text)).count == 40)
    }
  }
}
