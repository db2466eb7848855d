import Bytes
import Glibc
import Posix
import Testing

extension Scenes {
  /// However a file comes, it is taken once and whole, and its text is what was dropped. With inotify or without, only
  /// latency changes.
  @Suite(.serialized) struct Intake {
    /// Text of a document that nothing normalises away.
    private static func story(_ name: String, lines: Int) -> String {
      (1...lines).map { "\(name), line \($0): the quick brown fox jumps over the lazy dog." }.joined(separator: "\n")
    }

    /// What is dropped and how: `incoming/NAME/...` gets exactly `files` documents of this text.
    private struct Drop {
      let source: String
      let files: Int
      let how: String
      var lines = 40
      var needs = "sh"
    }

    private static let drops = [
      // 2.4 s for a file that is quiet after 0.5: only the lease and the changing size protect it.
      Drop(
        source: "slow", files: 1, how: "(split -n 4 --filter='cat; sleep 0.8' outside/slow) >spool/incoming/slow/a.txt"),
      Drop(source: "copied", files: 1, how: "cp outside/copied spool/incoming/copied/a.txt"),
      Drop(source: "moved", files: 1, how: "mv outside/moved spool/incoming/moved/a.txt"),
      Drop(source: "linked", files: 1, how: "ln outside/linked spool/incoming/linked/a.txt"),
      Drop(source: "cplinked", files: 1, how: "cp -l outside/cplinked spool/incoming/cplinked/a.txt"),
      Drop(source: "rsynced", files: 1, how: "rsync -a outside/rsynced spool/incoming/rsynced/a.txt", needs: "rsync"),
      Drop(
        source: "inplace", files: 1, how: "rsync --inplace outside/inplace spool/incoming/inplace/a.txt", needs: "rsync"
      ),
      Drop(
        source: "tree", files: 3,
        how: "mkdir -p t/x/y; for f in t/a t/x/b t/x/y/c; do cp outside/tree $f.txt; done; mv t spool/incoming/tree/t"),
      Drop(
        source: "renamed", files: 1,
        how:
          "cd spool/incoming/renamed; cp ../../../outside/renamed a.txt.part; sleep 1.5; mv a.txt.part a.txt"
      ),
      Drop(source: "newline", files: 1, how: "cp outside/newline $'spool/incoming/newline/two\\nlines.txt'"),
      Drop(source: "notutf8", files: 1, how: "cp outside/notutf8 $'spool/incoming/notutf8/\\xff\\xfe.txt'"),
      Drop(source: "spaces", files: 1, how: "cp outside/spaces 'spool/incoming/spaces/ a  b '\\''\"$x;.txt'"),
    ]

    @Test("slow copies, moves, links, rsync, directories, odd names, 5,000 at once", arguments: [true, false])
    func everyWayIn(withEvents: Bool) throws {
      let scene = try Scene(withEvents ? "intake" : "poll")
      let drops = Intake.drops.filter { Scene.has($0.needs) }
      if drops.count < Intake.drops.count { print("skipped: rsync is not installed") }
      for drop in drops {
        try scene.folder.make("outside").publish(
          Path(drop.source), Array(Intake.story(drop.source, lines: drop.lines).utf8))
        _ = try scene.spool.make(Path("incoming/\(drop.source)"))
      }
      let agent = try scene.start(["agent"] + (withEvents ? [] : ["--no-inotify"]))
      defer { agent.kill() }
      try scene.wait(10, "the agent is there") { scene.status("agent")?["state"]?.string == "idle" }

      var hands = try drops.map { try Child.start(["bash", "-c", "cd '\(scene.root)' && set -e\n\($0.how)"]) }
      hands.append(
        try Child.start(["bash", "-c", "cd '\(scene.root)/spool/incoming' && mkdir many && " + Intake.manyFiles]))
      for (index, hand) in hands.enumerated() {
        let how = index < drops.count ? drops[index].how : "5,000 files"
        #expect(hand.wait() == 0, "the tool that copies must not see an error: \(how)")
      }
      for drop in drops {
        try scene.wait(20, "\(drop.source) taken") { scene.count(drop.source) >= drop.files }
      }
      try scene.wait(30, "5,000 small files taken") { scene.count("many") >= 5000 }
      // Whatever would be taken a second time gets its chance.
      Clock.sleep(1.5)
      #expect(agent.stop() == 0)

      let corpus = Dictionary(grouping: try scene.corpus(), by: \.source)
      for drop in drops {
        #expect(scene.count(drop.source) == drop.files, "\(drop.source)")
        let whole = Array(Intake.story(drop.source, lines: drop.lines).utf8)
        #expect(corpus[drop.source]?.count == drop.files, "\(drop.source)")
        #expect(
          corpus[drop.source]?.allSatisfy { $0.text == whole } == true, "\(drop.source): the text is what was dropped")
      }
      let many = corpus["many"]?.map { String(decoding: $0.text, as: UTF8.self) } ?? []
      #expect(scene.count("many") == 5000)
      #expect(Set(many) == Set((1...5000).map { "Small file number \($0) is short." }) && many.count == 5000)
      // A hard link's other name stays whole; nothing is left in incoming/ or state/.
      #expect(scene.text("outside/linked") == Intake.story("linked", lines: 40))
      #expect(try scene.digests("incoming").isEmpty)
      #expect(scene.names("state/claimed").isEmpty)
    }

