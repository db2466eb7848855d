import Bytes
import Testing

@testable import Journal

/// Records and their lines.
private func journal(_ records: [String]) -> (bytes: [UInt8], starts: [Int]) {
  var chain = JournalChain()
  var bytes: [UInt8] = []
  var starts: [Int] = []
  for record in records {
    starts.append(bytes.count)
    bytes += chain.seal(Array(record.utf8))
  }
  return (bytes, starts)
}

private func texts(_ replay: JournalReplay) -> [String] { replay.records.map { String(decoding: $0, as: UTF8.self) } }

private let records = [
  #"{"ev":"open"}"#, #"{"ev":"claim","seq":1}"#, "", #"{"t":"tab\there"}"#, #"{"ev":"batch","number":0}"#,
]

@Suite struct JournalReplayTests {
  @Test func whatWasSealedIsReplayed() throws {
    let (bytes, _) = journal(records)
    let replay = try JournalReplay(bytes)
    #expect(texts(replay) == records)
    #expect(replay.end == bytes.count)
    #expect(try JournalReplay([]).records.isEmpty)
  }

  @Test func aLineIsRecordTabChecksum() {
    var chain = JournalChain()
    let line = chain.seal(Array("{}".utf8))
    #expect(
      line
        == Array(
          "{}\t\(Hex.encode([0, 8, 16, 24].reversed().map { UInt8(truncatingIfNeeded: chain.crc >> UInt32($0)) }))\n"
            .utf8))
    // The chain: the CRC-32C of the four bytes of the checksum before, then of the record.
    #expect(chain.crc == Checksum.crc32c([0, 0, 0, 0] + Array("{}".utf8)))
  }

  /// Cut anywhere: the whole lines before the cut stay, writing goes on behind them.
  @Test func aTornTailIsCut() throws {
    let (bytes, starts) = journal(records)
    for cut in 0...bytes.count {
      let whole = (starts + [bytes.count]).lastIndex { $0 <= cut }!
      let replay = try JournalReplay(Array(bytes[..<cut]))
      #expect(texts(replay) == Array(records[..<whole]))
      #expect(replay.end == (starts + [bytes.count])[whole])
      var chain = replay.chain
      let mended = bytes[..<replay.end] + chain.seal(Array("again".utf8))
      #expect(texts(try JournalReplay(Array(mended))) == records[..<whole] + ["again"])
    }
  }

  @Test func garbageAfterTheEndIsATornTail() throws {
    let (bytes, _) = journal(records)
    for tail in ["half a rec", "no checksum\n", "{}\t00000000\n", "\n", "\u{0}\u{0}\u{0}"] {
      let replay = try JournalReplay(bytes + Array(tail.utf8))
      #expect(replay.end == bytes.count, "after \(tail.debugDescription)")
    }
  }

  /// Any byte of any line but the last, other than a line feed, turned into any of several others: never read as if
  /// nothing had happened, never cut away with the good lines behind it.
  @Test func aBadLineBeforeGoodOnesIsRefused() throws {
    let (bytes, starts) = journal(records)
    for index in 0..<starts[records.count - 1] where bytes[index] != 0x0A {
      for change in [0x01, 0x20, 0x80] as [UInt8] where bytes[index] ^ change != 0x0A {
        var damaged = bytes
        damaged[index] ^= change
        let line = starts.lastIndex { $0 <= index }!
        let damage = #expect(throws: JournalDamage.self, "byte \(index)") { try JournalReplay(damaged) }
        #expect(damage?.line == line + 1)
        #expect(damage?.offset == starts[line])
      }
    }
  }

  /// Every byte turned into every other: refused, or the last record lost as a torn one; never read as something else,
  /// never cut further.
  @Test func anyByteChangedIsRefusedOrCostsTheLastRecord() throws {
    let (bytes, starts) = journal(records)
    var refused = 0
    for index in bytes.indices {
      for value in UInt8.min...UInt8.max where value != bytes[index] {
        var damaged = bytes
        damaged[index] = value
        guard let replay = try? JournalReplay(damaged) else {
          refused += 1
          continue
        }
        let isRight = replay.end == starts[records.count - 1] && texts(replay) == Array(records.dropLast())
        if !isRight { Issue.record("byte \(index) as \(value): \(texts(replay))") }
      }
    }
    #expect(refused > 255 * starts[records.count - 1] - 1, "every change before the last line is refused")
  }

  /// A sector that was not written, or a file made longer beforehand: zeros behind the last line are no damage.
  @Test(arguments: [1, 8, 512, 4096])
  func zerosAtTheEndAreATornTail(_ count: Int) throws {
    let (bytes, starts) = journal(records)
    let zeros = [UInt8](repeating: 0, count: count)
    #expect(try JournalReplay(bytes + zeros).end == bytes.count)
    // In the place of the last line feed, and of half a line.
    #expect(try JournalReplay(bytes.dropLast() + zeros).end == starts[records.count - 1])
    #expect(try JournalReplay(bytes.dropLast(12) + zeros).end == starts[records.count - 1])
  }

  /// With a good line behind them they are.
  @Test func zerosInTheMiddleAreRefused() throws {
    let (bytes, starts) = journal(records)
    var damaged = bytes
    for index in starts[1]..<starts[2] { damaged[index] = 0 }
    #expect(throws: JournalDamage.self) { try JournalReplay(damaged) }
  }

  @Test(arguments: 0..<3)
  func aLostLineIsRefused(_ lost: Int) throws {
    let (bytes, starts) = journal(records)
    let damaged = bytes[..<starts[lost]] + bytes[starts[lost + 1]...]
    let damage = #expect(throws: JournalDamage.self) { try JournalReplay(Array(damaged)) }
    #expect(damage?.offset == starts[lost])
  }

  @Test func twoLinesExchangedAreRefused() throws {
    let (bytes, starts) = journal(records)
    let damaged =
      bytes[..<starts[1]] + bytes[starts[2]..<starts[3]] + bytes[starts[1]..<starts[2]] + bytes[starts[3]...]
    #expect(throws: JournalDamage.self) { try JournalReplay(Array(damaged)) }
  }

  @Test func theWayOutIsNamed() {
    let text = "\(JournalDamage(offset: 1234, line: 7))"
    for part in ["line 7", "byte 1234", "backup", "cut it at byte 1234"] { #expect(text.contains(part)) }
  }
}

