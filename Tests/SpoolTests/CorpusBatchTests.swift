import Bytes
import Fixtures
import Posix
import Spool
import Testing

@Suite struct CorpusBatchTests {
  private let scratch: Scratch
  private let name = CorpusName(12)

  init() throws { scratch = try Scratch() }

  /// Texts of lengths on both sides of a frame, the last longer than two.
  private static let texts: [[UInt8]] = [0, 1, 1000, 262_143, 262_144, 262_145, 17, 600_000, 3].enumerated().map {
    index, length in
    (0..<length).map { UInt8(truncatingIfNeeded: ($0 &* 31 &+ index) >> 3) }
  }

  private var offsets: [Int] { Self.texts.indices.map { Self.texts[..<$0].reduce(0) { $0 + $1.count } } }

  private func publish(_ stream: [UInt8], records: [UInt8] = [], recordBytes: Int = 4) throws {
    let frames = stride(from: 0, to: stream.count, by: ZstdFrames.frameBytes).map { start in
      let part = Array(stream[start..<min(stream.count, start + ZstdFrames.frameBytes)])
      return (part.withUnsafeBytes { ZstdFrames.compress($0) }, part.count)
    }
    try CorpusBatchWriter.publish(
      name, frames: frames, records: records, layout: RecordLayout(bytes: recordBytes, version: 7),
      manifest: [JSONMember("number", .integer(12))], in: scratch.directory)
  }

  private var stream: [UInt8] { Self.texts.flatMap { $0 } }

  @Test func documentsOfAnySizeComeBack() throws {
    try publish(stream)
    let batch = try CorpusBatch(name, in: scratch.directory)
    var cache = FrameCache(limit: 2)
    for index in Array(Self.texts.indices) + Self.texts.indices.reversed() {
      let text = try batch.text(at: offsets[index], length: Self.texts[index].count, &cache)
      #expect(text == Self.texts[index], "document \(index)")
    }
  }

  @Test func recordsComeBack() throws {
    let records = (0..<30).map { UInt8($0) }
    try publish([1, 2, 3], records: records, recordBytes: 10)
    let batch = try CorpusBatch(name, in: scratch.directory)
    #expect(batch.count == 3)
    #expect(batch.layout == RecordLayout(bytes: 10, version: 7))
    for index in 0..<3 { #expect(Array(batch.record(index)) == Array(records[(10 * index)..<(10 * index + 10)])) }
    withExtendedLifetime(batch) {}
  }

  @Test func anyZstdReadsIt() throws {
    try publish(stream)
    let file = "\(scratch.directory.path)/\(name.text)"
    guard let child = try? Child.start(["zstd", "-dc", file], captureOutput: true) else {
      print("skipped: no zstd here")
      return
    }
    let output = try child.output?.readAll()
    #expect(child.wait() == 0)
    #expect(output == stream)
  }

  @Test func namesSortByNumber() {
    #expect(CorpusName(7).text == "00000007.jsonl.zst")
    #expect(CorpusName(123_456_789).manifest == "123456789.json")
    #expect(CorpusName(7).tokens("abcdef0123456789") == "00000007.abcdef01")
  }

  @Test func theManifestHasTheDigests() throws {
    try publish(stream)
    let manifest = try JSONParser.parse(try scratch.directory.read(name.manifest))
    let files = try #require(manifest["files"])
    #expect(manifest["number"]?.integer == 12)
    #expect(files["text_sha256"]?.string == Hex.encode(Digest.sha256(try scratch.directory.read(name.text))))
    #expect(files["records_sha256"]?.string == Hex.encode(Digest.sha256(try scratch.directory.read(name.records))))
    #expect(files["text_bytes"]?.integer == (try scratch.directory.read(name.text)).count)
  }

  @Test func whatAFailedAttemptLeftIsReplaced() throws {
    for leftover in [name.text, name.records, Directory.temporary(name.text), Directory.temporary(name.manifest)] {
      try scratch.write(leftover, "half")
    }
    try publish(stream)
    #expect(try scratch.directory.names() == [name.json, name.text, name.records].sorted())
    #expect(try CorpusBatch(name, in: scratch.directory).count == 0)
  }

  @Test func aPublishedBatchIsNeverReplaced() throws {
    try publish([1])
    let before = try scratch.directory.read(name.text)
    #expect(throws: SystemError.self) { try publish([2]) }
    #expect(try scratch.directory.read(name.text) == before)
  }

  /// Cut, or one byte changed anywhere: the text is right or an error says which file.
  @Test func damageIsSaid() throws {
    try publish(stream, records: [UInt8](repeating: 7, count: 40))
    for file in [name.text, name.records] {
      let good = try scratch.directory.read(file)
      for index in stride(from: 0, to: good.count, by: max(1, good.count / 60))
        + Array(max(0, good.count - 90)..<good.count)
      {
        for cut in [true, false] {
          var bytes = good
          if cut { bytes.removeSubrange(index...) } else { bytes[index] ^= 0xFF }
          try scratch.directory.replaceFile(file, with: bytes, durable: false)
          do {
            let batch = try CorpusBatch(name, in: scratch.directory)
            var cache = FrameCache()
            for index in Self.texts.indices {
              let text = try batch.text(at: offsets[index], length: Self.texts[index].count, &cache)
              // Zstandard frames without a checksum cannot see every changed byte; the manifest's digest does.
              #expect(text.count == Self.texts[index].count)
            }
          } catch {
            #expect(
              "\(error)".contains(
                "\(scratch.directory.path)/\(name.text.bytes.starts(with: file.bytes) ? name.text : name.records)"))
          }
        }
      }
      try scratch.directory.replaceFile(file, with: good, durable: false)
    }
  }

  @Test(arguments: [(-1, 10), (1 << 40, 10), (1_650_000, 100_000_000)])
  func placesOutsideAreDamage(_ offset: Int, _ length: Int) throws {
    try publish(stream)
    let batch = try CorpusBatch(name, in: scratch.directory)
    var cache = FrameCache()
    #expect(throws: CorpusBatch.Damage.self) { try batch.text(at: offset, length: length, &cache) }
  }
}

extension CorpusName {
  fileprivate var json: Path { manifest }
}