    private static let manyFiles =
      "for i in {1..5000}; do printf 'Small file number %d is short.' $i >many/$i.txt; done"

    @Test("NAME.ok says that NAME is whole, though somebody holds it open", arguments: [true, false])
    func completionManifest(withEvents: Bool) throws {
      let scene = try Scene("ok")
      let agent = try scene.start(["agent"] + (withEvents ? [] : ["--no-inotify"]))
      defer { agent.kill() }
      try scene.wait(10, "the agent is there") { scene.status("agent")?["state"]?.string == "idle" }
      let text = Array(Intake.story("sure", lines: 10).utf8)
      let digest = Hex.encode(Digest.sha256(text))
      try scene.folder.publish("text", text)
      // Both are held open for writing as long as the shell lives; only one has a manifest.
      let holder = try Child.start([
        "bash", "-c",
        "cd '\(scene.root)/spool/incoming' && mkdir ok && exec 3>ok/sure.txt 4>ok/open.txt && cat '\(scene.root)/text' >&3 && "
          + "cat '\(scene.root)/text' >&4 && echo '\(text.count) \(digest)' >ok/sure.txt.ok && exec sleep 60",
      ])
      defer { holder.signal(SIGKILL) }
      try scene.wait(5, "taken at once") { scene.count("ok") == 1 }
      Clock.sleep(1.5)
      #expect(scene.count("ok") == 1, "the other one is still being written")
      #expect(try scene.corpus().map(\.text) == [text])
      holder.signal(SIGKILL)
      _ = holder.wait()
      try scene.wait(10, "closed at last") { scene.count("ok") == 2 }
      #expect(agent.stop() == 0)
      #expect(scene.names("incoming/ok").isEmpty, "the manifest goes with its file")
    }

    @Test("temporary names are left alone, and why says so")
    func temporaryNames() throws {
      let scene = try Scene("names")
      let names = [
        ".hidden.txt", "a.txt~", "a.tmp", "a.part", "a.partial", "a.filepart", "a.crdownload", "a.swp", "a.lock",
      ]
      for name in names { try scene.drop(Path("s/\(name)"), "not yet") }
      try scene.drop("s/done.txt", "this one is whole")
      try scene.digest()
      #expect(scene.count("s") == 1)
      #expect(try scene.digests("incoming").count == names.count)
      for name in names {
        #expect(try scene.succeed("why", name).output.contains("rename it when it is complete"), "\(name)")
      }
    }

    @Test("control/hold: no file is taken while it is there")
    func hold() throws {
      let scene = try Scene("hold")
      try scene.shell("mkdir spool/control; touch spool/control/hold")
      let agent = try scene.start(["agent"])
      defer { agent.kill() }
      try scene.wait(10, "held") { scene.status("agent")?["state"]?.string == "held" }
      try scene.drop("s/a.txt", "waits")
      Clock.sleep(1.5)
      #expect(scene.count("s") == 0 && scene.exists("incoming/s/a.txt"))
      try scene.spool.remove("control/hold")
      try scene.wait(10, "taken when hold is gone") { scene.count("s") == 1 }
      #expect(agent.stop() == 0)
    }
  }
}
