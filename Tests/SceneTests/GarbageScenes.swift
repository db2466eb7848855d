import Bytes
import Fixtures
import Glibc
import Posix
import Spool
import Testing

extension Scenes {
  /// What cannot be used is rejected with its reason, byte for byte as it came; everything else goes on.
  @Suite(.serialized) struct Garbage {
    private static func noise(_ count: Int) -> [UInt8] {
      var random = SeededRandom(7)
      return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }

    private static func lines(_ count: Int) -> [UInt8] {
      (0..<count).flatMap { Array("{\"text\": \"document \($0) \(Lorem.sentence($0))\"}\n".utf8) }
    }

    private static func compressed(_ bytes: [UInt8]) -> [UInt8] { bytes.withUnsafeBytes { ZstdFrames.compress($0) } }

    /// Dropped files of which nothing can be used.
    private static let hopeless: [(name: String, bytes: [UInt8])] = [
      ("junk.txt", noise(50_000)), ("empty.txt", []), ("empty.jsonl", []), ("no.zst.jsonl.zst", noise(3000)),
      ("zeros.txt", [UInt8](repeating: 0, count: 1000)),
      ("nothing.jsonl", Array("not json\n[1,2,3]\n{\"other\": 1}\n".utf8)),
      ("strange.xyz", Array("what is this?".utf8)),
    ]

    @Test("binary junk, nothing, no known encoding, unknown kinds: rejected whole, with a reason")
    func hopelessFiles() throws {
      let scene = try Scene("garbage")
      for file in Garbage.hopeless { try scene.drop(Path("bad/\(file.name)"), file.bytes) }
      try scene.shell("ln -s /etc/passwd spool/incoming/bad/passwd.txt; mkfifo spool/incoming/bad/pipe.txt")
      try scene.drop("good/a.txt", "A good document goes on.")
      try scene.digest()
      for file in Garbage.hopeless { try expectRejected(scene, file.name, file.bytes) }
      try expectReason(scene, "passwd.txt")
      try expectReason(scene, "pipe.txt")
      #expect(try scene.spool.status("rejected/bad/passwd.txt").kind == .symbolicLink)
      #expect(try scene.corpus().map(\.source) == ["good"])
      #expect(scene.count("bad", "rejected") == scene.count("bad") && scene.count("good", "kept") == 1)
      #expect(scene.names("state/claimed").isEmpty)
    }

    private func expectReason(_ scene: Scene, _ name: String) throws {
      let reason = try #require(scene.json(Path("rejected/bad/\(name).reason.json")), "\(name) has no reason")
      for key in ["stage", "code", "message", "what_to_do"] {
        #expect(reason[key]?.string?.isEmpty == false, "\(name): \(key)")
      }
      let why = try scene.succeed("why", name).output
      #expect(why.contains("rejected: \(reason["code"]?.string ?? "?")"), "\(name): \(why)")
    }

    private func expectRejected(_ scene: Scene, _ name: String, _ bytes: [UInt8]) throws {
      #expect((try? scene.spool.read(Path("rejected/bad/\(name)"))) == bytes, "\(name): byte for byte as it came")
      try expectReason(scene, name)
    }

