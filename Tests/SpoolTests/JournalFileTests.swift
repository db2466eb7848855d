import Bytes
import Fixtures
import Glibc
import Posix
import Spool
import Testing

@Suite struct JournalFileTests {
  private let scratch: Scratch
  private var folder: Directory { scratch.directory }

  init() throws { scratch = try Scratch() }

  private func record(_ number: Int) -> JSONValue { .object(["ev": .string("test\n"), "n": .integer(number)]) }
  private func numbers(_ records: [JSONValue]) -> [Int] { records.compactMap { $0["n"]?.integer } }

  /// What a start replays.
  private func replayed() throws -> [JSONValue] {
    var records: [JSONValue] = []
    try JournalFile(toOpen: folder).open { records.append($0) }
    return records
  }

  private func write(_ range: Range<Int>) throws {
    let journal = try JournalFile(folder)
    for number in range { try journal.add(record(number)) }
    try journal.commit()
  }

  @Test func whatWasCommittedIsThere() throws {
    #expect(try replayed().isEmpty)
    try write(0..<3)
    try write(3..<200)
    #expect(numbers(try replayed()) == Array(0..<200))
    #expect(numbers(try JournalFile.peek(folder)) == Array(0..<200))
  }

  @Test func whatWasOnlyAddedIsNot() throws {
    do {
      let journal = try JournalFile(folder)
      try journal.write(record(1))
      try journal.add(record(2))
    }
    #expect(numbers(try replayed()) == [1])
  }

  @Test(arguments: [1, 5, 20])
  func aTornTailIsCutAndWritingGoesOn(_ lost: Int) throws {
    try write(0..<3)
    let whole = try folder.read(JournalFile.name)
    try folder.replaceFile(JournalFile.name, with: Array(whole.dropLast(lost)))
    #expect(numbers(try JournalFile.peek(folder)) == [0, 1], "looking does not mend")
    #expect(try folder.read(JournalFile.name).count == whole.count - lost)
    try write(7..<8)
    #expect(numbers(try replayed()) == [0, 1, 7])
  }

  @Test func aBadMiddleIsRefusedAndNothingIsTouched() throws {
    try write(0..<5)
    var bytes = try folder.read(JournalFile.name)
    let third = try #require(bytes.firstRange(of: Array("\"n\":1".utf8)))
    bytes[third.lowerBound + 4] ^= 1
    try folder.replaceFile(JournalFile.name, with: bytes)
    let failure = #expect(throws: JournalFile.Failure.self) { try JournalFile(folder) }
    let text = failure.map { "\($0)" } ?? ""
    for part in ["\(folder.path)/\(JournalFile.name)", "line 3", "backup"] { #expect(text.contains(part), "\(text)") }
    #expect(try folder.read(JournalFile.name) == bytes)
  }

  @Test func killedBetweenAnyTwoStepsWholeGroupsAreThere() async throws {
    try write(0..<2)
    for step in 1...3 {
      let path = folder.path.description
      await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, step = step as Int] in
        let folder = try Directory(Path(path))
        FaultPoint.arm(try FaultPlan("kill@\(step):durable"))
        let journal = try JournalFile(folder)
        for group in 0..<4 {
          for _ in 0..<3 { try journal.add(.object(["n": .integer(100 + group)])) }
          try journal.commit()
        }
        exit(0)
      }
      let found = numbers(try replayed())
      #expect(Array(found.prefix(2)) == [0, 1])
      #expect((found.count - 2) % 3 == 0, "after step \(step): \(found)")
    }
  }
}
