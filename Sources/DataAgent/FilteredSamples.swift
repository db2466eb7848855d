import Bytes
import Documents
import Posix

/// A bounded random sample of what each rule removed, to be read by a person: of all documents a rule ever removed, those
/// with the smallest hash are kept, so the sample is uniform and the same whatever the batches were.
final class FilteredSamples {
  private struct Sample {
    var rows: [(key: UInt64, line: [UInt8])] = []
    var changed = false
  }

  private let folder: Directory
  private let limit: Int
  private var samples: [String: Sample] = [:]

  init(_ folder: Directory, limit: Int) {
    self.folder = folder
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

  func add(_ document: Document, _ hit: RuleHit, channel: String) {
    var sample = samples[hit.rule] ?? Sample()
    let key = document.id.low
    if sample.rows.count >= limit, let last = sample.rows.last, last.key <= key { return }
    if sample.rows.contains(where: { $0.key == key }) { return }
    let line = JSONValue.object([
      "rule": .string(hit.rule), "value": .number(Double(hit.value)), "threshold": .number(Double(hit.threshold)),
      "channel": .string(channel), "source": .string(document.source), "origin": .string(document.origin),
      "id": .string(document.id.description), "text": .text(document.text),
    ])
    sample.rows.append((key, JSONWriter.compact(line)))
    sample.rows.sort { $0.key < $1.key }
    if sample.rows.count > limit { sample.rows.removeLast() }
    sample.changed = true
    samples[hit.rule] = sample
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
