import Bytes
import Documents
import Filtering
import Posix

/// A bounded random sample of what each rule removed, to be read by a person: of all documents a rule ever removed,
/// those
/// with the smallest hash are kept, so the sample is uniform and the same whatever the batches were.
final class FilteredSamples {
  private struct Sample {
    var rows: [(key: UInt64, line: [UInt8])] = []
    var changed = false
  }

  private let folder: Directory
  private let limit: Int
  private var samples: [String: Sample] = [:]

  private let rules: RuleSet?
  private let phrases: PhraseLists

  /// - Parameter rules: what removes documents; nil where nothing is removed.
  init(_ folder: Directory, limit: Int, rules: RuleSet?, phrases: PhraseLists) {
    self.folder = folder
    self.rules = rules
    self.phrases = phrases
    self.limit = limit
    for name in (try? folder.names()) ?? [] { samples[name.description] = load(name) }
  }

  private func load(_ rule: Path) -> Sample {
    guard let bytes = try? folder.read(rule / "sample.jsonl") else { return Sample() }
    var sample = Sample()
    for line in bytes.split(separator: 0x0A) {
      guard let value = try? JSONParser.parse(Array(line)), let id = value["id"]?.string.flatMap({ Identifier($0) })
      else { continue }
      sample.rows.append((id.low, Array(line)))
    }
    return sample
  }

  /// A document that the rule removed.
  func add(_ document: Document, _ hit: RuleHit, channel: String) {
    add(hit.rule, document.id.low) {
      members(hit, document, channel)
        + (place(hit, document).map { [JSONMember("place", $0)] } ?? [])
        + [JSONMember("text", .text(document.text))]
    }
  }

  /// A line that the rule took out of the document.
  func add(_ drop: DroppedLines, of document: Document, channel: String) {
    add(drop.first.rule, document.id.low) {
      members(drop.first, document, channel) + [
        JSONMember("lines", .integer(drop.count)), JSONMember("offset", .integer(drop.offset)),
        JSONMember("line", .text(drop.excerpt)),
      ]
    }
  }

  private func members(_ hit: RuleHit, _ document: Document, _ channel: String) -> [JSONMember] {
    [
      JSONMember("rule", .string(hit.rule)), JSONMember("signal", .string(hit.signal)),
      JSONMember("value", .number(Double(hit.value))), JSONMember("threshold", .number(Double(hit.threshold))),
      JSONMember("channel", .string(channel)), JSONMember("source", .string(document.source)),
      JSONMember("origin", .string(document.origin)), JSONMember("id", .string(document.id.description)),
    ]
  }

  /// Where in the text the rule's signal or pattern shows itself, with some of it.
  private func place(_ hit: RuleHit, _ document: Document) -> JSONValue? {
    let text = document.text
    let place = RulePlace.find(hit, in: text, document.segments, rules: rules, phrases: phrases)
    guard let range = place else { return nil }
    return .object([
      "offset": .integer(range.lowerBound), "length": .integer(range.count),
      "excerpt": .text(RulePlace.excerpt(text, range)),
    ])
  }

  private func add(_ rule: String, _ key: UInt64, _ members: () -> [JSONMember]) {
    var sample = samples[rule] ?? Sample()
    if sample.rows.count >= limit, let last = sample.rows.last, last.key <= key { return }
    if limit == 0 || sample.rows.contains(where: { $0.key == key }) { return }
    sample.rows.append((key, JSONWriter.compact(.object(members()))))
    sample.rows.sort { $0.key < $1.key }
    if sample.rows.count > limit { sample.rows.removeLast() }
    sample.changed = true
    samples[rule] = sample
  }

  /// Writes the samples that changed. They are for reading, not for recovery: no fsync.
  func write() throws(SystemError) {
    for (rule, sample) in samples where sample.changed {
      let directory = try folder.make(Path(rule))
      try directory.replaceFile("sample.jsonl", with: sample.rows.flatMap { $0.line + [0x0A] }, durable: false)
      samples[rule]?.changed = false
    }
  }
}
