/// What a journal's bytes say, read from the start.
public struct JournalReplay: Sendable {
  /// The records in order, without their checksums.
  public let records: [[UInt8]]
  /// Bytes up to here are good; what follows is a torn tail, to be cut before writing on.
  public let end: Int
  /// Where writing goes on.
  public let chain: JournalChain

  /// - Throws: `JournalDamage` when a bad line is followed by a good one: that is corruption, not a torn tail.
  public init(_ bytes: [UInt8], from start: JournalChain = JournalChain()) throws(JournalDamage) {
    var records: [[UInt8]] = []
    var crc = start.crc
    var position = 0
    while let line = JournalReplay.line(bytes, at: position) {
      guard let parts = JournalReplay.split(bytes[line]), JournalChain.next(crc, parts.record) == parts.crc else {
        if JournalReplay.hasGoodLine(bytes, after: line, from: crc) {
          throw JournalDamage(offset: position, line: records.count + 1)
        }
        break
      }
      records.append(Array(parts.record))
      crc = parts.crc
      position = line.upperBound + 1
    }
    self.records = records
    end = position
    chain = JournalChain(crc: crc)
  }

  /// The complete line at `position`, without its line feed.
  private static func line(_ bytes: [UInt8], at position: Int) -> Range<Int>? {
    guard position < bytes.count, let feed = bytes[position...].firstIndex(of: 0x0A) else { return nil }
    return position..<feed
  }

  private static func split(_ line: ArraySlice<UInt8>) -> (record: ArraySlice<UInt8>, crc: UInt32)? {
    guard line.count >= 9, line[line.endIndex - 9] == 0x09, let crc = JournalChain.value(line.suffix(8)) else {
      return nil
    }
    return (line.dropLast(9), crc)
  }

  /// Whether a line after a bad one fits: to the checksum written before it or, where the damage is in that checksum,
  /// to the one that belongs there.
  private static func hasGoodLine(_ bytes: [UInt8], after bad: Range<Int>, from crc: UInt32) -> Bool {
    var before = [split(bytes[bad])?.crc, JournalChain.next(crc, bytes[bad].dropLast(9))].compactMap(\.self)
    var position = bad.upperBound + 1
    while let next = line(bytes, at: position) {
      let parts = split(bytes[next])
      if let parts, before.contains(where: { JournalChain.next($0, parts.record) == parts.crc }) { return true }
      before = [parts?.crc].compactMap(\.self)
      position = next.upperBound + 1
    }
    return false
  }
}

/// A line inside a journal that does not fit, with good lines after it.
public struct JournalDamage: Error, Equatable, Sendable, CustomStringConvertible {
  public let offset: Int
  public let line: Int

  public var description: String {
    "line \(line) at byte \(offset) does not match its checksum, but later lines are whole: the file was damaged after it "
      + "was written. Restore it from a backup, or cut it at byte \(offset) to go on from there (what later lines say is lost)"
  }
}
