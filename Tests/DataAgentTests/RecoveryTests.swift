import Blocks
import Bytes
import DataAgent
import Posix
import Spool
import Testing

/// What a death between any two durable steps leaves, made by hand, and the next start.
@Suite struct RecoveryTests {
  private let spool: TestSpool

  /// Blocks of one thousand tokens, some documents over.
  init() throws {
    spool = try TestSpool()
    try spool.drop("web/a.jsonl", texts(40, seed: 30))
    try spool.run()
  }

  private func checkAllIsThere(_ before: [String: [UInt8]], documents: Int = 40) throws {
    try Self.check(spool, before, documents)
  }

  private static func check(_ spool: TestSpool, _ before: [String: [UInt8]], _ documents: Int) throws {
    #expect(try spool.published() == before)
    #expect(try spool.documents == documents)
    #expect(try spool.counts("web")["kept"] == documents)
    #expect(try spool.claimed.isEmpty)
    let journal = try spool.journal.count
    try spool.run()
    #expect(try spool.journal.count == journal + 1, "after recovery nothing is left to do")
  }

  /// Documents that fill some blocks and no more: what follows the last one in the journal is the end of the file.
  private static func spoolThatEndsWithABlock() throws -> TestSpool {
    let probe = try TestSpool()
    try probe.drop("web/a.jsonl", texts(20, seed: 30))
    try probe.run()
    let cut = try #require(try probe.events("block-intent").last?["cut"]?.integer)
    let spool = try TestSpool()
    try spool.drop("web/a.jsonl", Array(texts(20, seed: 30)[..<cut]))
    try spool.run()
    #expect(try spool.events("block").count >= 3)
    #expect(try spool.documents == cut)
    return spool
  }

  @Test func aPublishedBlockIsAdopted() throws {
    let spool = try Self.spoolThatEndsWithABlock()
    let documents = try spool.documents
    let before = try spool.published()
    let blocks = try spool.events("block").count
    try spool.forget(last: "block")
    try spool.run()
    #expect(spool.said.contains { $0.hasPrefix("recovery: block \(blocks - 1) was published") })
    #expect(try spool.events("block").count == blocks)
    try Self.check(spool, before, documents)
  }

