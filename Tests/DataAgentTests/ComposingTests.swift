import Blocks
import Bytes
import DataAgent
import Posix
import Spool
import Testing

/// What the agent does around the composer: orders that need what documents carry, parts of the mix that run dry.
@Suite struct ComposingTests {
  /// Commands that die while they are told something.
  init() { Signals.install() }

  /// Documents of very different lengths, as lines.
  private static func various(_ count: Int, seed: UInt64) -> [String] {
    (0..<count).map { texts(1, seed: seed * 1000 + UInt64($0), words: 20 + 11 * $0 % 97)[0] }
  }

  /// Lines with a number `ppl` in their metadata, for one in two.
  private static func lines(_ texts: [String], hasSignal: Bool) -> [UInt8] {
    texts.enumerated().flatMap { index, text in
      var members = [JSONMember("text", .string(text))]
      if hasSignal && index % 2 == 0 { members.append(JSONMember("ppl", .integer(1000 - text.utf8.count))) }
      return JSONWriter.compact(.object(members)) + [0x0A]
    }
  }

  /// Lengths of the first block's sequences, in block order.
  private static func lengths(_ spool: TestSpool) throws -> [Int] {
    let block = try Block(spool.layout.blocks, number: 0)
    return (0..<block.sequences).map { block.length($0) }
  }

  private static func rise(_ lengths: [Int]) -> Double {
    let half = lengths.count / 2
    return Double(lengths[half...].reduce(0, +)) / Double(lengths.count - half)
      / (Double(lengths[..<half].reduce(0, +)) / Double(half))
  }

  private static let bands = ["compose.curriculum_bands=8", "compose.block_tokens=12000"]

  @Test func aCurriculumGoesByANumberThatDocumentsCarry() throws {
    let spool = try TestSpool()
    try spool.drop("a/a.jsonl", Self.lines(Self.various(60, seed: 71), hasSignal: true))
    spool.phase = "mix: {en: 1}, order: 'curriculum', curriculum: '-ppl'"
    try spool.run(flush: true, Self.bands)
    let other = try TestSpool()
    try other.drop("a/a.jsonl", Self.lines(Self.various(60, seed: 71), hasSignal: true))
    other.phase = "mix: {en: 1}, order: 'curriculum', curriculum: 'ppl'"
    try other.run(flush: true, Self.bands)
    // The longer, the smaller the number.
    #expect(try Self.rise(Self.lengths(spool)) > Self.rise(Self.lengths(other)) * 1.05)
    #expect(try spool.block(0)["order"]?.string == "curriculum")
    #expect(try spool.block(0)["phase"]?["curriculum"]?.string == "-ppl")
  }

  @Test func aCommandIsAskedForWhatDocumentsDoNotCarry() throws {
    let spool = try TestSpool()
    try spool.drop("a/a.jsonl", Self.lines(Self.various(60, seed: 72), hasSignal: false))
    // The longer the line, the higher the number.
    let command = "while read -r l; do [ -z \"$l\" ] || echo \"{\\\"ppl\\\": ${#l}}\"; done"
    spool.phase = "mix: {en: 1}, order: 'curriculum', curriculum: 'ppl'"
    try spool.run(flush: true, Self.bands + ["compose.command=\(command)"])
    #expect(try Self.rise(Self.lengths(spool)) > 1.3)
  }

  @Test func aCommandThatDiesIsNamed() throws {
    let spool = try TestSpool()
    try spool.drop("a/a.jsonl", Self.lines(texts(20, seed: 73), hasSignal: false))
    spool.phase = "mix: {en: 1}, order: 'semantic'"
    do {
      try spool.run(flush: true, ["compose.command=echo broken >&2; exit 3"])
      Issue.record("it ran")
    } catch {
      #expect("\(error)".contains("compose.command") && "\(error)".contains("broken"), "\(error)")
    }
    // Nothing is lost by it.
    try spool.run(flush: true)
    #expect(try spool.events("block").count > 1)
    #expect(try spool.block(0)["order"]?.string == "semantic")
  }

  @Test("Vectors of a command decide what stands beside what")
  func embedder() throws {
    let spool = try TestSpool()
    let mixed = (0..<70).map { texts(1, seed: 74_000 + UInt64($0), words: $0 % 2 == 0 ? 20 : 100)[0] }
    try spool.drop("a/a.jsonl", Self.lines(mixed, hasSignal: false))
    // Long ones one way, short ones the other.
    let command =
      "n=0; while read -r l; do n=$((n + 1)); [ -z \"$l\" ] || "
      + "echo \"{\\\"embedding\\\": [$((${#l} > 400)), $((${#l} <= 400)), 0.$((n % 7)), 0.$((n * 3 % 8))]}\"; done"
    spool.phase = "mix: {en: 1}, order: 'semantic'"
    try spool.run(flush: true, Self.bands + ["compose.command=\(command)"])
    // Each cluster is of one kind: where long and short ones meet is between clusters of up to 21.
    let lengths = try Self.lengths(spool)
    let isLong = lengths.map { 2 * $0 > lengths.min()! + lengths.max()! }
    let changes = zip(isLong, isLong.dropFirst()).count { $0 != $1 }
    #expect(isLong.contains(true) && isLong.contains(false) && changes < 12, "\(changes) of \(isLong.count)")
  }

