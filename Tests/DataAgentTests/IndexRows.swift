import Posix
import Spool
import Testing

extension TestSpool {
  /// A handful of documents is all that the index holds in memory.
  static let tinyIndex = ["dedupe.index_mb=0.002"]

  var runs: [Path] { get throws { try layout.index.names() } }
}

/// The index of duplicates: rows X. The fixture's spool, once more with runs on disk.
let indexRows: [Row] = [
  Row("X2", "head", .removed, told: "head is damaged") { spool in
    try spool.index()
    try spool.flip(try spool.runs[0], byte: 20)
  } holds: {
    try $0.hasNothingNew
  },
  Row("X2", "cut", .removed, told: "its head says") { spool in
    try spool.index()
    let run = try spool.runs[0]
    try spool.layout.index.replaceFile(run, with: try spool.layout.index.read(run).dropLast())
  } holds: {
    try $0.hasNothingNew
  },
  Row("X2", "another corpus", .removed, told: "the journal does not know") { spool in
    let other = try TestSpool()
    try other.drop("web/a.jsonl", texts(60, seed: 77))
    try other.run(TestSpool.tinyIndex)
    let run = try other.runs[0]
    try spool.layout.index.replaceFile(run, with: try other.layout.index.read(run))
  } holds: {
    try $0.hasNothingNew
  },
  Row("X5", .left) { spool in
    try spool.index()
    try spool.flip(try spool.runs[0], byte: try spool.layout.index.read(try spool.runs[0]).count - 20)
  } holds: { spool in
    for run in try spool.runs { try spool.layout.index.remove(run) }
    return try spool.hasNothingNew
  },
  Row("X3", .removed, told: "a merged run holds all of it") { spool in
    try spool.index()
    // What a merge read and had no time to remove.
    try #require(try !spool.runs.contains("run-00000001-00000001.bands"))
    try spool.layout.index.replaceFile("run-00000001-00000001.bands", with: try TestSpool.firstRun())
  } holds: {
    try $0.hasNothingNew
  },
]

extension TestSpool {
  /// Runs on disk for what is there: the index begins anew with little memory.
  func index() throws {
    try run(TestSpool.tinyIndex)
    try #require(try runs.count > 0)
  }

  /// The only spill of the fixture's documents, in more memory.
  static func firstRun() throws -> [UInt8] {
    let spool = try TestSpool()
    try spool.drop("web/a.jsonl", DataAgentTests.texts(40, seed: 30))
    try spool.run(["dedupe.index_mb=0.0103"])
    return try spool.layout.index.read("run-00000001-00000001.bands")
  }

  func flip(_ run: Path, byte: Int) throws {
    var bytes = try layout.index.read(run)
    bytes[byte] ^= 1
    try layout.index.replaceFile(run, with: bytes)
  }

  /// Every text of the fixture is known: of each pair one stays.
  fileprivate var hasNothingNew: Bool {
    get throws {
      let before = try counts("web")
      try drop("web/again.jsonl", DataAgentTests.texts(40, seed: 30))
      try run()
      let now = try counts("web")
      func gone(_ counts: [String: Int]) -> Int { (counts["duplicate"] ?? 0) + (counts["superseded"] ?? 0) }
      return now["kept"] == before["kept"] && gone(now) == gone(before) + 40
    }
  }
}
