import Bytes
import Posix
import Testing

extension Scenes {
  /// In = kept + duplicate + superseded + filtered + contaminated + rejected, per source, and in is what was dropped.
  @Suite(.serialized) struct Counts {
    private static let states = ["kept", "duplicate", "superseded", "filtered", "contaminated", "rejected"]
    private static let judged = Scene.plain.filter { !$0.contains(".enabled=false") } + ["spool.batch_documents=500"]

    /// Counts add up, and there are as many documents as were dropped.
    private func expectSums(_ scene: Scene, _ dropped: [String: Int]) {
      let sources = scene.sources()
      #expect(Set(sources.keys) == Set(dropped.keys))
      for (source, number) in dropped {
        let counts = sources[source] ?? [:]
        #expect(counts["in"] == number, "\(source): \(counts)")
        #expect(Counts.states.reduce(0) { $0 + (counts[$1] ?? -1) } == number, "\(source): \(counts)")
      }
    }

    private static func line(_ text: String) -> [UInt8] {
      JSONWriter.compact(.object(["text": .string(text)])) + [0x0A]
    }

    @Test("generated documents: copies, near-copies, short ones, bad lines")
    func generated() throws {
      let scene = try Scene("counts", Counts.judged)
      var dropped: [String: Int] = [:]
      for kind in Lorem.Kind.allCases {
        var bytes: [UInt8] = []
        for number in 0..<200 { bytes += Counts.line(Lorem.document(kind, number, bytes: 1500)) }
        // The same again at the end of another file: exact copies.
        for number in 0..<40 { bytes += Counts.line(Lorem.document(kind, number, bytes: 1500)) }
        bytes += Array("{\"text\": \n".utf8)
        bytes += Counts.line("Too short.")
        try scene.drop(Path("\(kind.rawValue)/a.jsonl"), bytes)
        try scene.drop(Path("\(kind.rawValue)/junk.txt"), [UInt8](repeating: 0, count: 100))
        dropped[kind.rawValue] = 200 + 40 + 1 + 1 + 1
      }
      try scene.digest()
      expectSums(scene, dropped)
      for kind in Lorem.Kind.allCases {
        // 40 exact copies and 25 near ones; which of a pair stays is the better one's luck.
        let doubles = scene.count(kind.rawValue, "duplicate") + scene.count(kind.rawValue, "superseded")
        #expect(doubles == 40 + 25, "\(kind)")
        #expect(scene.count(kind.rawValue, "rejected") == 2, "\(kind)")
        #expect(scene.count(kind.rawValue, "kept") > 100, "\(kind)")
      }
      try expectSameAfterRestart(scene)
      try expectWhy(scene)
    }

    /// What a restart counts from the journal is what the process before it counted as it went.
    private func expectSameAfterRestart(_ scene: Scene) throws {
      let before = scene.sources()
      try scene.digest()
      #expect(scene.sources() == before)
    }

    /// Every document of the corpus has an answer, and the answers have the counts.
    private func expectWhy(_ scene: Scene) throws {
      let corpus = try scene.corpus()
      for document in corpus.prefix(5) + corpus.suffix(5) {
        let why = try scene.succeed("why", document.id).output
        #expect(why.contains(document.id) && why.contains("from \(document.source)/\(document.origin)"), "\(why)")
        #expect(Counts.states.contains { why.contains(": \($0)") }, "\(why)")
      }
      let file = try scene.succeed("why", "en/a.jsonl").output
      #expect(file.contains("taken as number") && file.contains("242 documents") == false, "\(file)")
      #expect(file.contains("241 documents") && file.contains("1 bad lines"), "\(file)")
      #expect(try scene.succeed("why", "nowhere.txt").output.contains("no file of that name"))
      #expect(try scene.succeed("why", String(repeating: "0", count: 32)).output.contains("no document has the id"))
    }

    private static let real = [
      "corpus/zh/just-laws", "corpus/zh/chinese-poetry", "corpus/en/standardebooks", "corpus/zh/javaguide",
      "corpus/code/ruby-stdlib",
    ]

    @Test("real documents: laws, poems, novels, articles with advertisements, Ruby")
    func realDocuments() throws {
      guard let data = Scene.sharedData else { return }
      let scene = try Scene("real", Counts.judged)
      var dropped: [String: Int] = [:]
      for path in Counts.real {
        let name = Path(path).name
        _ = try scene.spool.make("incoming" / name)
        // The first lines of each, about half a megabyte, so that the scene stays short.
        try scene.shell(
          "zstd -dc '\(data)/\(path).jsonl.zst' | head -n 400 >outside/\(name) || true; cp outside/\(name) spool/incoming/\(name)/a.jsonl"
        )
        dropped["\(name)"] = try scene.folder.read("outside" / name).filter { $0 == 0x0A }.count
      }
      try scene.digest()
      expectSums(scene, dropped)
      let kept = scene.sources().values.reduce(0) { $0 + ($1["kept"] ?? 0) }
      print("real documents: \(dropped.values.reduce(0, +)) in, \(kept) kept")
      #expect(kept > 300)
      try expectSameAfterRestart(scene)
    }
  }
}

extension Scene {
  /// `../shared/data` beside the repository; tells when it is not there.
  static let sharedData: String? = {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let path = "/\(root)/../shared/data"
    if (try? Directory(Path(path))) != nil, has("zstd") { return path }
    print("skipped: \(path) is not there (or zstd is not installed)")
    return nil
  }()
}
