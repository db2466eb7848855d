import Bytes
import DataAgent
import Posix
import Spool
import Testing

/// `max_uses` of a folder's `.source.json5`: obeyed by every block, and known again after a restart.
@Suite struct MaxUsesTests {
  /// - Parameter most: of the source `often`; `web` is as the configuration says: once.
  private static func spool(_ most: Int) throws -> TestSpool {
    let spool = try TestSpool()
    try spool.layout.incoming.make("often")
      .replaceFile(".source.json5", with: Array("{channel: 'en', max_uses: \(most), licence: 'CC0-1.0'}".utf8))
    try spool.drop("often/a.jsonl", texts(12, seed: 21))
    try spool.drop("web/b.jsonl", texts(15, seed: 22))
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
    #expect(try #require(plain["often"]) > 2000 && plain["web"]! > 2000)
    let thrice = try Self.spool(3)
    try thrice.run(flush: true)
    #expect(try Self.tokens(thrice) == ["often": 3 * plain["often"]!, "web": plain["web"]!])
    let line = try JSONParser.parse(try #require(try thrice.lines().first))
    #expect(line["metadata"]?["max_uses"]?.integer == 3 && line["metadata"]?["licence"]?.string == "CC0-1.0")
  }

  /// The claims' records are behind a snapshot when the last blocks are composed.
  @Test func aRestartKnowsItStill() throws {
    let whole = try Self.spool(3)
    try whole.run(flush: true)
    let parted = try Self.spool(3)
    let small = ["spool.journal_mb=0.001"]
    try parted.run(small + ["compose.lookahead_blocks=2"])
    #expect(try parted.events("block").count == 2)
    #expect(try parted.layout.journal.names().contains { $0.hasSuffix(".snapshot") })
    for _ in 0..<3 { try parted.run(small + ["compose.lookahead_blocks=4"]) }
    try parted.run(flush: true, small)
    #expect(try parted.blocks() == whole.blocks())
  }
}
