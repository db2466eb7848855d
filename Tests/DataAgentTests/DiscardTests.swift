import Blocks
import Bytes
import DataAgent
import Glibc
import Posix
import Spool
import Testing

extension TestSpool {
  func ask(_ name: Path, _ content: String = "") throws {
    try layout.control.replaceFile(name, with: Array(content.utf8))
  }

  func answer(_ name: String) throws -> JSONValue { try json(Path("control/ack/last-\(name).json")) }

  /// What a trainer says that has begun all blocks through this one.
  func claim(through block: Int) throws {
    try layout.status.replaceFile("trainer.json", with: Array("{\"claimed_through\":\(block)}".utf8))
  }

  /// By number.
  var revisions: [Int] {
    get throws {
      try BlockManifest.numbers(in: layout.blocks).map { try BlockManifest.read(layout.blocks, $0).revision }
    }
  }

  /// What `state/draws` says of the blocks that are there: document, first token, tokens, in the order of the blocks.
  func pieces() throws -> [[(ordinal: UInt32, start: UInt32, count: UInt32)]] {
    try BlockManifest.numbers(in: layout.blocks).map { number in
      let name = try BlockManifest.read(layout.blocks, number).name
      let bytes = try layout.state.open("draws").read(Path("\(BlockName.part(number)).r\(name.revision).draw"))
      let header = Int(LittleEndian.read(UInt32.self, bytes, at: 8))
      let count = Int(LittleEndian.read(UInt32.self, bytes, at: 12 + header))
      return (0..<count).map { index in
        let at = 16 + header + 12 * index
        return (
          LittleEndian.read(UInt32.self, bytes, at: at), LittleEndian.read(UInt32.self, bytes, at: at + 4),
          LittleEndian.read(UInt32.self, bytes, at: at + 8)
        )
      }
    }
  }

  /// Every piece of a document begins where the piece before it ended, or with the document: nothing is used twice.
  func expectUsesToAddUp(at place: SourceLocation = #_sourceLocation) throws {
    var next: [UInt32: UInt32] = [:]
    var uses: [UInt32: Int] = [:]
    for piece in try pieces().joined() {
      if piece.start == 0 { uses[piece.ordinal, default: 0] += 1 }
      #expect(piece.start == next[piece.ordinal] ?? 0, "document \(piece.ordinal)", sourceLocation: place)
      next[piece.ordinal] = piece.start + piece.count
    }
    #expect(uses.values.allSatisfy { $0 == 1 }, "\(uses)", sourceLocation: place)
  }
}

@Suite struct DiscardTests {
  /// Full blocks of 1,000 tokens, and documents that are left over.
  private static func filled() throws -> (spool: TestSpool, blocks: Int) {
    let spool = try TestSpool()
    try spool.drop("web/a.jsonl", texts(40, seed: 30))
    try spool.run()
    let blocks = try spool.revisions.count
    try #require(blocks >= 4)
    return (spool, blocks)
  }

