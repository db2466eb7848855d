import Bytes
import Documents
import Filtering
import Posix
import Spool
import Testing

@testable import DataAgent

@Suite struct FilteredSamplesTests {
  private let spool: TestSpool
  init() throws { spool = try TestSpool(tokenizer: false) }

  private func document(_ number: Int) -> Document {
    Document(
      id: Identifier(of: Array("\(number)".utf8)), text: Array("text \(number)\n".utf8), source: "web",
      origin: "a#\(number)")
  }

  private func sample(_ folder: Path, _ numbers: [Int], batches: Int) throws -> [UInt8] {
    let directory = try spool.layout.filtered.make(folder)
    let size = (numbers.count + batches - 1) / batches
    for start in stride(from: 0, to: numbers.count, by: size) {
      // A new one each time: what was sampled before is read back.
      let samples = FilteredSamples(directory, limit: 10, rules: nil, phrases: .builtIn)
      for number in numbers[start..<min(numbers.count, start + size)] {
        samples.add(document(number), RuleHit(rule: "short", value: 1, threshold: 2), channel: "en")
      }
      try samples.write()
    }
    return try directory.open("short").read("sample.jsonl")
  }

  /// The sample is a function of the set: any order, any cuts, with repeats.
  @Test func theOrderDoesNotMatter() throws {
    let numbers = Array(0..<300)
    let expected = try sample("one", numbers, batches: 1)
    var shuffle = SystemRandomNumberGenerator()
    #expect(try sample("two", numbers.reversed(), batches: 7) == expected)
    #expect(try sample("three", numbers.shuffled(using: &shuffle), batches: 3) == expected)
    #expect(try sample("four", numbers + numbers, batches: 2) == expected)
    let lines = expected.split(separator: 0x0A)
    #expect(lines.count == 10)
    let smallest = numbers.map { document($0).id }.sorted { $0.low < $1.low }.prefix(10).map(\.description)
    #expect(try lines.map { try JSONParser.parse(Array($0))["id"]?.string } == smallest)
  }

  @Test func aSampleIsMadeToBeRead() throws {
    let bytes = try sample("one", [5], batches: 1)
    let value = try JSONParser.parse(bytes)
    #expect(value["rule"]?.string == "short" && value["value"]?.number == 1 && value["threshold"]?.number == 2)
    #expect(value["channel"]?.string == "en" && value["source"]?.string == "web" && value["origin"]?.string == "a#5")
    #expect(value["text"]?.string == "text 5\n")
  }
}

@Suite struct RejectionsTests {
  private let spool: TestSpool
  private let rejections: Rejections

  init() throws {
    spool = try TestSpool(tokenizer: false)
    rejections = Rejections(layout: spool.layout)
  }

  private func claim(_ path: Path, _ sequence: Int, _ bytes: [UInt8]) throws -> Claim {
    try spool.layout.claimed.replaceFile(Claim.claimedName(sequence), with: bytes)
    let status = ClaimedStatus(size: bytes.count, modified: 0, device: 0, inode: 0, copied: false)
    return Claim(sequence: sequence, path: path, status: status, options: [])
  }

  private func reject(_ claim: Claim) throws {
    try rejections.reject(claim, code: "no-text", message: "nothing", offset: 5, remedy: "")
  }

  @Test func byteForByteWithItsReason() throws {
    let bytes = (0...255).map { UInt8($0) }
    try reject(try claim("web/sub/a.bin", 3, bytes))
    let folder = try spool.layout.rejected.open("web/sub")
    #expect(try folder.read("a.bin") == bytes)
    let reason = try JSONParser.parse(try folder.read("a.bin.reason.json"))
    #expect(
      reason["file"]?.string == "web/sub/a.bin" && reason["stage"]?.string == "read"
        && reason["code"]?.string == "no-text")
    #expect(reason["offset"]?.integer == 5 && reason["claim"]?.integer == 3)
    #expect(reason["what_to_do"]?.string?.contains("mv it back") == true)
    #expect(try spool.claimed.isEmpty)
  }

  /// `mv` it back and have it rejected again: both are there.
  @Test func namesThatAreTakenGetANumber() throws {
    for sequence in 1...3 { try reject(try claim("web/a", sequence, [UInt8(sequence)])) }
    let folder = try spool.layout.rejected.open("web")
    #expect(try folder.names() == ["a", "a.2", "a.2.reason.json", "a.3", "a.3.reason.json", "a.reason.json"])
    #expect(try folder.read("a.3") == [3])
  }

  @Test func doneBeforeIsNotDoneAgain() throws {
    let claim = try claim("web/a", 1, [1])
    try reject(claim)
    try reject(claim)
    #expect(try spool.layout.rejected.open("web").names() == ["a", "a.reason.json"])
  }

  @Test func namesAreBytes() throws {
    let folder = Path([0xFF, 0x25])
    try reject(try claim(folder / "a\nb", 1, [7]))
    #expect(try spool.layout.rejected.open(folder).read("a\nb") == [7])
  }

  @Test func withoutASourceFolderItIsDefault() throws {
    try reject(try claim("a.bin", 1, [7]))
    #expect(try spool.layout.rejected.open("default").read("a.bin") == [7])
  }

  @Test func badLinesAreCommittedWithTheirBatch() throws {
    let claim = try claim("web/a.jsonl", 1, [1])
    try rejections.addBadLines(claim, Array("one\n".utf8), after: 0)
    // The commit that should have followed did not: the next attempt writes from the committed size on.
    try rejections.addBadLines(claim, Array("uno\n".utf8), after: 0)
    try rejections.addBadLines(claim, Array("two\n".utf8), after: 4)
    try rejections.finish(claim)
    #expect(try spool.layout.rejected.open("web").read("a.jsonl.bad.jsonl") == Array("uno\ntwo\n".utf8))
    #expect(try spool.claimed.isEmpty, "the file itself goes: its documents are in the corpus")
    try rejections.finish(claim)
  }

  @Test func aBadLineSaysWhichAndWhy() throws {
    let line = Rejections.badLine(
      number: 4, offset: 99, reason: "at byte 2: not JSON", bytes: Array("a\"".utf8) + [0xFF])
    let value = try JSONParser.parse(line)
    #expect(value["line"]?.integer == 4 && value["offset"]?.integer == 99 && value["bytes"]?.integer == 3)
    #expect(value["reason"]?.string == "at byte 2: not JSON" && value["text"]?.string == "a\"\u{FFFD}")
    #expect(line.last == 0x0A)
  }
}
