import Bytes
import Journal
import Posix

extension JournalFile.Failure: SystemFailure {
  public var systemError: SystemError? { if case .system(let error) = self { error } else { nil } }
}

/// The agent's journal on disk: `state/journal/00000001.jsonl`.
public final class JournalFile {
  public static let name: Path = "00000001.jsonl"
  private let writer: JournalWriter<SystemError>
  /// What was there when it was opened, in order.
  public let records: [JSONValue]

  public enum Failure: Error, CustomStringConvertible {
    case damaged(path: Path, JournalDamage)
    case unreadable(path: Path, line: Int, JSONError)
    case system(SystemError)

    public var description: String {
      switch self {
      case .damaged(let path, let damage): "\(path): \(damage)"
      case .unreadable(let path, let line, let error): "\(path): line \(line) \(error)"
      case .system(let error): "\(error)"
      }
    }
  }

  /// Opens or makes the journal; a torn last line is cut.
  /// - Parameter canTryAgain: asked after a write that found no room; true = there may be room now.
  public init(
    _ folder: Directory, canTryAgain: @escaping (SystemError) -> Bool = { _ in false }
  ) throws(Failure) {
    let file: File
    let bytes: [UInt8]
    do throws(SystemError) {
      let fresh = !folder.exists(JournalFile.name)
      file = try folder.appendFile(JournalFile.name)
      if fresh { try folder.sync() }
      bytes = try file.readAll()
    } catch {
      throw .system(error)
    }
    let replay: JournalReplay
    do throws(JournalDamage) {
      replay = try JournalReplay(bytes)
    } catch {
      throw .damaged(path: file.path, error)
    }
    records = try JournalFile.parse(replay, file.path)
    do throws(SystemError) {
      if replay.end < bytes.count { try file.truncate(to: replay.end) }
    } catch {
      throw .system(error)
    }
    var good = replay.end
    writer = JournalWriter(
      chain: replay.chain,
      append: { (bytes) throws(SystemError) in
        do throws(SystemError) {
          try file.write(bytes)
          good += bytes.count
        } catch {
          // Half a group must not stay: the group is written again when there is room.
          try file.truncate(to: good)
          throw error
        }
      },
      sync: { () throws(SystemError) in try file.syncData() },
      canTryAgain: { $0.isNoSpace && canTryAgain($0) })
  }

  /// What the journal says now, read beside the agent that writes it: an unfinished last line is left alone.
  public static func peek(_ folder: Directory) throws -> [JSONValue] {
    guard folder.exists(name) else { return [] }
    return try parse(try JournalReplay(try folder.read(name, limit: .max)), folder.path / name)
  }

  private static func parse(_ replay: JournalReplay, _ path: Path) throws(Failure) -> [JSONValue] {
    var records: [JSONValue] = []
    for (index, bytes) in replay.records.enumerated() {
      do throws(JSONError) {
        records.append(try JSONParser.parse(bytes))
      } catch {
        throw .unreadable(path: path, line: index + 1, error)
      }
    }
    return records
  }

  /// Adds to the open group; durable at `commit()`.
  public func add(_ record: JSONValue) throws(SystemError) { try writer.add(JSONWriter.compact(record)) }
  public func commit() throws(SystemError) { try writer.commit() }

  /// Adds one record and makes it durable.
  public func write(_ record: JSONValue) throws(SystemError) {
    try add(record)
    try commit()
  }
}
