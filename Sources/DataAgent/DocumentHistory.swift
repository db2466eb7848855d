import Bytes
import Deduplication
import Documents
import Filtering
import Posix
import Spool
import Suites

/// Answers `why ID|FILE` from what is on disk, without disturbing a running agent.
public struct DocumentHistory {
  private let layout: SpoolLayout
  private let channels: ChannelTable
  private let rules: RuleSet?
  private(set) var table = DocumentTable()
  private var claims: [Claim] = []
  private var ended: [Int: ClaimProgress] = [:]
  private var draws: [DrawRecord] = []
  private var suites = SuiteHistory()
  private var thresholds = ThresholdHistory()
  let corpus: Corpus

  /// - Parameter rules: those in force, which know what their patterns match.
  public init(_ layout: SpoolLayout, channels: ChannelTable, rules: RuleSet? = nil) throws {
    self.layout = layout
    self.channels = channels
    self.rules = rules
    corpus = Corpus(layout.corpus)
    var blocks = BlockHistory()
    try JournalReader(layout.journal).readAll { record in
      try note(record)
      try blocks.note(record)
    }
    for intent in blocks.published { draws.append(try DrawFile.read(intent, in: layout)) }
  }

  private mutating func note(_ record: JSONValue) throws {
    switch record["ev"]?.string {
    case "claim": if let claim = Claim(record) { claims.append(claim) }
    case "batch":
      try open(record["count"]?.integer ?? 0)
      note(changes: record["changes"], progress: record["progress"])
    // The oldest segments were removed: a snapshot says what they left.
    case "batches": for count in (record["list"]?.array ?? []).compactMap(\.integer) { try open(count) }
    case "changes": note(changes: record["list"], progress: nil)
    case "suites": suites.note(record)
    case "judged":
      suites.note(record)
      note(changes: record["changes"], progress: nil)
    case "rejudged", "thresholds": for (ordinal, state) in thresholds.note(record) { table.set(ordinal, state) }
    case "progress": note(changes: nil, progress: record["list"])
    default: break
    }
  }

  private mutating func open(_ count: Int) throws {
    let number = table.batches
    try corpus.open(CorpusName(number))
    table.beginBatch(at: table.count)
    for index in 0..<count { table.append(DocumentRecord(try corpus.record((number, index)))) }
  }

  private mutating func note(changes: JSONValue?, progress: JSONValue?) {
    for change in changes?.array ?? [] {
      if let (ordinal, state) = DocumentState.change(change) { table.set(ordinal, state) }
    }
    for progress in progress?.array ?? [] {
      guard let claim = progress["claim"]?.integer, let progress = ClaimProgress(progress) else { continue }
      ended[claim] = progress
    }
  }

  /// Lines that tell what became of a document (by id or text id) or of a file (by its path or name).
  public func explain(_ query: String) throws -> [String] {
    if let id = Identifier(query) {
      let found = (0..<table.count).filter { table.id($0) == id || table.textID($0) == id }
      return found.isEmpty ? ["no document has the id \(query)"] : try found.flatMap { try document($0) }
    }
    let drops = DropHistory(layout)
    let taken = claims.filter { drops.isMeant($0.path, by: query) }.flatMap { fileLines($0) }
    let waiting = drops.notTaken(query)
    if !taken.isEmpty || !waiting.isEmpty { return taken + waiting }
    return ["no file of that name was taken or waits under incoming/"]
  }

  private func document(_ ordinal: Int) throws -> [String] {
    let place = table.place(of: ordinal)
    let line = try corpus.line(place)
    let value = try? JSONParser.parse(line)
    var text = "document \(ordinal) \(table.id(ordinal)): \(table.state(ordinal).name)"
    switch table.state(ordinal) {
    case .duplicate(let other), .superseded(let other):
      text += " of document \(other) \(table.id(Int(other)))" + likeness(ordinal, Int(other))
    case .filtered:
      text +=
        " by rule \(value?["filtered"]?["rule"]?.string ?? "?"), value \(value?["filtered"]?["value"]?.number ?? 0), "
        + "threshold \(value?["filtered"]?["threshold"]?.number ?? 0)"
    case .contaminated(let item): text += contamination(item)
    default: break
    }
    var lines = [text]
    lines.append("  from \(value?["source"]?.string ?? "?")/\(value?["origin"]?.string ?? "?")")
    lines.append(
      "  channel \(channels.name(table.channel(ordinal))), genre \(table.genre(ordinal).name), score \(table.score(ordinal))"
        + (value?["scored_by"]?.string.map { " by \($0)" } ?? "")
    )
    let others = alike(ordinal)
    if others > 0 { lines.append("  cluster of \(others + 1): \(others) documents were dropped for it") }
    lines += ruleLines(value)
    lines.append("  in corpus/\(CorpusName(place.batch).text), record \(place.index)")
    for draw in draws {
      for piece in draw.pieces where Int(piece.ordinal) == ordinal {
        lines.append("  in block \(draw.intent.number): \(piece.count) tokens from token \(piece.start)")
      }
    }
    return lines
  }