  /// Killed anywhere between the intent and the manifest: companions go, the block is made again, byte for byte.
  @Test(arguments: [["json"], ["json", "channels"], ["json", "channels", "idx", "bin"]])
  func anUnfinishedBlockIsMadeAgain(_ missing: [String]) throws {
    let spool = try Self.spoolThatEndsWithABlock()
    let documents = try spool.documents
    let before = try spool.published()
    let last = try spool.events("block").count - 1
    try spool.forget(last: "block")
    for suffix in missing { try spool.layout.blocks.remove(Path("part-0000\(last).\(suffix)")) }
    try spool.layout.blocks.replaceFile(".part-0000\(last).bin.tmp", with: [1, 2, 3])
    try spool.run()
    let after = try spool.published()
    for (name, bytes) in before where !name.hasSuffix(".json") { #expect(after[name] == bytes, "\(name)") }
    #expect(try spool.block(last)["files"] != nil)
    #expect(try spool.events("block-intent").filter { $0["number"]?.integer == last }.count == 1, "decided once")
    try Self.check(spool, after, documents)
  }

  @Test func aPublishedBatchIsAdopted() throws {
    let before = try spool.published()
    // What the journal said before the last batch: blocks that came after it go with their record.
    try spool.forget(last: "batch")
    let blocks = try spool.events("block").count
    for number in blocks..<20 {
      for suffix in ["bin", "idx", "channels", "json"] {
        try? spool.layout.blocks.remove(Path("part-0000\(number).\(suffix)"))
      }
    }
    try spool.run()
    #expect(spool.said.contains { $0.contains("was published, the journal now says so") })
    let after = try spool.published()
    for (name, bytes) in before where !name.hasSuffix(".json") { #expect(after[name] == bytes, "\(name)") }
    #expect(after.keys.sorted() == before.keys.sorted())
    try checkAllIsThere(after)
  }

  /// The claim is journalled, the file is still where it was dropped.
  @Test func aClaimThatWasNotMovedIsMoved() throws {
    try spool.drop("web/b.jsonl", texts(7, seed: 31))
    let status = try spool.layout.incoming.status("web/b.jsonl")
    do {
      let journal = try JournalFile(spool.layout.journal)
      try journal.write(
        .object([
          "ev": .string("claim"), "seq": .integer(2), "path": .string("web/b.jsonl"), "size": .integer(status.size),
          "mtime": .integer(status.modified), "dev": .integer(Int(bitPattern: UInt(status.device))),
          "ino": .integer(Int(bitPattern: UInt(status.inode))), "copied": .bool(false),
          "options": .string("{channel: 'en'}"),
        ]))
    }
    try spool.run()
    #expect(try spool.events("claim").count == 2, "not claimed a second time")
    #expect(try spool.documents == 47)
    try checkAllIsThere(try spool.published(), documents: 47)
  }

  /// The claim is journalled, and its owner took the file back or put another one there.
  @Test(arguments: [true, false])
  func aClaimWhoseFileIsGoneIsVoid(_ replaced: Bool) throws {
    do {
      let journal = try JournalFile(spool.layout.journal)
      try journal.write(
        .object([
          "ev": .string("claim"), "seq": .integer(2), "path": .string("web/b.jsonl"), "size": .integer(1),
          "mtime": .integer(1),
          "dev": .integer(1), "ino": .integer(1), "copied": .bool(false), "options": .string(""),
        ]))
    }
    if replaced { try spool.drop("web/b.jsonl", texts(7, seed: 32)) }
    try spool.run()
    #expect(try spool.events("void").map { $0["seq"]?.integer } == [2])
    #expect(spool.said.contains { $0.contains("web/b.jsonl") })
    try checkAllIsThere(try spool.published(), documents: replaced ? 47 : 40)
  }

  /// Died after the commit, before the input went: it goes now and is not read again.
  @Test func theInputOfACommittedBatchGoes() throws {
    let before = try spool.published()
    try spool.layout.claimed.replaceFile("000000000001", with: Array("what was read".utf8))
    try spool.layout.claimed.replaceFile(".000000000002.tmp", with: [1])
    try spool.run()
    try checkAllIsThere(before)
  }

  /// Copied, published under its claimed name, died before the original was removed: it is not taken twice.
  @Test func aCopiedFileIsNotTakenTwice() throws {
    try spool.drop("web/b.jsonl", texts(7, seed: 33))
    let status = try spool.layout.incoming.status("web/b.jsonl")
    try spool.layout.claimed.replaceFile("000000000002", with: try spool.layout.incoming.open("web").read("b.jsonl"))
    do {
      let journal = try JournalFile(spool.layout.journal)
      try journal.write(
        .object([
          "ev": .string("claim"), "seq": .integer(2), "path": .string("web/b.jsonl"), "size": .integer(status.size),
          "mtime": .integer(status.modified), "dev": .integer(Int(bitPattern: UInt(status.device))),
          "ino": .integer(Int(bitPattern: UInt(status.inode))), "copied": .bool(true),
          "options": .string("{channel: 'en'}"),
        ]))
    }
    try spool.run()
    #expect(!spool.layout.incoming.exists("web/b.jsonl"))
    try checkAllIsThere(try spool.published(), documents: 47)
  }

  @Test func leftoversOfABatchGo() throws {
    let before = try spool.published()
    let next = CorpusName(try spool.events("batch").count)
    for name in [next.text, next.records, Directory.temporary(next.manifest)] {
      try spool.layout.corpus.replaceFile(name, with: [9])
    }
    try spool.run()
    try checkAllIsThere(before)
  }

  @Test func anotherTokenizerUnderBlocksIsRefused() throws {
    let before = try spool.published()
    let original = try spool.layout.tokenizer.read("tokenizer.json")
    try spool.layout.tokenizer.replaceFile("tokenizer.json", with: original + Array("\n".utf8))
    let changed = #expect(throws: (any Error).self) { try spool.run() }
    #expect(changed.map { "\($0)" }?.contains("was changed") == true)
    try spool.layout.tokenizer.remove("tokenizer.json")
    let gone = #expect(throws: (any Error).self) { try spool.run() }
    #expect(gone.map { "\($0)" }?.contains("put it back") == true)
    try spool.layout.tokenizer.replaceFile("tokenizer.json", with: original)
    try spool.run()
    try checkAllIsThere(before)
  }

  @Test func aDamagedJournalIsRefused() throws {
    var bytes = try spool.layout.journal.read(JournalFile.name)
    bytes[bytes.count / 2] ^= 4
    try spool.layout.journal.replaceFile(JournalFile.name, with: bytes)
    let before = try spool.published()
    let error = #expect(throws: JournalFile.Failure.self) { try spool.run() }
    #expect(error.map { "\($0)" }?.contains("cut it at byte") == true)
    #expect(try spool.published() == before)
  }

  /// Documents after the restart meet those before it.
  @Test func duplicatesAreKnownAfterARestart() throws {
    try spool.drop("again/a.jsonl", texts(40, seed: 30))
    try spool.run()
    let again = try spool.counts("again")
    #expect(again["in"] == 40 && again["duplicate"] == 40)
  }
}
