import Bytes
import Posix
import Testing

/// What must come out alike, however often the processes were killed on the way.
struct SpoolOutcome {
  /// Id and state of every document, in order.
  var documents: [String] = []
  var sources: [String: [String: Int]] = [:]
  /// SHA-256 by path: blocks with their manifests, the tokenizer, what was rejected, results of evaluation.
  var files: [String: String] = [:]
  /// SHA-256 of weights and moments of every checkpoint after a block and of those that were asked for.
  var weights: [String: String] = [:]
  var head = ""

  init(_ scene: Scene) throws {
    documents = try scene.documentStates()
    sources = scene.sources()
    for folder in ["blocks", "tokenizer", "rejected"] as [Path] {
      files.merge(try scene.digests(folder) { !$0.contains("README") }) { a, _ in a }
    }
    for (path, digest) in try scene.digests("eval/results") { files[SpoolOutcome.plain(path)] = digest }
    for (path, digest) in try scene.digests("checkpoints", where: { $0.hasSuffix(".safetensors") }) {
      // Checkpoints made by the clock are where time put them.
      if !path.contains("/auto-") { weights[SpoolOutcome.plain(path)] = digest }
    }
    head = scene.head.map(SpoolOutcome.plain) ?? ""
  }

  /// A request's number may differ (a death between numbering and taking leaves a gap): save-0000120-3 is save-0000120.
  private static func plain(_ path: String) -> String {
    path.split(separator: "/").map { part in
      guard let save = part.firstRange(of: "save-"), let dash = part[save.upperBound...].firstIndex(of: "-") else {
        return String(part)
      }
      return String(part[..<dash])
    }.joined(separator: "/")
  }

  func expectSame(as other: SpoolOutcome, _ what: String, at place: SourceLocation = #_sourceLocation) {
    // Compared apart from the expectation, which would print thousands of them.
    let first = zip(documents, other.documents).first { $0 != $1 }
    let areSame = documents == other.documents
    #expect(
      areSame,
      "\(what): \(documents.count) documents, not \(other.documents.count); first difference \(String(describing: first))",
      sourceLocation: place)
    for source in Set(sources.keys).union(other.sources.keys).sorted() {
      #expect(sources[source] == other.sources[source], "\(what): counts of \(source)", sourceLocation: place)
    }
    SpoolOutcome.expectSame(files, other.files, "\(what): files", place)
    SpoolOutcome.expectSame(weights, other.weights, "\(what): weights", place)
    #expect(head == other.head, "\(what): HEAD", sourceLocation: place)
  }

  private static func expectSame(_ a: [String: String], _ b: [String: String], _ what: String, _ place: SourceLocation)
  {
    let different = Set(a.keys).union(b.keys).filter { a[$0] != b[$0] }.sorted()
    let told = different.map { "\($0)\(a[$0] == nil ? " is missing" : b[$0] == nil ? " is too much" : " differs")" }
    #expect(different.isEmpty, "\(what): \(told.joined(separator: ", "))", sourceLocation: place)
  }
}

extension Scene {
  /// Id and state of every document, from the batches' records and the changes the journal holds.
  func documentStates() throws -> [String] {
    var ids: [String] = []
    var states: [[Int]] = []
    for batch in try journal() where ["batch", "rejudged"].contains(batch["ev"]?.string) {
      for change in batch["list"]?.array ?? [] { SpoolOutcomeState.note(change, &states) }
      guard batch["ev"]?.string == "batch" else { continue }
      let number = try #require(batch["number"]?.integer)
      let count = try #require(batch["count"]?.integer)
      let stem = String(100_000_000 + number).dropFirst()
      let records = try spool.read(Path("corpus/\(stem).meta"))
      let header = 32
      let size = count == 0 ? 0 : (records.count - header) / count
      try #require(count == 0 || records.count == header + size * count)
      for index in 0..<count {
        let record = records[(header + index * size)...]
        let start = record.startIndex
        ids.append(Hex.encode(record[(start + 16)..<(start + 32)]))
        states.append([Int(record[start + 59])] + record[(start + 60)..<(start + 64)].map { Int($0) })
      }
      for change in batch["changes"]?.array ?? [] {
        SpoolOutcomeState.note(change, &states)
      }
    }
    return zip(ids, states).map { "\($0) \($1)" }
  }
}

/// A change of state as the journal writes it, and as a record's bytes say it.
private enum SpoolOutcomeState {
  static func note(_ change: JSONValue, _ states: inout [[Int]]) {
    let parts = (change.array ?? []).compactMap(\.integer)
    states[parts[0]] = [parts[1]] + (0..<4).map { (parts[2] >> (8 * $0)) & 255 }
  }
}