  /// How many documents count as this one: how often it was found is a sign of what people think of it.
  private func alike(_ ordinal: Int) -> Int {
    let own = UInt32(ordinal)
    return (0..<table.count).count {
      let state = table.state($0)
      return state == .duplicate(of: own) || state == .superseded(by: own)
    }
  }

  /// By what two documents are alike; nothing where a text is not there any more.
  private func likeness(_ ordinal: Int, _ other: Int) -> String {
    func facts(_ ordinal: Int) -> (sketch: DocumentSketch, text: [UInt8])? {
      let place = table.place(of: ordinal)
      guard let bytes = try? corpus.record(place), let sketch = DocumentSketch(DocumentRecord.sketch(bytes)),
        let text = try? corpus.text(place)
      else { return nil }
      return (sketch, text)
    }
    guard let a = facts(ordinal), let b = facts(other) else { return "" }
    let likeness = Likeness(a.sketch, a.text, b.sketch, b.text, channel: table.channel(ordinal).index)
    switch likeness {
    case .address: return ", the same URL (url)"
    case .exact: return ", equal but for case, width, spaces and punctuation (exact)"
    case .near(let similarity):
      return ", similarity \((similarity * 1000).rounded() / 1000) of their shingles (near)"
        + chosen(table.channel(ordinal))
    }
  }

  /// The threshold, where it was chosen for a number of tokens.
  private func chosen(_ channel: Channel) -> String {
    let name = channels.name(channel)
    guard
      let choice = thresholds.choices.first(where: { $0.name == name })
        ?? thresholds.choices.first(where: {
          $0.name == TokenTargets.rest
        })
    else { return "" }
    return "; \(choice.threshold) was chosen to leave \(choice.wanted) tokens, after \(thresholds.cut) documents"
  }

  private static func hit(_ filtered: JSONValue) -> RuleHit? {
    guard let rule = filtered["rule"]?.string, let signal = filtered["signal"]?.string else { return nil }
    return RuleHit(rule: rule, value: 0, threshold: 0, signal: signal)
  }

  /// Where in the text the rule's signal shows itself, and what else rules did.
  private func ruleLines(_ line: JSONValue?) -> [String] {
    var lines: [String] = []
    if let hit = line?["filtered"].flatMap(DocumentHistory.hit), let text = line?["text"]?.bytes,
      let range = RulePlace.find(hit, in: text, [], rules: rules, phrases: .builtIn)
    {
      let excerpt = String(decoding: RulePlace.excerpt(text, range), as: UTF8.self)
      lines.append("  \(hit.signal) shows at byte \(range.lowerBound): \(excerpt.debugDescription)")
    }
    for flag in line?["rule_flags"]?.array ?? [] { lines.append("  flagged by rule \(flag.string ?? "?")") }
    for member in line?["dropped_lines"]?.members ?? [] {
      lines.append("  \(member.value.integer ?? 0) lines dropped by rule \(member.name)")
    }
    return lines
  }

  /// The suite and the item that a document holds; by the item's id when the suite is still what it was.
  private func contamination(_ number: UInt32) -> String {
    guard let (entry, index) = suites.item(number) else { return " by a suite that the journal does not name" }
    let parts = entry.id.split(separator: "/", maxSplits: 1).map(String.init)
    guard parts.count == 2, let kind = SuiteSource.Kind(rawValue: parts[0]),
      let bytes = try? layout.suites.open(Path(parts[0])).read(Path(escaped: parts[1]) + ".jsonl", limit: 1 << 30)
    else { return " by \(entry.id), item number \(index + 1); the suite is not there any more" }
    let suite = SuiteSource(kind: kind, name: parts[1], bytes: bytes)
    guard suite.sha256 == entry.sha256, index < suite.items.count else {
      return " by \(entry.id), item number \(index + 1); the suite has changed since"
    }
    return " by \(entry.id), item \(suite.items[index].id) on line \(suite.items[index].line)"
  }

  /// What holds the agent up, as it told last.
  private var waiting: String? {
    guard let told = try? JSONParser.parse(try layout.status.read("agent.json")), let message = told["message"]?.string,
      ["held", "paused"].contains(told["state"]?.string ?? ""), !message.isEmpty
    else { return nil }
    return message
  }

  private func fileLines(_ claim: Claim) -> [String] {
    let head = "\(claim.path): taken as number \(claim.sequence)"
    guard let progress = ended[claim.sequence] else {
      return [head + ", nothing of it is committed yet"] + (waiting.map { ["  the agent waits: \($0)"] } ?? [])
    }
    var states: [String: Int] = [:]
    for ordinal in 0..<table.count where table.claim(ordinal) == claim.sequence {
      states[table.state(ordinal).name, default: 0] += 1
    }
    let counts = states.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    var lines = [head + ": \(progress.documents) documents (\(counts)), \(progress.badLines) bad lines"]
    if case .rejected(let code, let message, let offset, let remedy) = progress.end {
      lines.append("  rejected: \(code) at byte \(offset): \(message); \(remedy)")
      lines += DropHistory(layout).places(of: claim)
    }
    return lines
  }
}
