import Blocks
import Bytes
import DataAgent
import Filtering
import Fixtures
import Glibc
import Phases
import Posix
import Settings
import Spool

/// A spool of its own with an agent that runs in this process until nothing is left to do.
final class TestSpool {
  let layout: SpoolLayout
  private let scratch: Scratch
  /// What the agent said, over all its runs.
  private(set) var said: [String] = []
  /// What the configuration says of its one phase.
  var phase = "mix: {en: 1}"

  init(tokenizer: Bool = true) throws {
    scratch = try Scratch(isFast: true)
    layout = try SpoolLayout(scratch.directory.path)
    if tokenizer { try layout.tokenizer.replaceFile("tokenizer.json", with: TestSpool.tokenizer) }
  }

  /// Another process's spool.
  init(at path: Path) throws {
    scratch = try Scratch(at: path)
    layout = try SpoolLayout(path)
  }

  static var tokenizer: [UInt8] {
    get throws {
      let folder = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
      return try Directory(Path("/\(folder)/Fixtures/tokens")).read("tokenizer.json")
    }
  }

  static let configuration = """
    {
      spool: {rescan_s: 0.1, quiet_ms: 0, moved_ms: 0, poll_settle_s: 0.1, batch_documents: 16,
        high_water: 1, low_water: 1, reserve_mb: 1},
      clean: {enabled: false},
      tokenize: {vocab_size: 384, reserved_ids: 0},
      compose: {block_tokens: 1000, lookahead_blocks: 1000, seed: 3},
      phases: [{name: "main", blocks: 1000, mix: {en: 1}}],
    }
    """

  func settings(_ overrides: [String] = []) throws -> AgentSettings {
    let text = TestSpool.configuration.replacing("mix: {en: 1}", with: phase)
    var tree = try SettingTree(Array(text.utf8), file: "test.json5")
    for assignment in overrides { try tree.set(assignment) }
    return try AgentSettings(tree, phaseDefaults: PhaseDefaults())
  }

  /// Runs an agent until idle.
  func run(flush: Bool = false, _ overrides: [String] = [], rules: RuleSet? = nil) throws {
    let settings = try settings(overrides)
    var options = AgentOptions()
    options.untilIdle = true
    options.flush = flush
    options.useEvents = false
    let stages = try AgentStages(
      settings, rules: try rules ?? RuleSet.builtIn(), phrases: .builtIn,
      models: StageModels(channel: nil, genre: nil, quality: nil))
    let agent = try DataAgent(
      layout: layout, settings: settings, options: options, stages: stages, process: Int(getpid())
    ) { self.said.append($0) }
    try agent.run()
  }

  /// Drops a file under `incoming/`; its folder's documents are English.
  func drop(_ path: Path, _ bytes: [UInt8]) throws {
    let folder = path.parent.isEmpty ? layout.incoming : try layout.incoming.make(path.parent)
    if !folder.exists(".source.json5") { try folder.replaceFile(".source.json5", with: Array("{channel: 'en'}".utf8)) }
    try folder.replaceFile(path.name, with: bytes)
  }

  func drop(_ path: Path, _ texts: [String]) throws {
    let lines = texts.map { JSONWriter.compact(.object(["text": .string($0)])) + [0x0A] }
    try drop(path, lines.flatMap { $0 })
  }

  func json(_ path: Path) throws -> JSONValue {
    // `last-VERB.json` is a link.
    try JSONParser.parse(try layout.root.open(path.parent).openAnywhere(path.name).readAll())
  }
  var status: JSONValue { get throws { try json("status/agent.json") } }
  var documents: Int { get throws { try status["documents"]?.integer ?? -1 } }

  /// `in`, `kept`, ... of a source.
  func counts(_ source: String) throws -> [String: Int] {
    let members = try status["sources"]?[source]?.members ?? []
    return Dictionary(uniqueKeysWithValues: members.map { ($0.name, $0.value.integer ?? -1) })
  }

  var journal: [JSONValue] { get throws { try JournalFile.peek(layout.journal) } }
  func events(_ kind: String) throws -> [JSONValue] { try journal.filter { $0["ev"]?.string == kind } }

  /// Cuts the journal before its last record of a kind, as if the agent had died before it was written.
  func forget(last kind: String) throws {
    let bytes = try layout.journal.read(JournalFile.name)
    let lines = bytes.split(separator: 0x0A)
    guard let index = lines.lastIndex(where: { $0.starts(with: "{\"ev\":\"\(kind)\"".utf8) }) else {
      throw Missing(kind: kind)
    }
    try layout.journal.replaceFile(JournalFile.name, with: Array(bytes[..<lines[index].startIndex]))
  }

  struct Missing: Error { let kind: String }

  /// All that is published, by path: what a run must not change and two runs must make alike.
  func published() throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for folder in [layout.corpus, layout.blocks] {
      for name in try folder.names() { files["\(folder.path.name)/\(name)"] = try folder.read(name) }
    }
    return files
  }

  /// Every file of the spool by its path, with its digest.
  func digests() throws -> [String: String] {
    var found: [String: String] = [:]
    func visit(_ folder: Directory, _ path: String) throws {
      for name in try folder.names() {
        if let below = try? folder.open(name) {
          try visit(below, "\(path)/\(name)")
        } else {
          found["\(path)/\(name)"] = (try? folder.read(name)).map { Digest.hex(Digest.sha256($0)) } ?? "link"
        }
      }
    }
    try visit(layout.root, "")
    return found
  }

  /// The published blocks' files; manifests, which hold the time, by name only.
  func blocks() throws -> [String: [UInt8]] {
    var files = try published().filter { $0.key.hasPrefix("blocks/") }
    for name in files.keys where name.hasSuffix(".json") { files[name] = [] }
    return files
  }

  /// The text of every document in the corpus, in order.
  func texts() throws -> [String] { try lines().map { try JSONParser.parse($0)["text"]?.string ?? "" } }

  /// The line of every document in the corpus, in order.
  func lines() throws -> [[UInt8]] {
    var found: [[UInt8]] = []
    for record in try events("batch") {
      let batch = try CorpusBatch(CorpusName(record["number"]?.integer ?? -1), in: layout.corpus)
      var cache = FrameCache()
      for index in 0..<batch.count {
        let offset = LittleEndian.read(UInt64.self, batch.record(index), at: 0)
        let length = LittleEndian.read(UInt32.self, batch.record(index), at: 8)
        found.append(try batch.text(at: Int(offset), length: Int(length), &cache))
      }
    }
    return found
  }

  func block(_ number: Int) throws -> JSONValue { try json(Path("blocks/\(BlockName(number: number).manifest)")) }
  var claimed: [Path] { get throws { try layout.claimed.names() } }
}

/// Different English-looking texts, the same for the same seed.
func texts(_ count: Int, seed: UInt64, words: Int = 60) -> [String] {
  let list = [
    "the", "river", "stone", "of", "a", "quiet", "morning", "light", "and", "then", "every", "house", "under",
    "mountain", "carried", "water",
    "to", "north", "field", "where", "old", "trees", "were", "planted", "by", "people", "who", "knew", "names", "for",
    "birds", "winter",
  ]
  var state = seed
  return (0..<count).map { number in
    (0..<words).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return list[Int(state >> 59)]
    }.joined(separator: " ") + " \(seed) \(number)."
  }
}