@Suite struct JournalWriterTests {
  struct Full: Error {}

  /// A file in memory that may refuse.
  final class Medium {
    var bytes: [UInt8] = []
    var syncs = 0
    var refuseAppend = false
    var refuseSync = false

    func writer(_ chain: JournalChain = JournalChain(), now: @escaping () -> Double = { 0 }) -> JournalWriter<Full> {
      JournalWriter(
        chain: chain,
        append: { (bytes) throws(Full) in
          if self.refuseAppend { throw Full() }
          self.bytes += bytes
        },
        sync: { () throws(Full) in
          if self.refuseSync { throw Full() }
          self.syncs += 1
        }, now: now)
    }
  }

  @Test func aGroupIsOneSync() throws {
    let medium = Medium()
    let writer = medium.writer()
    for index in 0..<10 { try writer.add(Array("\(index)".utf8)) }
    #expect(medium.bytes.isEmpty, "nothing before the commit")
    try writer.commit()
    try writer.commit()
    #expect(medium.syncs == 1)
    #expect(texts(try JournalReplay(medium.bytes)) == (0..<10).map { "\($0)" })
  }

  @Test func aFullGroupCommitsItself() throws {
    let medium = Medium()
    let writer = medium.writer()
    for index in 0..<64 { try writer.add(Array("\(index)".utf8)) }
    #expect(medium.syncs == 1)
    #expect(try JournalReplay(medium.bytes).records.count == 64)
  }

