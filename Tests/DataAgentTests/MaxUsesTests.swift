import Bytes
import DataAgent
import Posix
import Spool
import Testing

/// `max_uses` of a folder's `.source.json5`: obeyed by every block, and known again after a restart.
@Suite struct MaxUsesTests {
  /// - Parameter most: of the source `often`; `books` is as the configuration says: once.
  private static func spool(_ most: Int) throws -> TestSpool {
    let spool = try TestSpool()
    try spool.layout.incoming.make("often")
      .replaceFile(".source.json5", with: Array("{channel: 'en', max_uses: \(most), licence: 'CC0-1.0'}".utf8))
    try spool.drop("often/a.jsonl", texts(12, seed: 21))
    try spool.drop("books/b.jsonl", texts(15, seed: 22))
    return spool
  }

  /// Tokens of all blocks by source.
  private static func tokens(_ spool: TestSpool) throws -> [String: Int] {
    var tokens: [String: Int] = [:]
    for block in try spool.events("block") {
      for source in try spool.block(block["number"]?.integer ?? -1)["sources"]?.members ?? [] {
        tokens[source.name, default: 0] += source.value["tokens"]?.integer ?? 0
      }
    }
    return tokens
  }

  @Test func aFolderSaysHowOftenItsDocumentsAreUsed() throws {
    let once = try Self.spool(1)
    try once.run(flush: true)
    let plain = try Self.tokens(once)
    #expect(try #require(plain["often"]) > 2000 && plain["books"]! > 2000)
    let thrice = try Self.spool(3)
    try thrice.run(flush: true)
    #expect(try Self.tokens(thrice) == ["often": 3 * plain["often"]!, "books": plain["books"]!])
    let line = try JSONParser.parse(try #require(try thrice.lines().last))
    #expect(line["metadata"]?["max_uses"]?.integer == 3 && line["metadata"]?["licence"]?.string == "CC0-1.0")
  }

  /// The claims' records are behind a snapshot when the last blocks are composed.
  @Test func aRestartKnowsItStill() throws {
    let whole = try Self.spool(3)
    try whole.run(flush: true)
    let last = try #require(try whole.events("block").last?["number"]?.integer)
    // The last block is of documents that were used before: what can only be known from the folder's word.
    let uses = try #require(try whole.block(last)["uses"]?.members)
    let again = uses.filter { $0.name >= "2" }.reduce(0) { $0 + ($1.value.integer ?? 0) }
    #expect(again >= 2, "\(uses)")
    let parted = try Self.spool(3)
    let small = ["spool.journal_mb=0.001"]
    // Until the claims have ended and a snapshot alone knows of them.
    var hasForgotten = false
    for _ in 0..<40 where !hasForgotten {
      try parted.run(small)
      guard let name = try parted.layout.journal.names().last(where: { $0.hasSuffix(".snapshot") }) else { continue }
      let snapshot = String(decoding: try parted.layout.journal.read(name), as: UTF8.self)
      hasForgotten = snapshot.contains("\"ev\":\"sources\"") && !snapshot.contains("\"ev\":\"claim\"")
    }
    #expect(hasForgotten)
    try parted.run(flush: true, small)
    #expect(try parted.blocks() == whole.blocks())
  }
}
