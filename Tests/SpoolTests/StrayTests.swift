import Glibc
import Posix
import Testing

@testable import Spool

/// What lies in a spool and is no part of it; who removes what.
@Suite struct StrayTests {
  private let spool: TemporarySpool
  private var root: Directory { spool.layout.root }

  init() throws { spool = try TemporarySpool() }

  private func put(_ path: Path) throws { try root.make(path.parent).replaceFile(path.name, with: [1]) }

  private func found() throws -> [String] {
    var check = StrayCheck(root, after: SpoolFindings())
    return try check.look().list.map { "\($0.row) \($0.action.rawValue) \($0.path)" }
  }

  static let temporaries: [(path: String, role: ControlRole)] = [
    ("incoming/.incoming.FULL.tmp", .agent), ("filtered/too_short/.sample.jsonl.tmp", .agent),
    ("state/.suspects.json.tmp", .agent), ("state/.trial.json.tmp", .agent), ("state/.working.tmp", .agent),
    ("state/draws/.part-00012.r1.draw.tmp", .agent), ("state/leases/.agent.json.tmp", .agent),
    ("state/leases/.trainer.json.tmp", .trainer), ("tokenizer/.tokenizer.json.tmp", .agent),
    ("tokenizer/.tokenizer_config.json.tmp", .agent), ("status/.agent.json.tmp", .agent),
    ("status/.metrics.prom.tmp", .agent), ("status/.trainer.json.tmp", .trainer),
    ("status/.evaluator.json.tmp", .evaluator), ("runs/main/.HEAD.json.tmp", .trainer),
    ("runs/main/.ledger.jsonl.tmp", .trainer), ("runs/other/.HEAD.prev.json.tmp", .trainer),
    ("checkpoints/.latest.tmp", .trainer), ("eval/results/.latest.tmp", .evaluator),
    ("eval/trends/.ppl-a.csv.tmp", .evaluator), ("eval/suites/ppl/.a.jsonl.error.json.tmp", .evaluator),
    ("corpus/.README.tmp", .agent),
  ]

  @Test("S1: a temporary goes at the next start of the role that writes it, and of no other", arguments: temporaries)
  func temporary(_ path: String, _ role: ControlRole) throws {
    try put(Path(path))
    #expect(try found() == ["S1 removed \(path)"])
    for other in ControlRole.allCases where other != role {
      try SpoolTemporaries.remove(of: other, in: spool.layout)
      #expect(root.exists(Path(path)), "\(other)")
    }
    try SpoolTemporaries.remove(of: role, in: spool.layout)
    #expect(!root.exists(Path(path)))
    #expect(try found() == [])
  }

  static let strays = [
    "state/notes.txt", "state/journal/00000001.jsonl.bak", "state/claimed/copy", "state/draws/part-00001.draw",
    "state/leases/reader.lock", "state/reserve/agent", "state/other/file", "corpus/00000001.jsonl", "corpus/part/x",
    "tokenizer/vocab.json", "tokenizer/.mine.json.tmp", "blocks/part-x.bin", "blocks/part-00001.r2.json",
    "checkpoints/keep.txt", "runs/main/notes.txt", "runs/main/tb/g0000/readme", "eval/results/g0000-init/a.txt",
    "eval/trends/a.png", "status/other.json", "filtered/a.jsonl", "rejected/web/.a.txt.reason.json.tmp",
  ]

  @Test("S2: what no row knows is told and stays", arguments: strays)
  func stray(_ path: String) throws {
    try put(Path(path))
    let told = try found()
    #expect(told.count == 1 && told[0].hasPrefix("S2 left ") && path.hasPrefix(told[0].dropFirst("S2 left ".count)))
    for role in ControlRole.allCases { try SpoolTemporaries.remove(of: role, in: spool.layout) }
    #expect(root.exists(Path(path)))
  }

