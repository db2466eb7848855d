import Bytes
import Journal
import Posix

/// The agent's journal on disk: `state/journal/00000001.jsonl` and the segments after it. One process writes it, the
/// holder of the agent's lease.
public final class JournalFile {
  /// The first segment.
  public static let name = JournalName.segment(1)

  private let folder: Directory
  private let limit: Int
  private let canTryAgain: (SystemError) -> Bool
  /// Records of these kinds are told again by a snapshot's own; every other kind is carried over as it is.
  private let restated: Set<String>
  private var carried: [JSONValue] = []
  private var tail: Tail?
  /// What opening had to mend, for people.
  public private(set) var repairs: [String] = []

  /// The segment that is written on.
  private struct Tail {
    let segment: Int
    let file: AppendedFile
    let writer: JournalWriter<SystemError>

    init(
      _ segment: Int, _ chain: JournalChain, length: Int, in folder: Directory,
      canTryAgain: @escaping (SystemError) -> Bool
    ) throws(SystemError) {
      self.segment = segment
      let file = try AppendedFile(try folder.appendFile(JournalName.segment(segment)), length: length)
      self.file = file
      writer = JournalWriter(
        chain: chain, append: { (bytes) throws(SystemError) in try file.append(bytes) },
        sync: { () throws(SystemError) in try file.sync() }, now: Clock.monotonic,
        canTryAgain: { $0.isScarce && canTryAgain($0) })
    }
  }

  /// A journal that is opened later, before anything is written.
  /// - Parameters:
  ///   - limit: bytes after which a segment is full.
  ///   - canTryAgain: asked after a write that found no room; true = there may be room now.
  public init(
    toOpen folder: Directory, limit: Int = .max, restated: Set<String> = [],
    canTryAgain: @escaping (SystemError) -> Bool = { _ in false }
  ) {
    self.folder = folder
    self.canTryAgain = canTryAgain
    self.limit = limit
    self.restated = restated
  }

  public convenience init(
    _ folder: Directory, limit: Int = .max, restated: Set<String> = [],
    canTryAgain: @escaping (SystemError) -> Bool = { _ in false }
  ) throws {
    self.init(toOpen: folder, limit: limit, restated: restated, canTryAgain: canTryAgain)
    try open { _ in }
  }

  /// Replays what the journal says to `each`, cuts a torn last line, finishes a rotation that was begun, removes what
  /// is of no use. Makes the journal where there is none.
  public func open(each: (JSONValue) throws -> Void) throws {
    var end = try JournalReader(folder).replay { record in
      carry(record)
      try each(record)
    }
    repairs = try JournalFile.clean(folder, end)
    if end.torn > 0 { repairs.append("\(end.torn) bytes of a line that was never whole were cut off") }
    if !end.exists {
      end.chain = try JournalSegmentHeader(number: end.segment, previous: end.chain).publish(in: folder)
      end.bytes = try folder.status(JournalName.segment(end.segment)).size
    }
    try JournalFile.writeAnew(end, in: folder)
    tail = try Tail(end.segment, end.chain, length: end.bytes, in: folder, canTryAgain: canTryAgain)
  }

  /// After a failed fsync the page cache shows what may not be on the disk, and no later fsync of that file would tell:
  /// what was read goes into a new one.
  private static func writeAnew(_ end: JournalReader.End, in folder: Directory) throws(SystemError) {
    let name = JournalName.segment(end.segment)
    let bytes = try folder.read(name, limit: .max)
    try folder.replaceFile(name, with: Array(bytes.prefix(end.bytes)))
  }

  private var writer: JournalWriter<SystemError> {
    guard let tail else { preconditionFailure("a journal is opened before it is written") }
    return tail.writer
  }

  /// Temporaries and snapshots that cannot be used.
  private static func clean(_ folder: Directory, _ end: JournalReader.End) throws(SystemError) -> [String] {
    var repairs: [String] = []
    for name in try folder.names() where name.hasPrefix(".") && name.hasSuffix(".tmp") { try folder.remove(name) }
    for (number, reason) in end.refused where folder.exists(JournalName.snapshot(number)) {
      try folder.remove(JournalName.snapshot(number))
      repairs.append("\(JournalName.snapshot(number)) is of no use and was removed: \(reason)")
    }
    return repairs
  }

  /// What the journal says now, every segment that is there, read beside the agent that writes it: an unfinished last
  /// line is left alone.
  public static func peek(_ folder: Directory) throws -> [JSONValue] {
    var records: [JSONValue] = []
    try JournalReader(folder).readAll { records.append($0) }
    return records
  }

  /// Adds to the open group; durable at `commit()`.
  public func add(_ record: JSONValue) throws(SystemError) {
    try writer.add(JSONWriter.compact(record))
    carry(record)
  }

  public func commit() throws(SystemError) { try writer.commit() }

  /// Adds records and makes them durable. When there is no room for them they are not added, so that the same call may
  /// be made again.
  public func write(_ records: [JSONValue]) throws(SystemError) {
    try writer.write(records.map(JSONWriter.compact))
    for record in records { carry(record) }
  }

  public func write(_ record: JSONValue) throws(SystemError) { try write([record]) }

  private func carry(_ record: JSONValue) {
    if let kind = record["ev"]?.string, !restated.contains(kind) { carried.append(record) }
  }

  // MARK: Segments

  /// Time for a new segment.
  public var isFull: Bool { (tail?.file.length ?? 0) > limit }

  /// Begins the next segment: the snapshot first, then the segment that follows it. When this fails the journal goes on
  /// as it was; a snapshot without its segment is recognised by the chain and never used.
  /// - Parameter state: records that replay to the present state; those of carried kinds are added here.
  public func rotate(_ state: [JSONValue]) throws(SystemError) {
    try writer.commit()
    let next = (tail?.segment ?? 0) + 1
    try JournalSnapshot.publish(next, previous: writer.chain, records: state + carried, in: folder)
    try begin(next)
    // Two snapshots are kept, so that a damaged one costs time and nothing else.
    for old in try JournalName.numbers(in: folder).snapshots where old < next - 1 {
      try folder.remove(JournalName.snapshot(old))
    }
  }

  private func begin(_ next: Int) throws(SystemError) {
    let name = JournalName.segment(next)
    do throws(SystemError) {
      let chain = try JournalSegmentHeader(number: next, previous: writer.chain).publish(in: folder)
      tail = try Tail(next, chain, length: try folder.status(name).size, in: folder, canTryAgain: canTryAgain)
    } catch {
      // Once it has its name nothing may be added to the segment before, so this cannot be waited for.
      throw folder.exists(name) ? SystemError(error.call, error.path, code: SystemError.inputOutput) : error
    }
  }
}
