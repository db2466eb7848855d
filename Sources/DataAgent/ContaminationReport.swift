import Blocks
import Bytes
import Decontamination
import Posix
import Spool
import Suites

/// `eval/contamination/KIND-NAME.json`: for people, which documents hold which item of a suite, what of it is common,
/// and which blocks hold such documents. Made from the state, so it may be removed at any time.
final class ContaminationReport {
  /// Documents listed by item, and items and n-grams listed by suite, at most.
  private static let listed = (documents: 20, items: 10_000, ngrams: 200)
  private let state: AgentState
  private let folder: Directory
  private var nextTime = -Double.infinity
  /// Documents that were contaminated, and blocks, when it was written last.
  private var written = (documents: -1, blocks: [BlockName]())
  var isDue = false

  static let folder: Path = "eval/contamination"

  init(_ state: AgentState) throws(SystemError) {
    self.state = state
    folder = try state.layout.root.make(ContaminationReport.folder)
    // Reports of an earlier process may be behind.
    isDue = true
  }

  static func name(_ id: String) -> Path { Path(escaped: String(id.map { $0 == "/" ? "-" : $0 }) + ".json") }

  func write(isIdle: Bool) throws {
    let now = (documents: state.contaminated, blocks: state.blocks.map(\.name))
    if now != written { isDue = isDue || state.sieve != nil }
    guard isDue, isIdle || Clock.monotonic() >= nextTime else { return }
    if state.suites.current.isEmpty == false, state.sieve == nil { return }
    let found = documents()
    let blocks = try blocks(Set(found.values.joined()))
    var names: Set<Path> = []
    for (source, entry) in state.suites.current.enumerated() {
      let name = ContaminationReport.name(entry.id)
      names.insert(name)
      let bytes = JSONWriter.pretty(report(source, entry, found, blocks))
      if (try? folder.read(name)) == bytes { continue }
      try state.patience.wait { () throws(SystemError) in
        try folder.replaceFile(name, with: bytes, durable: false)
      }
    }
    for name in try folder.names() where !names.contains(name) && !name.hasPrefix(".") && name.hasSuffix(".json") {
      try folder.remove(name)
    }
    isDue = false
    written = now
    nextTime = Clock.monotonic() + 5
  }

  /// Contaminated documents by item.
  private func documents() -> [UInt32: [Int]] {
    var found: [UInt32: [Int]] = [:]
    for ordinal in 0..<state.table.count {
      if case .contaminated(let item) = state.table.state(ordinal) { found[item, default: []].append(ordinal) }
    }
    return found
  }

  /// Published blocks by the documents that they hold.
  private func blocks(_ documents: Set<Int>) throws -> [Int: [Int]] {
    var blocks: [Int: [Int]] = [:]
    if !documents.contains(where: { state.table.uses[$0] > 0 }) { return [:] }
    for block in state.blocks {
      for ordinal in try DrawFile.read(block.intent, in: state.layout).ordinals where documents.contains(Int(ordinal)) {
        blocks[Int(ordinal), default: []].append(block.number)
      }
    }
    return blocks
  }

  private func report(
    _ source: Int, _ entry: SuiteHistory.Entry, _ found: [UInt32: [Int]], _ blocks: [Int: [Int]]
  ) -> JSONValue {
    let suite = state.sieve?.rule.index.sources[source]
    let items = found.filter { Int($0.key) >= entry.first && Int($0.key) < entry.first + entry.items }
      .sorted { $0.key < $1.key }
    let all = items.flatMap(\.value)
    let inBlocks = Set(all.flatMap { blocks[$0] ?? [] }).sorted()
    let list = items.prefix(Self.listed.items).map { number, documents -> JSONValue in
      let item = suite?.items[Int(number) - entry.first]
      return .object([
        "item": .string(item?.id ?? ""), "line": .integer(item?.line ?? 0), "documents": .integer(documents.count),
        "list": .array(documents.prefix(Self.listed.documents).map { document($0, blocks[$0] ?? []) }),
      ])
    }
    let short = state.sieve?.rule.index.tooShort[source] ?? []
    return .object([
      "suite": .string(entry.id), "sha256": .string(entry.sha256), "items": .integer(entry.items),
      "contaminated_documents": .integer(all.count), "contaminated_items": .integer(items.count),
      "blocks": .array(
        inBlocks.map { number in
          let held = all.filter { blocks[$0]?.contains(number) == true }
          return .object(["block": .integer(number), "documents": .integer(held.count)])
        }),
      "found": .array(list), "too_short": .array(short.map { .string(suite?.items[$0].id ?? "") }),
      "unreadable_lines": .array((suite?.unreadable ?? []).map { .integer($0) }), "common_ngrams": common(source),
    ])
  }

  private func document(_ ordinal: Int, _ blocks: [Int]) -> JSONValue {
    .object([
      "id": .string(state.table.id(ordinal).description), "source": .string(state.source(of: ordinal)),
      "blocks": .array(blocks.map { .integer($0) }),
    ])
  }

  /// The suite's n-grams that are common in the corpus and so not looked for, the most common first.
  private func common(_ source: Int) -> JSONValue {
    guard let index = state.sieve?.rule.index else { return .array([]) }
    let held = index.ngrams(of: source, among: Set(state.suites.common.keys))
    let counts = state.suites.common.filter { held.contains($0.key) }
    let most = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(Self.listed.ngrams)
    let texts = index.texts(of: Set(most.map(\.key)))
    return .object([
      "count": .integer(counts.count), "counted_documents": .integer(state.suites.counted),
      "list": .array(
        most.map { hash, documents in
          .object(["documents": .integer(documents), "text": .text(texts[hash] ?? [])])
        }),
    ])
  }
}
