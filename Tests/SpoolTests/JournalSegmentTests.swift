import Bytes
import Fixtures
import Glibc
import Journal
import Posix
import Spool
import Testing

/// Segments and snapshots: whatever is there or not, a start says the same, or says which file is missing.
@Suite struct JournalSegmentTests {
  private let scratch: Scratch
  private var folder: Directory { scratch.directory }

  init() throws { scratch = try Scratch() }

  /// A journal whose state is the numbers it was given: `n` is restated by a snapshot as `all`, `keep` is carried over.
  private final class Numbers {
    var all: [Int] = []
    var kept: [Int] = []
    let journal: JournalFile
    static let restated: Set = ["n", "all"]

    init(_ folder: Directory, limit: Int = 400) throws {
      journal = JournalFile(toOpen: folder, limit: limit, restated: Self.restated)
      try journal.open { [unowned self] record in note(record) }
    }

    private func note(_ record: JSONValue) {
      switch record["ev"]?.string {
      case "n": all.append(record["n"]?.integer ?? -1)
      case "all": all += (record["list"]?.array ?? []).compactMap(\.integer)
      case "keep": kept.append(record["n"]?.integer ?? -1)
      default: Issue.record("unexpected \(record)")
      }
    }

    func write(_ number: Int) throws {
      try journal.write(.object(["ev": .string("n"), "n": .integer(number)]))
      all.append(number)
      if number % 5 == 0 {
        try journal.write(.object(["ev": .string("keep"), "n": .integer(number)]))
        kept.append(number)
      }
      if journal.isFull { try journal.rotate(state) }
    }

    var state: [JSONValue] { [.object(["ev": .string("all"), "list": .array(all.map { .integer($0) })])] }
  }

  private func fill(_ range: Range<Int>) throws {
    let numbers = try Numbers(folder)
    for number in range { try numbers.write(number) }
  }

  private func expectWhole(_ count: Int, at place: SourceLocation = #_sourceLocation) throws {
    let numbers = try Numbers(folder)
    #expect(numbers.all == Array(0..<count), sourceLocation: place)
    #expect(numbers.kept == Array(stride(from: 0, to: count, by: 5)), sourceLocation: place)
    // And goes on: a second start after one more record.
    try numbers.write(count)
    #expect(try Numbers(folder).all == Array(0...count), sourceLocation: place)
  }

  private var names: [String] { get throws { try folder.names().map(\.description) } }

  private func refusal(_ body: () throws -> Void = {}) throws -> String {
    try body()
    let before = try contents()
    let error = #expect(throws: JournalFile.Failure.self) { _ = try Numbers(folder) }
    #expect(try contents() == before, "nothing is touched")
    return error.map { "\($0)" } ?? ""
  }

  private func contents() throws -> [String: [UInt8]] {
    var all: [String: [UInt8]] = [:]
    for name in try folder.names() { all["\(name)"] = try folder.read(name) }
    return all
  }

