/// A journal's bytes read line by line; nothing is kept, so a journal of any length can be replayed.
public struct JournalScan {
  private let bytes: UnsafeRawBufferPointer
  /// Bytes up to here are good; what follows is a torn tail, to be cut before writing on.
  public private(set) var end = 0
  /// Good lines so far.
  public private(set) var lines = 0
  /// Where writing goes on.
  public private(set) var chain: JournalChain

  /// - Parameter bytes: must outlive the scan and every record it hands out.
  public init(_ bytes: UnsafeRawBufferPointer, from start: JournalChain = JournalChain()) {
    self.bytes = bytes
    chain = start
  }

  /// The next record without its checksum; nil at the end or before a torn tail.
  /// - Throws: `JournalDamage` when what follows is no torn tail but corruption.
  public mutating func next() throws(JournalDamage) -> UnsafeRawBufferPointer? {
    if let line = JournalLine(bytes, at: end), let seal = line.seal,
      JournalChain.next(chain.crc, seal.record) == seal.crc
    {
      end = line.next
      lines += 1
      chain = JournalChain(crc: seal.crc)
      return seal.record
    }
    if end < bytes.count, JournalTail(bytes, from: end, crc: chain.crc).isDamage {
      throw JournalDamage(offset: end, line: lines + 1)
    }
    return nil
  }

  /// Bytes after the last good line, once `next` has said nil.
  public var torn: Int { bytes.count - end }
}

/// One complete line, good or not.
struct JournalLine {
  let text: UnsafeRawBufferPointer
  /// Where the next line begins.
  let next: Int

  /// nil where no line feed follows.
  init?(_ bytes: UnsafeRawBufferPointer, at position: Int) {
    var feed = position
    while feed < bytes.count, bytes[feed] != 0x0A { feed += 1 }
    guard feed < bytes.count else { return nil }
    text = UnsafeRawBufferPointer(rebasing: bytes[position..<feed])
    next = feed + 1
  }

  /// Record and checksum, where the line has the form.
  var seal: (record: UnsafeRawBufferPointer, crc: UInt32)? {
    guard text.count >= 9, text[text.count - 9] == 0x09, let crc = JournalChain.value(text[(text.count - 8)...]) else {
      return nil
    }
    return (UnsafeRawBufferPointer(rebasing: text[..<(text.count - 9)]), crc)
  }
}

/// What follows the last good line: a write that was cut short, or damage to what was whole.
struct JournalTail {
  private let bytes: UnsafeRawBufferPointer
  private let start: Int
  private let crc: UInt32

  init(_ bytes: UnsafeRawBufferPointer, from start: Int, crc: UInt32) {
    self.bytes = bytes
    self.start = start
    self.crc = crc
  }

  /// A group that was torn leaves a beginning of it, or zeros where a sector was not written. Anything good behind the
  /// first bad place was on the disk before, so the bad place was good once.
  var isDamage: Bool { !isZero(from: start) && (hasLostLineFeed || hasGoodLine) }

  private func isZero(from position: Int) -> Bool { bytes[position...].allSatisfy { $0 == 0 } }

  private var firstLine: Range<Int> { start..<(JournalLine(bytes, at: start).map { $0.next - 1 } ?? bytes.count) }

  /// Places in the first line where a record may end: tabs, of which JSON has none inside.
  private var tabs: [Int] { firstLine.filter { bytes[$0] == 0x09 } }

  private func after(_ record: Range<Int>) -> UInt32 {
    JournalChain.next(crc, UnsafeRawBufferPointer(rebasing: bytes[record]))
  }

  /// A whole record with its checksum and something other than a line feed behind it: two lines became one.
  private var hasLostLineFeed: Bool {
    tabs.contains { tab in
      guard tab + 9 < bytes.count, JournalChain.value(bytes[(tab + 1)..<(tab + 9)]) == after(start..<tab) else {
        return false
      }
      return !isZero(from: tab + 9)
    }
  }

  /// Whether a later line fits: to the checksum before it as it is written or, where the damage is in that checksum
  /// or cuts the line in two, to the one that belongs there.
  private var hasGoodLine: Bool {
    guard let bad = JournalLine(bytes, at: start) else { return false }
    var candidates = Set(tabs.map { after(start..<$0) })
    candidates.insert(after(firstLine))
    if firstLine.count >= 9 { candidates.insert(after(start..<(firstLine.upperBound - 9))) }
    var before = bad.seal?.crc
    var position = bad.next
    while let line = JournalLine(bytes, at: position) {
      if let seal = line.seal {
        if candidates.contains(where: { JournalChain.next($0, seal.record) == seal.crc }) { return true }
        if let before, JournalChain.next(before, seal.record) == seal.crc { return true }
      }
      before = line.seal?.crc
      position = line.next
    }
    return false
  }
}
