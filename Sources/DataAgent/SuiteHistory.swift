import Bytes

/// What the journal says of suites: which are looked for, from which document on, and how far the documents before it
/// were judged. What a block may draw follows from it, not from the moment a suite was dropped.
struct SuiteHistory: Equatable {
  /// A suite as it was when it was first looked for. Items of all suites ever are numbered in one row, so that the
  /// state of a document names its item by one number.
  struct Entry: Equatable {
    let id: String
    let sha256: String
    let first: Int
    let items: Int

    var json: JSONValue { .array([.string(id), .string(sha256), .integer(first), .integer(items)]) }

    init(id: String, sha256: String, first: Int, items: Int) {
      self.id = id
      self.sha256 = sha256
      self.first = first
      self.items = items
    }

    init?(_ json: JSONValue) {
      guard let parts = json.array, parts.count == 4, let id = parts[0].string, let sha256 = parts[1].string,
        let first = parts[2].integer, let items = parts[3].integer
      else { return nil }
      self.init(id: id, sha256: sha256, first: first, items: items)
    }
  }

  /// Looked for now.
  private(set) var current: [Entry] = []
  /// Every suite that ever was, in order of their numbers.
  private(set) var known: [Entry] = []
  /// `DecontaminateSettings.fingerprint`.
  private(set) var rule = ""
  /// Documents when the record was written: later ones are judged as they come.
  private(set) var cut = 0
  /// Documents the counts of common n-grams come from, and those n-grams.
  private(set) var counted = 0
  private(set) var common: [UInt64: Int] = [:]
  /// Batches not yet judged again: `next ..< end`.
  private(set) var nextBatch = 0
  private(set) var endBatch = 0

  var isPending: Bool { nextBatch < endBatch }
  /// Suites by their id.
  var digests: [String: String] { Dictionary(uniqueKeysWithValues: current.map { ($0.id, $0.sha256) }) }

  /// Common n-grams are counted again when there are 1,000, 2,000, 4,000 ... documents.
  var nextCount: Int {
    if current.isEmpty { return .max }
    var next = 1000
    while next <= cut { next *= 2 }
    return next
  }

  /// The suite and the place in it of an item's number.
  func item(_ number: UInt32) -> (entry: Entry, index: Int)? {
    guard let entry = known.last(where: { $0.first <= Int(number) && Int(number) < $0.first + $0.items }) else {
      return nil
    }
    return (entry, Int(number) - entry.first)
  }

  /// Numbers for suites of now: those that were there before keep theirs.
  func numbered(_ suites: [(id: String, sha256: String, items: Int)]) -> [Entry] {
    var next = known.last.map { $0.first + $0.items } ?? 0
    return suites.map { suite in
      if let entry = known.first(where: { $0.id == suite.id && $0.sha256 == suite.sha256 }) { return entry }
      defer { next += suite.items }
      return Entry(id: suite.id, sha256: suite.sha256, first: next, items: suite.items)
    }
  }

  /// - Parameters:
  ///   - from: the first batch that is not judged by these suites; `end` if none.
  ///   - end: batches that there are.
  static func record(
    _ current: [Entry], rule: String, cut: Int, counted: Int, common: [UInt64: Int], from: Int, end: Int,
    retired: [Entry] = []
  ) -> JSONValue {
    let common = common.sorted { $0.key < $1.key }.map { hash, documents in
      JSONValue.array([.string(Identifier(high: 0, low: hash).description), .integer(documents)])
    }
    return .object([
      "ev": .string("suites"), "cut": .integer(cut), "from": .integer(from), "end": .integer(end),
      "rule": .string(rule), "suites": .array(current.map(\.json)), "retired": .array(retired.map(\.json)),
      "counted": .integer(counted), "common": .array(common),
    ])
  }

  /// One record that replays to this; nil when there never was a suite.
  var restated: JSONValue? {
    if known.isEmpty { return nil }
    return SuiteHistory.record(
      current, rule: rule, cut: cut, counted: counted, common: common, from: nextBatch, end: endBatch,
      retired: known.filter { !current.contains($0) })
  }

  static func judgedRecord(_ batch: Int, _ changes: [(ordinal: Int, state: DocumentState)]) -> JSONValue {
    .object([
      "ev": .string("judged"), "batch": .integer(batch),
      "changes": .array(
        changes.map { .array([.integer($0.ordinal), .integer(Int($0.state.code)), .integer(Int($0.state.other))]) }),
    ])
  }

  mutating func note(_ record: JSONValue) {
    switch record["ev"]?.string {
    case "suites":
      current = (record["suites"]?.array ?? []).compactMap { Entry($0) }
      let retired = (record["retired"]?.array ?? []).compactMap { Entry($0) }
      for entry in retired + current where !known.contains(entry) { known.append(entry) }
      known.sort { $0.first < $1.first }
      rule = record["rule"]?.string ?? ""
      cut = record["cut"]?.integer ?? 0
      counted = record["counted"]?.integer ?? 0
      nextBatch = record["from"]?.integer ?? 0
      endBatch = record["end"]?.integer ?? 0
      common = [:]
      for entry in record["common"]?.array ?? [] {
        guard let parts = entry.array, parts.count == 2, let hash = parts[0].string.flatMap({ Identifier($0) }) else {
          continue
        }
        common[hash.low] = parts[1].integer
      }
    case "judged": nextBatch = max(nextBatch, (record["batch"]?.integer ?? -1) + 1)
    default: break
    }
  }
}