  private static func mixed(_ english: Int, zh: String = "z") throws -> TestSpool {
    let spool = try TestSpool()
    try spool.drop("a/a.jsonl", texts(english, seed: 75))
    try spool.layout.incoming.make(Path(zh)).replaceFile(".source.json5", with: Array("{channel: 'zh'}".utf8))
    try spool.drop(Path(zh + "/z.jsonl"), texts(6, seed: 76))
    spool.phase = "mix: {en: 1, zh: 1}"
    return spool
  }

  @Test func whatRunsDryIsToldBeforeItIsGone() throws {
    // Read before the rest: what comes then has no more of it.
    let spool = try Self.mixed(40, zh: "0")
    try spool.run(["compose.block_tokens=400"])
    let blocks = try spool.events("block").count
    let told = spool.said.filter { $0.contains("'zh' runs dry") }
    #expect(blocks > 3 && told.contains { $0.contains("tokens are 0 whole blocks") }, "\(spool.said)")
    #expect(
      told.contains { $0.contains("are 1 whole blocks") } && told.allSatisfy { $0.contains("compose.when_dry=reuse") },
      "\(spool.said)")
    let status = try JSONParser.parse(try spool.layout.status.read("agent.json"))
    #expect(status["supply"]?["zh"]?["blocks_left"]?.integer == 0)
    #expect(status["alerts"]?.array?.contains { $0.string?.contains("'zh' runs dry") == true } == true)
  }

  @Test func theOthersTakeTheShareOfWhatRanDry() throws {
    let spool = try Self.mixed(40)
    let settings = ["compose.block_tokens=400", "compose.when_dry=rebalance"]
    try spool.run(settings)
    let blocks = try spool.events("block").map { try spool.block($0["number"]?.integer ?? -1) }
    let rebalanced = blocks.filter { $0["composition"]?["rebalanced"]?.bool == true }
    #expect(rebalanced.count > 3 && blocks.count > rebalanced.count + 3)
    #expect(blocks.allSatisfy { $0["tokens"]?.integer == 400 && $0["short"]?.bool == false })
    #expect(blocks.first?["composition"] == nil)
  }

  /// Died between the intent and the manifest of a rebalanced block: the start makes the same one.
  @Test("K11: a rebalanced block is made again with the shares that were decided")
  func rebalancedAgain() throws {
    let spool = try Self.mixed(40)
    let settings = ["compose.block_tokens=400", "compose.when_dry=rebalance"]
    try spool.run(settings)
    let last = try spool.lastBlock
    #expect(try spool.events("block-intent").last?["rebalanced"]?.bool == true)
    let before = try spool.layout.blocks.read(Path(BlockName.part(last) + ".bin"))
    for suffix in ["json", "channels", "idx", "bin"] { try spool.layout.blocks.remove(try spool.blockFile(suffix)) }
    try spool.forget(last: "block")
    try spool.run(settings)
    #expect(try spool.layout.blocks.read(Path(BlockName.part(last) + ".bin")) == before)
    #expect(try spool.block(last)["revision"]?.integer == 1)
  }

  @Test("Splitting, injection, gap and semantic order: the same bytes from two runs and after a restart at each block")
  func everythingIsRepeatable() throws {
    let settings =
      Self.bands + [
        "compose.split_tokens=100", "compose.inject=[\"Creed=3000\"]", "compose.min_gap_tokens=9000",
        "compose.max_uses=3",
        "compose.block_tokens=6000",
      ]
    func run(_ files: [String], restarting: Bool) throws -> (TestSpool, [[UInt8]]) {
      let spool = try TestSpool()
      spool.phase = "mix: {en: 2, 'en source=b': 1}, order: 'semantic'"
      for (index, name) in files.enumerated() {
        try spool.drop(Path(name), texts(name.hasPrefix("Creed") ? 2 : 90, seed: UInt64(80 + index)))
        if restarting { try spool.run(settings) }
      }
      try spool.run(flush: false, settings)
      let numbers = try BlockManifest.numbers(in: spool.layout.blocks)
      return (spool, try numbers.map { try spool.layout.blocks.read(Path(BlockName.part($0) + ".bin")) })
    }
    let files = ["Creed/c.jsonl", "a/a.jsonl", "b/b.jsonl"]
    let (spool, first) = try run(files, restarting: false)
    let (_, second) = try run(files, restarting: false)
    #expect(first.count >= 3 && first == second)
    let manifest = try spool.block(1)
    #expect(manifest["composition"]?["injected"]?["sequences"]?.integer == 2)
    #expect(manifest["composition"]?["parts"]?["en source=b"]?.integer ?? 0 > 1800)
    #expect(manifest["continuations"]?.integer ?? 0 > 5)
    // Of its two documents each block has one use or more.
    let why = try DocumentHistory(spool.layout, channels: spool.settings().channels)
    #expect(try why.explain("Creed/c.jsonl").contains { $0.contains("2 documents") })
    let (_, restarted) = try run(files, restarting: true)
    #expect(restarted.count >= 3)
  }
}