    @Test("a bad line goes alone; of a cut archive the documents before the cut stay")
    func partlyGood() throws {
      let scene = try Scene("partly")
      let bad = ["{\"text\": 5}", "{\"text\": \"cut", "{\"text\": \"\"}", "\u{1}\u{2}"]
      let good = (0..<20).map { "{\"text\": \"line \($0) \(Lorem.sentence($0))\"}" }
      var mixed = good
      for (index, line) in bad.enumerated() { mixed.insert(line, at: 3 + 4 * index) }
      try scene.drop("s/mixed.jsonl", mixed.joined(separator: "\n"))
      let archive = Garbage.compressed(Garbage.lines(20_000))
      try scene.drop("cut/half.jsonl.zst", Array(archive[..<(archive.count / 2)]))
      try scene.drop("whole/all.jsonl.zst", archive)
      try scene.digest()
      #expect(scene.count("s", "kept") == good.count)
      #expect(scene.count("s", "rejected") == bad.count)
      let told = try scene.spool.read("rejected/s/mixed.jsonl.bad.jsonl").split(separator: 0x0A).map {
        try JSONParser.parse(Array($0))
      }
      #expect(told.map { $0["line"]?.integer } == [4, 8, 12, 16])
      #expect(told.allSatisfy { $0["reason"]?.string?.isEmpty == false })
      #expect(!scene.exists("rejected/s/mixed.jsonl"), "the file itself was used")
      let before = scene.count("cut", "kept")
      #expect(before > 2000 && before < 20_000)
      #expect(scene.count("cut", "rejected") == 1, "the cut counts as one")
      #expect(scene.exists("rejected/cut/half.jsonl.zst.bad.jsonl"))
      #expect(scene.count("whole", "kept") == 20_000)
      let corpus = try scene.corpus().filter { $0.source == "cut" }
      #expect(
        corpus.count == before && corpus.enumerated().allSatisfy { $1.text.starts(with: Array("document \($0) ".utf8)) }
      )
    }

    @Test("a line of 100 MB is set aside; the agent stays below 400 MB")
    func longLine() throws {
      let scene = try Scene("long")
      _ = try scene.spool.make("incoming/s")
      try scene.shell(
        """
        { printf '{"text": "first"}\\n{"text": "'; head -c 100000000 /dev/zero | tr '\\0' x; printf '"}\\n{"text": "last"}\\n'; } \
        >spool/incoming/s/.long && mv spool/incoming/s/.long spool/incoming/s/long.jsonl
        { printf '{"text": "'; head -c 100000000 /dev/zero | tr '\\0' x; } >spool/incoming/s/.alone
        mv spool/incoming/s/.alone spool/incoming/s/alone.jsonl
        """)
      let agent = try scene.start(["agent", "--until-idle", "--flush"])
      var peak = 0
      var code: Int32?
      while code == nil {
        peak = max(peak, Scene.peakMemory(agent.child.process))
        Clock.sleep(0.002)
        code = agent.child.poll()
      }
      #expect(code == 0)
      print("a line of 100 MB: peak memory \(peak >> 20) MB")
      #expect(peak > 0 && peak < 400 << 20)
      #expect(try scene.corpus().map { String(decoding: $0.text, as: UTF8.self) } == ["first", "last"])
      #expect(scene.count("s") == 4 && scene.count("s", "rejected") == 2)
      #expect(scene.exists("rejected/s/long.jsonl.bad.jsonl"))
      #expect(try scene.spool.status("rejected/s/alone.jsonl").size == 100_000_010)
    }

    @Test("mended and moved back, a rejected file is a new file")
    func mended() throws {
      let scene = try Scene("mended")
      try scene.drop("s/a.jsonl", "{\"txet\": \"wrong field\"}\n")
      try scene.digest()
      #expect(scene.count("s", "rejected") == 1)
      try scene.shell("sed -i s/txet/text/ spool/rejected/s/a.jsonl; mv spool/rejected/s/a.jsonl spool/incoming/s/")
      try scene.digest()
      #expect(scene.count("s", "kept") == 1)
      #expect(try scene.corpus().map { String(decoding: $0.text, as: UTF8.self) } == ["wrong field"])
    }
  }
}

extension Scene {
  /// Highest resident size of a process so far, bytes; 0 when it is gone.
  static func peakMemory(_ process: pid_t) -> Int {
    guard let folder = try? Directory(Path("/proc/\(process)")), let status = try? folder.read("status") else {
      return 0
    }
    for line in String(decoding: status, as: UTF8.self).split(separator: "\n") where line.hasPrefix("VmHWM:") {
      return (Int(line.split(separator: " ").dropFirst().first ?? "") ?? 0) << 10
    }
    return 0
  }
}
