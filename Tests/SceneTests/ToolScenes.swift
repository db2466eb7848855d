import Bytes
import Glibc
import Posix
import Testing

extension Scenes {
  /// The programs people copy with, against a running agent: none of them sees an error because of us, each file is
  /// taken once, whole, and no temporary is. `PRETRAIND_TOOL_RUNS` repeats each (2; the soak takes 100).
  @Suite(.serialized) struct Tools {
    /// One program and what it is called with: `$S` is the file to bring, `$D` its folder under incoming/, `$W` a
    /// folder of its own on the same file system, `$X` one on another.
    struct Tool {
      let name: String
      let how: String
      var needs: [String] = []
      var files = 1
    }

    private static let copies = [
      Tool(name: "cp", how: "cp $S $D/a.txt"),
      Tool(name: "cp-p", how: "cp -p $S $D/a.txt"),
      Tool(name: "cp-l", how: "cp -l $S $D/a.txt"),
      Tool(name: "ln", how: "ln $S $D/a.txt"),
      Tool(name: "mv", how: "cp $S $W/m; mv $W/m $D/a.txt"),
      Tool(name: "mv-other-fs", how: "cp $S $X/m; mv $X/m $D/a.txt"),
      Tool(name: "install", how: "install -m 640 $S $D/a.txt"),
      Tool(name: "cat", how: "cat $S >$D/a.txt"),
      Tool(name: "dd", how: "dd if=$S of=$D/a.txt bs=4k status=none"),
      Tool(name: "tee", how: "tee $D/a.txt <$S >/dev/null"),
      Tool(name: "tar", how: "cp $S $W/a.txt; tar -C $W -cf $W/t.tar a.txt; tar -C $D -xf $W/t.tar", needs: ["tar"]),
      Tool(
        name: "unzip", how: "cp $S $W/a.txt; cd $W; zip -q t.zip a.txt; unzip -q -d $D t.zip", needs: ["zip", "unzip"]),
      Tool(name: "cp-r", how: "mkdir $W/t $W/t/u; cp $S $W/t/a.txt; cp $S $W/t/u/b.txt; cp -r $W/t $D/t", files: 2),
      Tool(name: "mkdir-race", how: "for i in 1 2 3 4 5; do mkdir -p $D/x$i/y; cp $S $D/x$i/y/a.txt; done", files: 5),
      Tool(name: "mv-dir", how: "mkdir $W/t; cp $S $W/t/a.txt; cp $S $W/t/b.txt; mv $W/t $D/", files: 2),
      Tool(name: "renamed-dir", how: "mkdir $D/t.tmp; cp $S $D/t.tmp/a.txt; sleep 0.8; mv $D/t.tmp $D/t"),
    ]

    private static let networks = [
      Tool(name: "rsync", how: "rsync $S $D/a.txt", needs: ["rsync"]),
      Tool(name: "rsync-a", how: "rsync -a $S $D/a.txt", needs: ["rsync"]),
      Tool(name: "rsync-inplace", how: "rsync -a --inplace $S $D/a.txt", needs: ["rsync"]),
      Tool(name: "rsync-delay", how: "rsync -a --delay-updates $S $D/a.txt", needs: ["rsync"]),
      Tool(name: "rsync-partial", how: "rsync -a --partial-dir=.part $S $D/a.txt", needs: ["rsync"]),
      Tool(name: "rsync-append", how: "rsync -a --append $S $D/a.txt", needs: ["rsync"]),
      Tool(name: "scp", how: "scp -q -S $T/ssh $S there:$D/a.txt", needs: ["scp"]),
      Tool(name: "scp-old", how: "scp -q -O -p -S $T/ssh $S there:$D/a.txt", needs: ["scp"]),
      Tool(name: "sftp", how: "echo \"put $S $D/a.txt\" | sftp -q -b - -S $T/ssh there >/dev/null", needs: ["sftp"]),
      Tool(
        name: "sftp-rename",
        how: "printf 'put %s %s\nrename %s %s\n' $S $D/.a $D/.a $D/a.txt | sftp -q -b - -S $T/ssh there >/dev/null",
        needs: ["sftp"]),
      Tool(
        name: "sftp-link",
        how: "printf 'put %s %s\nrename -l %s %s\n' $S $D/.a $D/.a $D/a.txt | sftp -q -b - -S $T/ssh there >/dev/null",
        needs: ["sftp"]),
    ]

    private static let writers = [
      Tool(name: "vi", how: "vi -es -u NONE '+0r '$S '+set binary noeol' \"+w $D/a.txt\" '+q!'", needs: ["vi"]),
      // The editor works on a file that another program holds open: it is not taken between the two.
      Tool(name: "sed-i", how: "exec 9>$D/a.txt; cat $S >&9; sed -i s/nothing/else/ $D/a.txt; exec 9>&-"),
      Tool(
        name: "replace",
        how: "python3 -c \"import os; os.link('$S', '$D/a.tmp'); os.replace('$D/a.tmp', '$D/a.txt')\"",
        needs: ["python3"]),
      // Foundation's atomic write renames first and closes then.
      Tool(
        name: "foundation",
        how:
          "python3 -c \"import os, time; f = open('$D/.dat.nosync1', 'wb'); f.write(open('$S', 'rb').read()); f.flush(); "
          + "os.fsync(f.fileno()); os.rename('$D/.dat.nosync1', '$D/a.txt'); time.sleep(0.02); f.close()\"",
        needs: ["python3"]),
      // Pauses longer than the quiet time, the file held open.
      Tool(
        name: "slow",
        how: "(head -c 9000 $S; sleep 0.8; tail -c +9001 $S | head -c 9000; sleep 0.8; tail -c +18001 $S) >$D/a.txt"),
      // Killed in the middle under a temporary name, then brought again.
      Tool(
        name: "killed",
        how: "(head -c 5000 $S; exec sleep 60) >$D/a.txt.part & disown; sleep 0.1; kill -9 $!; sleep 0.7; "
          + "cp $S $D/a.txt.part; mv $D/a.txt.part $D/a.txt"),
      // Killed in the middle under its own name: only the manifest tells that it is not whole.
      Tool(
        name: "killed-ok",
        how:
          "echo \"$(stat -c %s $S) $(sha256sum <$S)\" >$D/a.txt.ok; (head -c 5000 $S; exec sleep 60) >$D/a.txt & disown; "
          + "sleep 0.1; kill -9 $!; sleep 1.5; cp $S $D/a.txt"),
      Tool(name: "away-and-back", how: "cp $S $D/a.txt; mv $D/a.txt $D/.a; sleep 0.7; mv $D/.a $D/a.txt"),
    ]

