import Bytes
import Posix
import Suites

/// Published results: whole, never changed, none twice.
final class ResultStore {
  private let results: Directory
  private(set) var records: [ResultRecord.Key: ResultRecord] = [:]

  /// Reads what is there and removes what a dead process left unfinished.
  init(_ results: Directory) throws(SystemError) {
    self.results = results
    for name in try results.names() {
      guard !name.hasPrefix("."), let folder = try? results.open(name) else { continue }
      for file in try folder.names() {
        if file.hasPrefix("."), file.hasSuffix(".tmp") {
          try folder.remove(file)
        } else if file.hasSuffix(".json") {
          read(file, in: folder, label: name.description)
        }
      }
    }
  }

  private func read(_ file: Path, in folder: Directory, label: String) {
    guard let bytes = try? folder.read(file), let json = try? JSONParser.parse(bytes),
      let record = ResultRecord(json, label: label)
    else { return }
    records[record.key] = record
  }

  /// Details first, then the result that names them.
  func publish(
    label: String, suite: Suite, details: [UInt8], result: (_ detailsName: String) -> JSONValue
  ) throws(SystemError) -> ResultRecord? {
    let folder = try results.make(Path(label))
    let stem = freeStem(suite, label: label, in: folder)
    let detailsName = stem + ".details.jsonl"
    let json = result(detailsName)
    // Details without a result are leftovers of a dead process; the new ones are the same.
    try folder.replaceFile(Path(detailsName), with: details)
    try folder.publish(Path(stem + ".json"), JSONWriter.pretty(json))
    guard let record = ResultRecord(json, label: label) else { return nil }
    records[record.key] = record
    return record
  }

  /// `ppl-zh`, or `ppl-zh@1a2b3c4d` when an earlier content of the suite, or a file that is no result, has the plain
  /// name.
  private func freeStem(_ suite: Suite, label: String, in folder: Directory) -> String {
    let isTaken =
      records.keys.contains { $0.label == label && $0.stem == suite.fileStem }
      || isAnothers(Path(suite.fileStem + ".json"), suite, in: folder)
    return isTaken ? "\(suite.fileStem)@\(suite.sha256.prefix(8))" : suite.fileStem
  }

  /// A result of this very suite is what an attempt left that failed at the last fsync: it is published again.
  private func isAnothers(_ name: Path, _ suite: Suite, in folder: Directory) -> Bool {
    guard folder.exists(name) else { return false }
    let there = (try? folder.read(name, limit: 1 << 26)).flatMap { try? JSONParser.parse($0) }
    return there?["suite_sha256"]?.string != suite.sha256
  }

  /// Points `latest` at the results of the newest checkpoint that has any.
  func pointLatest() throws(SystemError) {
    let newest = records.values.max {
      ($0.lineage, $0.step, $0.key.label) < ($1.lineage, $1.step, $1.key.label)
    }
    guard let newest else { return }
    try results.replaceLink("latest", to: Path(newest.key.label))
  }
}