  @Test func segmentsFollowEachOther() throws {
    try fill(0..<40)
    let names = try names
    #expect(names.contains("00000003.jsonl"), "\(names)")
    #expect(names.filter { $0.hasSuffix(".snapshot") }.count == 2, "the two newest stay: \(names)")
    var last = ""
    for name in names where name.hasSuffix(".jsonl") {
      let lines = try folder.read(Path(name)).split(separator: 0x0A)
      let header = try JSONParser.parse(Array(lines[0].dropLast(9)))
      #expect(header["ev"]?.string == "segment" && header["version"]?.integer == 1)
      #expect(header["previous"]?.string == (last.isEmpty ? "00000000" : last), "\(name)")
      #expect(header["host"]?.string?.isEmpty == false && header["boot"]?.string?.isEmpty == false)
      last = String(decoding: lines[lines.count - 1].suffix(8), as: UTF8.self)
    }
    #expect(
      try JournalFile.peek(folder).compactMap { $0["ev"]?.string == "n" ? $0["n"]?.integer : nil } == Array(0..<40))
    try expectWhole(40)
  }

  @Test("J1: what follows the last whole line is cut", arguments: [1, 7, 26])
  func aTornTail(_ lost: Int) throws {
    try fill(0..<40)
    let last = Path(try #require(try names.last { $0.hasSuffix(".jsonl") }))
    var numbers: Numbers? = try Numbers(folder, limit: .max)
    try numbers?.journal.write(.object(["ev": .string("n"), "n": .integer(40)]))
    numbers = nil
    let bytes = try folder.read(last)
    try folder.replaceFile(last, with: Array(bytes.dropLast(lost)))
    try expectWhole(40)
  }

  @Test("J2: a bad line before good ones is refused, in any segment", arguments: [0, 1])
  func aBadLine(_ which: Int) throws {
    try fill(0..<40)
    // Read at a start are the last segment and, without snapshots, all of them.
    for name in try folder.names() where name.hasSuffix(".snapshot") && which == 0 { try folder.remove(name) }
    let segments = try names.filter { $0.hasSuffix(".jsonl") }
    let name = Path(which == 0 ? segments[1] : try #require(segments.last))
    if which == 1 {
      for _ in 0..<2 { _ = try Numbers(folder, limit: .max).journal.write(.object(["ev": .string("n")])) }
    }
    var bytes = try folder.read(name)
    let feed = try #require(bytes.firstIndex(of: 0x0A))
    bytes[feed + 6] ^= 1
    try folder.replaceFile(name, with: bytes)
    let text = try refusal()
    for part in ["\(folder.path / name)", "line 2", "byte \(feed + 1)", "backup"] {
      #expect(text.contains(part), "\(text)")
    }
  }

  @Test("J3: a missing segment is refused and named", arguments: [true, false])
  func aMissingSegment(_ isFirst: Bool) throws {
    try fill(0..<40)
    for name in try folder.names() where name.hasSuffix(".snapshot") { try folder.remove(name) }
    let lost = isFirst ? "00000001.jsonl" : "00000002.jsonl"
    let text = try refusal { try folder.remove(Path(lost)) }
    #expect(text.contains(lost) && text.contains("missing"), "\(text)")
  }

  @Test("J4: a segment that was cut or is of another time is refused")
  func aForeignSegment() throws {
    try fill(0..<40)
    for name in try folder.names() where name.hasSuffix(".snapshot") { try folder.remove(name) }
    let bytes = try folder.read("00000002.jsonl")
    let end = try #require(bytes.dropLast().lastIndex(of: 0x0A))
    let text = try refusal { try folder.replaceFile("00000002.jsonl", with: Array(bytes[...end])) }
    #expect(text.contains("does not go on"), "\(text)")
    try folder.replaceFile("00000002.jsonl", with: Array(bytes.dropLast(3)))
    #expect(try refusal().contains("no whole line any more"))
    try folder.replaceFile("00000002.jsonl", with: Array("{\"ev\":\"n\"}\t00000000\n".utf8))
    #expect(try refusal().contains("first line"))
  }

  @Test("J5: a start reads the newest whole snapshot and what follows")
  func onlyTheNewestIsRead() throws {
    try fill(0..<40)
    // Segments before the newest snapshot are not looked into: damage there is for those who ask for the history.
    let newest = try #require(try names.last { $0.hasSuffix(".snapshot") })
    for name in try folder.names() where name.hasSuffix(".jsonl") && name.description < newest {
      try folder.replaceFile(name, with: try folder.read(name) + [0x58])
    }
    try expectWhole(40)
  }

  @Test("J6: a snapshot that is damaged, cut or gone costs time, not state", arguments: 0..<6)
  func aBadSnapshot(_ how: Int) throws {
    try fill(0..<40)
    for (index, name) in try folder.names().filter({ $0.hasSuffix(".snapshot") }).reversed().enumerated() {
      var bytes = try folder.read(name)
      switch (how, index) {
      case (0, 0), (1, _): bytes[bytes.count / 2] ^= 1
      case (2, 0), (3, _): bytes.removeLast(bytes.count / 3)
      case (4, 0), (5, _):
        try folder.remove(name)
        continue
      default: break
      }
      try folder.replaceFile(name, with: bytes)
    }
    try expectWhole(40)
  }

  @Test("J7: a snapshot without its segment, of the journal's very end, is gone on from")
  func aSnapshotWithoutItsSegment() throws {
    try fill(0..<10)
    let numbers = try Numbers(folder, limit: .max)
    try numbers.journal.rotate(numbers.state)
    try folder.remove(Path(try #require(try names.last { $0.hasSuffix(".jsonl") })))
    try expectWhole(10)
  }

  @Test("J8: a snapshot that the journal went on without is never used")
  func aStaleSnapshot() throws {
    try fill(0..<10)
    do {
      let numbers = try Numbers(folder, limit: .max)
      try numbers.journal.rotate([.object(["ev": .string("all"), "list": .array([.integer(-7)])])])
      try folder.remove(Path(try #require(try names.last { $0.hasSuffix(".jsonl") })))
    }
    // The rotation failed after its snapshot and the segment before was written on.
    let stale = try #require(try names.last { $0.hasSuffix(".snapshot") })
    let bytes = try folder.read(Path(stale))
    try folder.remove(Path(stale))
    try fill(10..<11)
    try folder.replaceFile(Path(stale), with: bytes)
    try expectWhole(11)
    let there = try names.contains(stale) ? try folder.read(Path(stale)) : []
    #expect(there != bytes, "it is removed, or replaced by the next one")
  }

  @Test("J9: temporaries go")
  func temporaries() throws {
    try fill(0..<10)
    for name in [".00000009.snapshot.tmp", ".00000009.jsonl.tmp"] { try folder.replaceFile(Path(name), with: [1]) }
    try expectWhole(10)
    #expect(try names.allSatisfy { !$0.hasPrefix(".") })
  }

  @Test("J10: with the oldest segments removed by a person, a snapshot stands for them")
  func prunedSegments() throws {
    try fill(0..<40)
    let oldest = try #require(try names.first { $0.hasSuffix(".snapshot") })
    for name in try folder.names() where name.hasSuffix(".jsonl") && name.description < oldest {
      try folder.remove(name)
    }
    var seen: [Int] = []
    try JournalReader(folder).readAll { record in
      if let n = record["n"]?.integer, record["ev"]?.string == "n" { seen.append(n) }
      seen += (record["list"]?.array ?? []).compactMap(\.integer)
    }
    #expect(seen == Array(0..<40), "the history begins with the snapshot")
    try expectWhole(40)
  }

  @Test("J11: a journal of an early version has no first line of its own")
  func anEarlyJournal() throws {
    var chain = JournalChain()
    let lines = (0..<3).flatMap { chain.seal(Array("{\"ev\":\"n\",\"n\":\($0)}".utf8)) }
    try folder.publish(JournalFile.name, lines)
    let numbers = try Numbers(folder)
    #expect(numbers.all == [0, 1, 2])
    for number in 3..<40 { try numbers.write(number) }
    #expect(try Numbers(folder).all == Array(0..<40))
  }

  /// Killed at each durable step of writing and rotating, some thousand bytes a segment.
  @Test func killedAnywhereNothingIsLost() async throws {
    try fill(0..<3)
    var step = 1
    var ended = false
    while !ended {
      let path = folder.path.description
      let before = try Numbers(folder, limit: .max).all.count
      await #expect(processExitsWith: .signal(SIGKILL)) {
        [path = path as String, step = step as Int, before = before as Int] in
        FaultPoint.arm(try FaultPlan("kill@\(step):durable"))
        let folder = try Directory(Path(path))
        let numbers = try Numbers(folder)
        for number in before..<(before + 12) { try numbers.write(number) }
        _ = mkdir("\(path)/ended", 0o755)
        kill(getpid(), SIGKILL)
      }
      ended = folder.exists("ended")
      let numbers = try Numbers(folder, limit: .max)
      #expect(numbers.all == Array(0..<numbers.all.count), "killed at \(step)")
      #expect(numbers.all.count >= before)
      #expect(numbers.kept == Set(numbers.kept).sorted() && numbers.kept.allSatisfy { $0 % 5 == 0 }, "each once")
      step += 1
    }
    #expect(step > 20)
  }
}