    /// What ssh would do, without a network: `sftp` is the server's subsystem, anything else a command.
    private static let shell = """
      mkdir tools; cat >tools/ssh <<'END'
      #!/bin/bash
      case " $* " in *" -s "*) exec /usr/lib/openssh/sftp-server ;; esac
      while [ "$1" != there ]; do shift; done
      shift; [ "$1" = -- ] && shift
      exec sh -c "$*"
      END
      chmod +x tools/ssh
      """

    private static var tools: [Tool] {
      let all = copies + networks + writers
      let hasServer = access("/usr/lib/openssh/sftp-server", X_OK) == 0
      let usable = all.filter { tool in
        tool.needs.allSatisfy { Scene.has($0) && (hasServer || !["scp", "sftp"].contains($0)) }
      }
      let missing = all.filter { tool in !usable.contains { $0.name == tool.name } }.map(\.name)
      if !missing.isEmpty { print("skipped, their programs are missing (tools/deps scenes): \(missing)") }
      return usable
    }

    private static let runs = getenv("PRETRAIND_TOOL_RUNS").flatMap { Int(String(cString: $0)) } ?? 2

    @Test(
      "cp, mv, ln, rsync, scp, sftp, tar, editors: exit code 0, one claim, the same bytes", arguments: [true, false])
    func everyTool(withEvents: Bool) throws {
      let scene = try Scene(withEvents ? "tools" : "tools-poll")
      try scene.shell(Tools.shell)
      var template = Array("/tmp/pretraind-other.\(String(repeating: "X", count: 6))".utf8CString)
      let other = Path(String(cString: try #require(mkdtemp(&template))))
      defer { try? Directory(other.parent).removeAll(other.name) }
      let agent = try scene.start(["agent"] + (withEvents ? [] : ["--no-inotify"]))
      defer { agent.kill() }
      try scene.wait(20, "the agent is there") { scene.status("agent")?["state"]?.string == "idle" }
      let tools = Tools.tools
      for run in 1...Tools.runs {
        try bring(tools, run, scene, other)
        try scene.wait(60, "all of run \(run) taken") {
          let counts = scene.sources()
          return tools.allSatisfy { counts["\($0.name)-\(run)"]?["in"] ?? 0 >= $0.files }
        }
      }
      // Whatever would be taken a second time gets its chance.
      Clock.sleep(1.5)
      #expect(agent.stop() == 0)
      try expectAll(tools, scene)
      print(
        "\(tools.count) ways to bring a file, \(Tools.runs) times each, \(withEvents ? "with" : "without") inotify: no error"
      )
    }

    /// Each run's tools work at the same time.
    private func bring(_ tools: [Tool], _ run: Int, _ scene: Scene, _ other: Path) throws {
      var hands: [(Tool, Child)] = []
      for tool in tools {
        let source = "\(tool.name)-\(run)"
        try scene.folder.make("outside").publish(Path(source), Tools.text(source))
        _ = try scene.folder.make(Path("hands/\(source)"))
        _ = try Directory(other).make(Path(source))
        _ = try scene.spool.make(Path("incoming/\(source)"))
        let places =
          "S=\(scene.root)/outside/\(source) D=\(scene.root)/spool/incoming/\(source) W=\(scene.root)/hands/\(source) "
          + "X=\(other)/\(source) T=\(scene.root)/tools"
        hands.append((tool, try Child.start(["bash", "-c", "set -e\n\(places)\n\(tool.how)"])))
      }
      for (tool, hand) in hands { #expect(hand.wait() == 0, "the tool must not see an error: \(tool.how)") }
    }

    private static func text(_ source: String) -> [UInt8] {
      Array(
        (1...400).map { "\(source), line \($0): the quick brown fox jumps over the lazy dog." }.joined(separator: "\n")
          .utf8)
    }

    private func expectAll(_ tools: [Tool], _ scene: Scene) throws {
      let corpus = Dictionary(grouping: try scene.corpus(), by: \.source)
      let counts = scene.sources()
      for tool in tools {
        for run in 1...Tools.runs {
          let source = "\(tool.name)-\(run)"
          #expect(counts[source]?["in"] == tool.files, "\(source): each file once")
          let text = Tools.text(source)
          #expect(corpus[source]?.allSatisfy { $0.text == text } == true, "\(source): the bytes are what was brought")
        }
      }
      #expect(try scene.digests("incoming").keys.sorted() == [], "nothing is left, no manifest and no temporary")
      #expect(scene.names("state/claimed").isEmpty && !scene.exists("rejected/default"))
    }
  }
}
