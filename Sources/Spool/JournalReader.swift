import Bytes
import Journal
import Posix

/// Reads a journal: the newest whole snapshot that belongs to it and the segments after, or all of them.
public struct JournalReader {
  private let folder: Directory
  private let segments: [Int]
  private let snapshots: [Int]

  /// Where a replay ended: what has to be done before writing goes on.
  public struct End {
    /// The segment that is written on; one more than there are when only its snapshot is there.
    public var segment: Int
    public var chain: JournalChain
    /// Good bytes of that segment, and what is a torn tail behind them.
    public var bytes: Int
    public var torn: Int
    public var exists: Bool
    /// The snapshot that was begun with; nil = every segment was read.
    public var snapshot: Int?
    /// Snapshots that cannot be used, with the reason.
    public var refused: [(number: Int, reason: String)]
  }

  public init(_ folder: Directory) throws(SystemError) {
    self.folder = folder
    (segments, snapshots) = try JournalName.numbers(in: folder)
  }

  /// Calls `each` with every record that makes up the present state, in order.
  public func replay(each: (JSONValue) throws -> Void) throws -> End {
    try checkOrder()
    var end = try start()
    if let number = end.snapshot {
      try JournalSnapshot.read(number, in: folder) { try each(try parse($0, JournalName.snapshot(number), 0)) }
    } else if let first = segments.first, first > 1 {
      throw JournalFile.Failure.missing(folder.path / JournalName.segment(1), after: first, refused: end.refused)
    }
    for number in segments where number >= end.segment {
      end = try readSegment(number, from: end, isLast: number == segments.last, each)
    }
    return end
  }

  /// Every record that is still there, from the oldest segment on; the history, not only the state.
  public func readAll(each: (JSONValue) throws -> Void) throws {
    try checkOrder()
    var end = End(segment: 1, chain: JournalChain(), bytes: 0, torn: 0, exists: false, snapshot: nil, refused: [])
    if let first = segments.first, first > 1 {
      end.chain = try JournalSnapshot.check(first, in: folder)
      end.segment = first
      try JournalSnapshot.read(first, in: folder) { try each(try parse($0, JournalName.snapshot(first), 0)) }
    }
    for number in segments { end = try readSegment(number, from: end, isLast: number == segments.last, each) }
  }

  private func checkOrder() throws {
    for (number, next) in zip(segments, segments.dropFirst()) where next != number + 1 {
      throw JournalFile.Failure.missing(folder.path / JournalName.segment(number + 1), after: next, refused: [])
    }
    if segments.isEmpty, let last = snapshots.last {
      throw JournalFile.Failure.missing(folder.path / JournalName.segment(last), after: nil, refused: [])
    }
  }

  /// The newest snapshot that is whole and belongs to the segments that are there.
  private func start() throws -> End {
    var end = End(segment: 1, chain: JournalChain(), bytes: 0, torn: 0, exists: false, snapshot: nil, refused: [])
    guard let first = segments.first, let last = segments.last else { return end }
    for number in snapshots.reversed() where end.snapshot == nil {
      do {
        end.chain = try usable(number, first, last)
        (end.segment, end.snapshot) = (number, number)
      } catch {
        if let error = error as? SystemError, !error.isMissing { throw error }
        end.refused.append((number, "\(error)"))
      }
    }
    return end
  }

  /// The chain that a snapshot hands on, when it is whole and the journal's own.
  private func usable(_ number: Int, _ first: Int, _ last: Int) throws -> JournalChain {
    guard number >= first, number <= last + 1 else {
      throw JournalSnapshot.Unusable(description: "the segments that follow it are not there")
    }
    let chain = try JournalSnapshot.check(number, in: folder)
    guard try before(number, last) == chain else {
      throw JournalSnapshot.Unusable(description: "the journal went on without it")
    }
    return chain
  }

  /// The chain with which a segment begins, by its own first line or, before it is there, by the end of the last one.
  private func before(_ number: Int, _ last: Int) throws -> JournalChain {
    if number <= last { return try header(number).previous }
    let before = last == 1 ? JournalChain() : try header(last).previous
    return try folder.withMapped(JournalName.segment(last)) { bytes in
      var scan = JournalScan(bytes, from: before)
      while try scan.next() != nil {}
      return scan.chain
    }
  }

  private func header(_ number: Int) throws -> JournalSegmentHeader {
    let name = JournalName.segment(number)
    let line = try folder.withMapped(name) { Array($0.prefix(1 << 16).prefix { $0 != 0x0A }) }
    guard let record = try? JSONParser.parse(Array(line.dropLast(9))), let header = JournalSegmentHeader(record),
      header.number == number
    else { throw JournalFile.Failure.unknown(folder.path / name) }
    return header
  }

  private func readSegment(
    _ number: Int, from before: End, isLast: Bool, _ each: (JSONValue) throws -> Void
  ) throws -> End {
    let name = JournalName.segment(number)
    if number > 1, try header(number).previous != before.chain {
      throw JournalFile.Failure.disconnected(folder.path / name)
    }
    // The last one is written on while others look, and a half-written group is cut: no mapping may lie over that.
    let scan =
      try isLast
      ? folder.read(name, limit: .max).withUnsafeBytes { try self.scan($0, name, before.chain, each) }
      : folder.withMapped(name) { try self.scan($0, name, before.chain, each) }
    if scan.torn > 0, !isLast || (number > 1 && scan.lines == 0) {
      throw JournalFile.Failure.cutShort(folder.path / name, at: scan.end)
    }
    return End(
      segment: number, chain: scan.chain, bytes: scan.end, torn: scan.torn, exists: true, snapshot: before.snapshot,
      refused: before.refused)
  }

  private func scan(
    _ bytes: UnsafeRawBufferPointer, _ name: Path, _ start: JournalChain, _ each: (JSONValue) throws -> Void
  ) throws -> JournalScan {
    var scan = JournalScan(bytes, from: start)
    while let record = try next(&scan, name) {
      let value = try parse(record, name, scan.lines)
      if scan.lines == 1, value["ev"]?.string == JournalSegmentHeader.kind { continue }
      try each(value)
    }
    return scan
  }

  private func next(_ scan: inout JournalScan, _ name: Path) throws(JournalFile.Failure) -> UnsafeRawBufferPointer? {
    do throws(JournalDamage) { return try scan.next() } catch { throw .damaged(path: folder.path / name, error) }
  }

  private func parse(
    _ record: UnsafeRawBufferPointer, _ name: Path, _ line: Int
  ) throws(JournalFile.Failure) -> JSONValue {
    do throws(JSONError) {
      return try JSONParser.parse(record.assumingMemoryBound(to: UInt8.self))
    } catch {
      throw .unreadable(path: folder.path / name, line: line, error)
    }
  }
}
