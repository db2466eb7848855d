import Bytes
import Deduplication
import Documents

/// Cuts the pieces that many survivors of a stream share.
struct StreamPieces {
  private var finders: [BoilerplateFinder]
  private let leastLeft: Int

  /// - Parameter rules: applied from the coarsest grain to the finest, whatever order they are given in.
  init(_ rules: [BoilerplateFinder.Rule], settings: DedupeSettings) {
    let order: [Grain] = [.paragraph, .sentence, .line]
    finders = order.flatMap { grain in rules.filter { $0.grain == grain } }.map {
      BoilerplateFinder($0, megabytes: settings.indexMegabytes)
    }
    leastLeft = settings.leastLeft
  }

  var isEmpty: Bool { finders.isEmpty }

  mutating func look(
    through kept: [UInt32], _ document: (UInt32) throws -> Document?, isBetter: (UInt32, UInt32) -> Bool
  ) throws {
    for index in finders.indices { try finders[index].look(through: kept, document, isBetter: isBetter) }
  }

  /// What a line gets: its text without the pieces and how many there were, or `drop` where too little would be left.
  func members(_ document: Document, _ ordinal: UInt32, _ line: UnsafeBufferPointer<UInt8>) -> [StreamLine.Member] {
    var left = document
    for finder in finders {
      guard let outcome = finder.cut(left, ordinal, least: leastLeft) else { continue }
      if outcome.isStump { return [("drop", StreamPieces.drop(BoilerplateCutter.stump(outcome, leastLeft)))] }
      left = outcome.document
    }
    guard let dropped = left.droppedLines.first else { return [] }
    let spans = left.redactions.map { JSONValue.array([.string($0.type), .integer($0.offset), .integer($0.length)]) }
    return [
      ("segments", StreamPieces.value("segments", line).map { _ in JSONWriter.compact(left.segments.json) }),
      ("redactions", document.redactions.isEmpty ? nil : JSONWriter.compact(.array(spans))),
      ("dropped_lines", StreamPieces.counts(dropped, line)), ("text", JSONWriter.compact(.text(left.text))),
    ]
  }

  /// Beside what a filter before this one dropped.
  private static func counts(_ dropped: DroppedLines, _ line: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var members: [JSONMember] = []
    if let value = value("dropped_lines", line), let before = try? JSONParser.parse(value) {
      members = (before.members ?? []).filter { $0.name != dropped.first.rule }
    }
    return JSONWriter.compact(.object(members + [JSONMember(dropped.first.rule, .integer(dropped.count))]))
  }

  /// A member of the line, as it is written.
  private static func value(_ key: String, _ line: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8>? {
    guard let fields = try? JSONFields(line) else { return nil }
    return fields.value(Array(key.utf8), in: line).map { UnsafeBufferPointer(rebasing: line[$0]) }
  }

  private static func drop(_ hit: RuleHit) -> [UInt8] {
    JSONWriter.compact(
      .object([
        "stage": .string("dedupe"), "rule": .string(hit.rule), "value": .integer(Int(hit.value)),
        "threshold": .integer(Int(hit.threshold)),
      ]))
  }
}
