import Decoding
import Documents
import Testing

@Suite(.enabled(if: SharedData.isPresent("raw/messy.tar.zst"))) struct ArchiveTests {
  static func file(_ name: String) throws -> [UInt8] {
    try #require(try SharedData.unpack("raw/messy.tar.zst") { $0.hasSuffix(name) }.first).bytes
  }

  static let zstd = FileFormat(.jsonLines, compression: .zstd)

  @Test("frames and skippable frames are one stream; a cut or a flipped bit comes after the whole documents before it")
  func frames() throws {
    let good = readAll(MemorySource(try ArchiveTests.file("compressed/good.jsonl.zst")), ArchiveTests.zstd)
    #expect(good.documents.count == 40)
    #expect(good.failure == nil)
    for name in ["two-frames", "skippable-frame"] {
      let outcome = readAll(MemorySource(try ArchiveTests.file("compressed/\(name).jsonl.zst")), ArchiveTests.zstd)
      #expect(outcome.items == good.items, "\(name)")
      #expect(outcome.failure == nil)
    }
    let cut = readAll(MemorySource(try ArchiveTests.file("compressed/truncated.jsonl.zst")), ArchiveTests.zstd)
    #expect(cut.failure?.code == "decompress")
    #expect(cut.documents.count > 0)
    #expect(cut.items == Array(good.items.prefix(cut.items.count)))
    let flipped = readAll(MemorySource(try ArchiveTests.file("compressed/bitflip.jsonl.zst")), ArchiveTests.zstd)
    #expect(flipped.failure?.code == "decompress")
  }

  @Test("every cut of an archive gives whole documents and then the failure")
  func cuts() throws {
    let bytes = try ArchiveTests.file("compressed/two-frames.jsonl.zst")
    let whole = readAll(MemorySource(bytes), ArchiveTests.zstd)
    for cut in stride(from: 1, to: bytes.count, by: bytes.count / 17) {
      let outcome = readAll(DrippingSource(Array(bytes[..<cut]), step: 1000), ArchiveTests.zstd)
      #expect(outcome.items == Array(whole.items.prefix(outcome.items.count)))
      #expect(outcome.failure != nil || outcome.items.count > 0)
    }
  }

  @Test("reading an archive on from any document gives the rest")
  func resume() throws {
    let bytes = try ArchiveTests.file("compressed/two-frames.jsonl.zst")
    let whole = readAll(MemorySource(bytes), ArchiveTests.zstd)
    for index in stride(from: 0, to: whole.items.count, by: 13) {
      let rest = readAll(MemorySource(bytes), ArchiveTests.zstd, resumeAt: whole.positions[index])
      #expect(rest.items == Array(whole.items[(index + 1)...]))
    }
  }

  @Test("a bomb is stopped")
  func bomb() throws {
    let outcome = readAll(
      MemorySource(try ArchiveTests.file("bomb-200MB.txt.zst")), FileFormat(.text, compression: .zstd))
    #expect(outcome.failure?.code == "bomb")
    #expect(outcome.items.isEmpty)
  }

  @Test(
    "bad rows of a good file go alone",
    arguments: [("bad-rows.jsonl", 20), ("crlf-bom.jsonl", 1), ("no-final-newline.jsonl", 1)])
  func badRows(name: String, least: Int) throws {
    let outcome = readAll(try ArchiveTests.file("jsonl/" + name), .jsonLines)
    #expect(outcome.documents.count >= least)
    #expect(outcome.failure == nil)
    if name == "bad-rows.jsonl" {
      for line in outcome.badLines { print("bad row \(line.number): \(line.reason)") }
      #expect(outcome.badLines.count >= 7)
    } else {
      #expect(outcome.badLines.isEmpty)
    }
  }

  @Test("an array of records is read from a .json file, escapes are resolved")
  func arrays() throws {
    #expect(readAll(try ArchiveTests.file("jsonl/array.json"), .json).documents.count > 1)
    let escaped = readAll(try ArchiveTests.file("jsonl/ascii-escaped.jsonl"), .jsonLines)
    #expect(escaped.badLines.isEmpty)
    #expect(escaped.documents.allSatisfy { !$0.text.isEmpty })
  }

  @Test("broken files: read or refused, and no crash")
  func broken() throws {
    let files = try SharedData.unpack("raw/messy.tar.zst") {
      $0.contains("/broken/") || $0.contains("/mixed/")
    }
    var wholeMixed = 0
    for (name, bytes) in files where !name.hasSuffix(".gz") && !name.hasSuffix("long-line-5MB.txt") {
      let outcome = readAll(bytes, name.hasSuffix("jsonl") ? .jsonLines : .text)
      for refused in [
        "empty.txt", "only-newlines.txt", "only-bom.txt", "only-nuls.txt", "binary-named.txt", "empty.jsonl",
      ]
      where name.hasSuffix("/" + refused) {
        #expect(outcome.documents.isEmpty, "\(name)")
        #expect(outcome.failure != nil, "\(name)")
      }
      if name.contains("/mixed/"), outcome.documents.first?.flags.contains(.repaired) == false { wholeMixed += 1 }
      if outcome.failure == nil { #expect(!outcome.documents.isEmpty, "\(name)") }
    }
    #expect(wholeMixed == 6)
  }
}