  /// People's own places, and names that other rows judge.
  @Test(arguments: [
    "incoming/web/a.tmp", "incoming/.mine.tmp", "rejected/web/a.txt", "labels/quality/good/a.txt",
    "eval/suites/ppl/notes.txt", "state/journal/00000002.snapshot", "state/claimed/000000000007.bad.jsonl",
    "state/draws/part-00001.r12.draw", "state/reserve/trainer.3", "corpus/00000012.1a2b3c4d.idx",
    "blocks/part-100000.r2.channels", "blocks/part-00001.r1.withdrawn", "checkpoints/g0012/part-00001/COMMIT.json",
    "runs/main/tb/main/events.out.tfevents.17.vm.1.0", "runs/main/engine/anything", "eval/trends/ppl-a@1a2b.csv",
    "status/metrics.prom",
  ])
  func known(_ path: String) throws {
    try put(Path(path))
    #expect(try found() == [])
  }

  /// A reason in the making belongs to the rejection that the next start finishes.
  @Test func aReasonInTheMaking() throws {
    try put("rejected/web/.a.txt.reason.json.tmp")
    var findings = SpoolFindings()
    findings.add("F7", .finished, "state/claimed/000000000001", "")
    var check = StrayCheck(root, after: findings)
    #expect(try check.look().list.map(\.row) == ["F7"])
  }

  @Test func aLinkInPlaceOfAFolderIsNotFollowed() throws {
    try put("elsewhere/secret")
    try root.removeAll("corpus")
    try root.link("corpus", to: "elsewhere")
    #expect(try found() == [])
    try root.open("state").link("else", to: "../elsewhere")
    #expect(try found() == ["S2 left state/else"])
  }

  @Test(arguments: [
    ("#", "12", true), ("#", "", false), ("#", "1a", false), ("*", "", true), ("#.*.bin", "1.ab.bin", true),
    ("#.*.bin", "1.bin", false), ("part-#.r#.draw", "part-00001.r1.draw", true), ("a*b*c", "axxbyyc", true),
    ("a*b*c", "axxbyy", false), ("x", "X", false),
  ])
  func patterns(_ pattern: String, _ name: String, _ fits: Bool) {
    #expect(SpoolPattern.matches(pattern, Array(name.utf8)) == fits)
  }
}

/// The rows L and V as `check` sees them.
@Suite struct LeaseCheckTests {
  private let spool: TemporarySpool

  init() throws { spool = try TemporarySpool() }

  private func found() throws -> [String] {
    try LeaseCheck(spool.layout.root).look().list.map { "\($0.row) \($0.path)" }
  }

  @Test("L2: a role that is held is told; one that was left is at rest")
  func held() throws {
    #expect(try found() == [])
    var lease: Lease? = try Lease("agent", in: spool.layout, process: 101)
    #expect(try found() == ["L2 state/leases/agent.json"])
    withExtendedLifetime(lease) {}
    lease = nil
    #expect(try found() == [])
    #expect(try LeaseCheck(spool.layout.root).look().summary.map(\.text) == ["agent epoch 1"])
  }

  @Test("L4: an entry that says no epoch is taken as none", arguments: ["", "{", "{\"pid\": 1}"])
  func noEntry(_ content: String) throws {
    try spool.layout.leases.replaceFile("trainer.json", with: Array(content.utf8))
    #expect(try found() == ["L4 state/leases/trainer.json"])
    #expect(try Lease("trainer", in: spool.layout, process: 1).epoch == 1)
    #expect(try found() == [])
  }

  @Test("V1: pieces of the reserve that are missing, short or sparse are told, and made by the next start")
  func reserve() throws {
    _ = try Lease("agent", in: spool.layout, process: 1)
    #expect(try found() == [], "nothing is kept back")
    _ = DiskReserve(spool.layout, role: "agent", megabytes: 1)
    #expect(try found() == [])
    let folder = try spool.layout.state.open("reserve")
    let bytes = try folder.status("agent.0").size
    try folder.remove("agent.0")
    try folder.replaceFile("agent.1", with: [1])
    try folder.replaceFile("agent.2", with: [])
    try folder.appendFile("agent.2").truncate(to: bytes)
    #expect(try found() == (0...2).map { "V1 state/reserve/agent.\($0)" })
    _ = DiskReserve(spool.layout, role: "agent", megabytes: 1)
    #expect(try found() == [])
  }
}