  @Test func writingGoesOnWhereReplayEnded() throws {
    let medium = Medium()
    for round in 0..<3 {
      let replay = try JournalReplay(medium.bytes)
      let writer = medium.writer(replay.chain)
      try writer.add(Array("round \(round)".utf8))
      try writer.commit()
    }
    #expect(texts(try JournalReplay(medium.bytes)) == ["round 0", "round 1", "round 2"])
  }

  /// No room, and somebody who waits for it: each record is written once, and a failed sync is never tried again.
  @Test func aRefusedAppendIsTriedAgainWhenAsked() throws {
    let medium = Medium()
    var asked = 0
    let writer = JournalWriter<Full>(
      chain: JournalChain(),
      append: { (bytes) throws(Full) in
        if medium.refuseAppend { throw Full() }
        medium.bytes += bytes
      },
      sync: { () throws(Full) in if medium.refuseSync { throw Full() } },
      canTryAgain: { _ in
        asked += 1
        medium.refuseAppend = asked < 3
        return true
      })
    medium.refuseAppend = true
    for index in 0..<70 { try writer.add(Array("\(index)".utf8)) }
    try writer.commit()
    #expect(asked == 3)
    #expect(texts(try JournalReplay(medium.bytes)) == (0..<70).map { "\($0)" })
    medium.refuseSync = true
    try writer.add([1])
    #expect(throws: Full.self) { try writer.commit() }
    #expect(throws: Full.self) { try writer.commit() }
    #expect(asked == 3)
  }

  /// No room: the group waits and is written once there is room, each record once.
  @Test func aRefusedAppendIsWrittenLater() throws {
    let medium = Medium()
    let writer = medium.writer()
    try writer.add(Array("a".utf8))
    medium.refuseAppend = true
    #expect(throws: Full.self) { try writer.commit() }
    medium.refuseAppend = false
    try writer.add(Array("b".utf8))
    try writer.commit()
    #expect(texts(try JournalReplay(medium.bytes)) == ["a", "b"])
  }

  /// A write that may be tried again: what was not written is not added either.
  @Test func aRefusedWriteAddsNothing() throws {
    let medium = Medium()
    let writer = medium.writer()
    try writer.add(Array("a".utf8))
    medium.refuseAppend = true
    for _ in 0..<3 { #expect(throws: Full.self) { try writer.write([Array("b".utf8), Array("c".utf8)]) } }
    medium.refuseAppend = false
    try writer.write([Array("b".utf8), Array("c".utf8)])
    #expect(texts(try JournalReplay(medium.bytes)) == ["a", "b", "c"])
  }

  /// A group is open for five milliseconds at most: the next record closes it.
  @Test func anOldGroupIsClosed() throws {
    let medium = Medium()
    var time = 100.0
    let writer = medium.writer(now: { time })
    try writer.add(Array("a".utf8))
    time += 0.004
    try writer.add(Array("b".utf8))
    #expect(medium.syncs == 0)
    time += 0.001
    try writer.add(Array("c".utf8))
    #expect(medium.syncs == 1)
    #expect(texts(try JournalReplay(medium.bytes)) == ["a", "b", "c"])
  }

  /// A failed sync says nothing about what is on the disk: nothing may be promised on this file any more.
  @Test func afterAFailedSyncNothingIsWritten() throws {
    let medium = Medium()
    let writer = medium.writer()
    try writer.add(Array("a".utf8))
    medium.refuseSync = true
    #expect(throws: Full.self) { try writer.commit() }
    medium.refuseSync = false
    let before = medium.bytes
    #expect(throws: Full.self) {
      try writer.add(Array("b".utf8)); try writer.commit()
    }
    #expect(throws: Full.self) { try writer.commit() }
    #expect(medium.bytes == before)
  }
}
