import Bytes
import Journal
import Posix

extension Ledger {
  /// What a ledger says, read beside the trainer that writes it or at rest; nothing is changed.
  public struct Peek {
    public let records: [Record]
    /// Bytes of an unfinished last line.
    public let torn: Int
  }

  public static func peek(in run: Directory) throws -> Peek {
    guard run.exists(file) else { return Peek(records: [], torn: 0) }
    let bytes = try run.read(file, limit: .max)
    let replay: JournalReplay
    do { replay = try JournalReplay(bytes) } catch { throw Failure.damaged(run.path / file, error) }
    let records = try replay.records.enumerated().map { index, line in
      guard let record = Record(line) else { throw Failure.unreadable(run.path / file, line: index + 1) }
      return record
    }
    return Peek(records: records, torn: bytes.count - replay.end)
  }
}

extension Ledger.Record {
  /// nil when the line is no record of a kind that this version knows.
  init?(_ line: [UInt8]) {
    guard let json = try? JSONParser.parse(line),
      let kind = json["kind"]?.string.flatMap(Ledger.Kind.init(rawValue:))
    else { return nil }
    self.init(kind: kind, json: json)
  }
}