  @Test func anEmptyRequestIsAboutTheNewestThatIsNotBegun() throws {
    let (spool, count) = try Self.filled()
    try spool.claim(through: 0)
    let before = try spool.blocks()
    try spool.ask("discard")
    try spool.run()
    let answer = try spool.answer("discard")
    #expect(answer["state"]?.string == "done" && answer["block"]?.integer == count - 1, "\(answer)")
    #expect(try spool.revisions == [Int](repeating: 1, count: count - 1) + [2])
    let newest = BlockName(number: count - 1)
    for (name, bytes) in before where !name.contains(newest.prefix) { #expect(try spool.blocks()[name] == bytes) }
    #expect(!newest.companions.contains { spool.layout.blocks.exists($0) })
    #expect(spool.layout.blocks.exists(BlockRemoval.withdrawnName(newest)))
    try spool.expectUsesToAddUp()
    #expect(try StateRowTests.check(spool) == [])
    // A request after the first is another one.
    try spool.ask("discard")
    try spool.run()
    #expect(try spool.revisions == [Int](repeating: 1, count: count - 1) + [3])
  }

  @Test(arguments: ["block=part-00001", "block=1", "{block: 1, reason: 'a mistake in the mix'}"])
  func oneInTheMiddleTakesTheNewerAlong(_ content: String) throws {
    let (spool, count) = try Self.filled()
    try spool.ask("discard.me", content)
    try spool.run()
    #expect(try spool.revisions == [1] + [Int](repeating: 2, count: count - 1))
    let message = try #require(try spool.answer("discard.me")["message"]?.string)
    #expect(message.contains("part-00001 to \(BlockName.part(count - 1))"), "\(message)")
    try spool.expectUsesToAddUp()
    #expect(try spool.events("withdrawn").compactMap { $0["number"]?.integer } == Array(1..<count))
    #expect(try StateRowTests.check(spool) == [])
  }

  /// Number, seed and documents are the same, so the blocks are; what came meanwhile is drawn from too.
  @Test func composedAnewFromTheDocumentsThereAreNow() throws {
    let (spool, count) = try Self.filled()
    let first = try spool.layout.blocks.read("part-00000.bin")
    try spool.drop("web/b.jsonl", texts(30, seed: 31))
    try spool.run()
    try spool.ask("discard", "block=0")
    try spool.run()
    #expect(try spool.revisions.prefix(count) == [Int](repeating: 2, count: count)[...])
    #expect(try spool.layout.blocks.read("part-00000.r2.bin") != first)
    #expect(try spool.pieces()[0].contains { $0.ordinal >= 40 })
    #expect(try BlockManifest.read(spool.layout.blocks, 0).cut == 70)
    try spool.expectUsesToAddUp()
  }

  @Test func aShortBlockIsMadeShortAgain() throws {
    let (spool, count) = try Self.filled()
    try spool.run(flush: true)
    let before = try BlockManifest.read(spool.layout.blocks, count)
    try #require(before.short)
    try spool.ask("discard")
    try spool.run()
    let after = try BlockManifest.read(spool.layout.blocks, count)
    #expect(after.short && after.revision == 2 && after.tokens == before.tokens)
    #expect(try spool.answer("discard")["state"]?.string == "done")
    try spool.run(flush: true)
    #expect(try spool.revisions.count == count + 1, "nothing is left to flush")
  }

  /// Content, what is begun, the answer's state, what it says.
  @Test(arguments: [
    ("block=part-1", -1, "rejected", "block=part-00012 or block=12; not begun: part-00000 to"),
    ("block=x", 1, "rejected", "not begun: part-00002 to"),
    ("block=-1", -1, "rejected", "must be"),
    ("block=77", 0, "rejected", "there is no block part-00077; not begun: part-00001 to"),
    ("block=1", 1, "rejected", "echo block=part-00001 >control/skip"),
    ("block=0", 1, "rejected", "not begun: part-00002"),
    ("", 1000, "rejected", "skip it"),
    ("blok=1", -1, "rejected", "did you mean 'block'"),
  ])
  func refused(_ content: String, _ begun: Int, _ state: String, _ says: String) throws {
    let (spool, _) = try Self.filled()
    if begun >= 0 { try spool.claim(through: begun) }
    let before = try spool.published()
    try spool.ask("discard", content)
    try spool.run()
    let answer = try spool.answer("discard")
    #expect(answer["state"]?.string == state && answer["message"]?.string?.contains(says) == true, "\(answer)")
    #expect(try spool.published() == before)
    #expect(try spool.events("withdrawn").isEmpty)
    #expect(try spool.layout.taken.names().allSatisfy { $0.hasPrefix(".seq-") || $0.hasPrefix(".stopped-") })
  }

  @Test func withoutBlocksThereIsNothingToDiscard() throws {
    let spool = try TestSpool()
    try spool.ask("discard")
    try spool.run()
    #expect(try spool.answer("discard")["message"]?.string?.contains("no blocks yet") == true)
  }

  @Test func olderThanTheLastCleanStopIsStale() throws {
    let (spool, count) = try Self.filled()
    try spool.ask("discard")
    let file = "\(spool.layout.control.path)/discard"
    var times = [timespec(tv_sec: 1, tv_nsec: 0), timespec(tv_sec: 1, tv_nsec: 0)]
    #expect(utimensat(AT_FDCWD, file, &times, 0) == 0)
    try spool.run()
    #expect(try spool.answer("discard")["state"]?.string == "rejected")
    #expect(try spool.revisions == [Int](repeating: 1, count: count))
  }

  /// Two requests found at once: the older blocks of one, the newer of the other, each block once.
  @Test func twoAtOnceDoNotWithdrawWhatIsNew() throws {
    for (a, b) in [(1, 2), (2, 1)] {
      let (spool, count) = try Self.filled()
      try spool.ask("discard.a", "block=\(a)")
      try spool.ask("discard.b", "block=\(b)")
      try spool.run()
      #expect(try spool.revisions == [1] + [Int](repeating: 2, count: count - 1))
      for name in ["discard.a", "discard.b"] { #expect(try spool.answer(name)["state"]?.string == "done") }
      try spool.expectUsesToAddUp()
    }
  }

  /// What comes after a discard comes out alike in the same process and in another one.
  @Test(arguments: ["compose.max_uses=1", "compose.max_uses=2"], [0, 2])
  func aRestartAfterwardsChangesNothing(_ setting: String, _ block: Int) throws {
    let (one, _) = try Self.filled()
    let (two, _) = try Self.filled()
    let more = texts(20, seed: 33) + texts(3, seed: 30)
    for spool in [one, two] { try spool.ask("discard", "block=\(block)") }
    try one.drop("web/b.jsonl", more)
    try one.run(flush: true, [setting])
    try two.run([setting])
    try two.drop("web/b.jsonl", more)
    try two.run(flush: true, [setting])
    #expect(try one.revisions == two.revisions)
    let (found, expected) = (try one.blocks(), try two.blocks())
    for (name, bytes) in expected { #expect(found[name] == bytes, "\(name)") }
    #expect(found.count == expected.count)
    #expect(try one.counts("web") == two.counts("web"))
  }

  /// A document of a withdrawn block may be superseded by a better one, as before it was in a block.
  @Test func givenBackIsNoLongerFrozen() throws {
    func superseded(discarding: Bool) throws -> Int {
      let spool = try TestSpool()
      let long = texts(12, seed: 35, words: 200)
      try spool.drop("web/a.jsonl", long)
      try spool.run()
      try #require(try spool.revisions.count > 1)
      if discarding {
        try spool.ask("discard", "block=0")
        // All of it goes, and is not composed anew while these documents are not enough.
        try spool.run(["compose.block_tokens=100000000"])
      }
      try spool.drop("web/b.jsonl", long.map { $0 + " One more word than before." })
      try spool.run(["compose.block_tokens=100000000"])
      return try spool.counts("web")["superseded"] ?? 0
    }
    #expect(try superseded(discarding: true) > (try superseded(discarding: false)))
  }

  @Test("C10: a discard that was begun goes on where it was, whatever is gone already, and never touches what is new")
  func whatADeadAgentBegan() throws {
    for gone in [[], [1], [1, 2]] {
      let (spool, count) = try Self.filled()
      let blocks = (1..<count).map { BlockName(number: $0) }
      let text = "withdraw " + blocks.map { "part-0000\($0.number).r1" }.joined(separator: " ")
      try spool.layout.taken.replaceFile("000001-discard", with: [])
      try spool.layout.taken.replaceFile(".frozen-000001-agent", with: Array(text.utf8))
      for name in blocks where gone.contains(name.number) {
        try BlockRemoval.hide(name, in: spool.layout.blocks)
        try JournalFile(spool.layout.journal).write(
          .object(["ev": .string("withdrawn"), "number": .integer(name.number), "revision": .integer(1)]))
      }
      #expect(try ControlCheck.look(spool.layout.root).list.map(\.row) == ["C10"])
      try spool.run()
      #expect(try spool.revisions == [1] + [Int](repeating: 2, count: count - 1), "\(gone)")
      #expect(try spool.answer("discard")["state"]?.string == "done")
      try spool.expectUsesToAddUp()
      // Its answer lost, it is taken up once more.
      try spool.layout.taken.replaceFile("000001-discard", with: [])
      try spool.layout.taken.replaceFile(".frozen-000001-agent", with: Array(text.utf8))
      for name in try spool.layout.acknowledgements.names() { try spool.layout.acknowledgements.remove(name) }
      try spool.run()
      #expect(try spool.revisions == [1] + [Int](repeating: 2, count: count - 1), "\(gone)")
      #expect(try spool.answer("discard")["state"]?.string == "done")
    }
  }

  /// Killed at every durable step of a discard and started again: the same blocks, the same answer, no revision twice.
  @Test(arguments: Array(stride(from: 3, through: 90, by: 3)))
  func killedAndStartedAgain(_ step: Int) async throws {
    let (reference, count) = try Self.filled()
    let (spool, _) = try Self.filled()
    for spool in [reference, spool] { try spool.ask("discard", "block=1") }
    try reference.run()
    let path = spool.layout.root.path.description
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, step = step as Int] in
      let spool = try TestSpool(at: Path(path))
      FaultPoint.arm(try FaultPlan("kill@\(step):durable"))
      try spool.run(KillTests.settings(step))
      // More steps than there are: it ends like one that was killed.
      kill(getpid(), SIGKILL)
    }
    try spool.run(KillTests.settings(step))
    #expect(try spool.revisions == [1] + [Int](repeating: 2, count: count - 1))
    let (found, expected) = (try spool.blocks(), try reference.blocks())
    for (name, bytes) in expected { #expect(found[name] == bytes, "\(name)") }
    #expect(found.count == expected.count)
    #expect(try spool.answer("discard")["state"]?.string == "done")
    try spool.expectUsesToAddUp()
    #expect(try StateRowTests.check(spool) == [])
  }
}
