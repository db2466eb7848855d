import Bytes
import Journal
import Posix

/// `ledger.jsonl`: what happened to the weights, in order, chained by checksums and never rewritten.
public final class Ledger {
  public static let file: Path = "ledger.jsonl"

  public enum Kind: String, Sendable, CaseIterable {
    case start, resume, stop, alert
    case blockStarted = "block_started"
    case blockFinished = "block_finished"
    /// A checkpoint is about to be written; `checkpoint` says it is there and HEAD names it.
    case checkpointPlanned = "checkpoint_planned"
    case checkpoint
    /// A rollback's target, fixed before anything changes; `rollback` says it happened.
    case rollbackPlanned = "rollback_planned"
    case rollback
  }

  public struct Record: Equatable, Sendable {
    public let kind: Kind
    public let json: JSONValue
  }

  public enum Failure: Error, CustomStringConvertible {
    case system(SystemError)
    case damaged(Path, JournalDamage)
    case unreadable(Path, line: Int)

    public var description: String {
      switch self {
      case .system(let error): "\(error)"
      case .damaged(let path, let damage): "\(path): \(damage)"
      case .unreadable(let path, let line): "\(path): line \(line) is a record this version does not know"
      }
    }
  }

  public private(set) var records: [Record] = []
  private let writer: JournalWriter<SystemError>

  /// Opens or makes the ledger of a run; a torn last line is cut.
  /// - Parameter canTryAgain: asked after a write that found no room; true = there may be room now.
  public init(
    in run: Directory, canTryAgain: @escaping (SystemError) -> Bool = { _ in false }
  ) throws(Failure) {
    let path = run.path / Ledger.file
    let bytes = try Ledger.system { () throws(SystemError) in try run.readIfThere(Ledger.file, limit: .max) ?? [] }
    let replay: JournalReplay
    do throws(JournalDamage) { replay = try JournalReplay(bytes) } catch { throw .damaged(path, error) }
    let whole = try Ledger.system { () throws(SystemError) in
      // After a failed fsync the page cache shows what may not be on the disk, and no later fsync of that file would
      // tell: what was read goes into a new one.
      if replay.end > 0 { try run.replaceFile(Ledger.file, with: Array(bytes[..<replay.end])) }
      let whole = try AppendedFile(try run.appendFile(Ledger.file), length: replay.end)
      try run.sync()
      return whole
    }
    for (index, line) in replay.records.enumerated() {
      guard let record = Record(line) else { throw .unreadable(path, line: index + 1) }
      records.append(record)
    }
    writer = JournalWriter(
      chain: replay.chain, append: { bytes throws(SystemError) in try whole.append(bytes) },
      sync: { () throws(SystemError) in try whole.sync() }, canTryAgain: { $0.isScarce && canTryAgain($0) })
  }

  private static func system<Result>(_ work: () throws(SystemError) -> Result) throws(Failure) -> Result {
    do throws(SystemError) { return try work() } catch { throw .system(error) }
  }

  /// Appends a record; on the disk when this returns.
  public func append(_ kind: Kind, _ position: TrainingPosition, _ more: [JSONMember] = []) throws(SystemError) {
    var members = [JSONMember("kind", .string(kind.rawValue)), JSONMember("time", .number(Clock.wall()))]
    members += position.members.filter { $0.name != "phase" }
    let json = JSONValue.object(members + more)
    try writer.write([JSONWriter.compact(json)])
    records.append(Record(kind: kind, json: json))
  }

  public func last(_ kind: Kind) -> JSONValue? { records.last { $0.kind == kind }?.json }

  /// The highest block any lineage has begun; nil before the first.
  public var claimedThrough: Int? {
    records.lazy.filter { $0.kind == .blockStarted }.compactMap { $0.json["block"]?.integer }.max()
  }
}

extension Ledger.Failure: SystemFailure {
  public var systemError: SystemError? { if case .system(let error) = self { error } else { nil } }
}
