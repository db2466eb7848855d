import Bytes
import DataAgent
import Posix
import Spool
import Testing

/// An agent whose journal has many segments knows what one with a single segment knows.
@Suite struct SegmentTests {
  /// Files of several sources, duplicates between them, bad lines, a file that cannot be used, over several runs.
  private static func fill(_ spool: TestSpool, _ overrides: [String]) throws {
    for round in 0..<4 {
      let seed = UInt64(50 + round)
      try spool.drop("web/\(round).jsonl", texts(12, seed: seed) + texts(5, seed: 50))
      try spool.drop("news/\(round).jsonl", Array("no json\n".utf8))
      try spool.drop("books/\(round).jsonl", texts(6, seed: seed + 100))
      try spool.run(overrides)
    }
    try spool.run(flush: true, overrides)
  }

  private static let small = ["spool.journal_mb=0.001"]

  private static func segments(_ spool: TestSpool) throws -> [Path] {
    try spool.layout.journal.names().filter { $0.hasSuffix(".jsonl") }
  }

  private static func expectSame(_ spool: TestSpool, _ other: TestSpool) throws {
    for source in ["web", "news", "books"] { #expect(try spool.counts(source) == other.counts(source), "\(source)") }
    #expect(try spool.status["rules"] == other.status["rules"])
    #expect(try spool.blocks() == other.blocks())
    #expect(try spool.texts() == other.texts())
  }

  @Test func manySegmentsSayWhatOneSays() throws {
    let (one, many) = (try TestSpool(), try TestSpool())
    try Self.fill(one, [])
    try Self.fill(many, Self.small)
    #expect(try Self.segments(one).count == 1)
    #expect(try Self.segments(many).count > 3)
    try Self.expectSame(many, one)
    // Started from the snapshot, from the one before it, and from nothing but the segments.
    for removed in 0..<3 {
      if removed > 0 {
        let newest = try #require(try many.layout.journal.names().last { $0.hasSuffix(".snapshot") })
        try many.layout.journal.remove(newest)
      }
      try many.run(Self.small)
      try Self.expectSame(many, one)
    }
    // And both go on alike.
    for spool in [one, many] {
      try spool.drop("web/late.jsonl", texts(30, seed: 70) + texts(3, seed: 151))
      try spool.run(spool === one ? [] : Self.small)
    }
    try Self.expectSame(many, one)
  }

  @Test func theHistoryReachesOverAllSegments() throws {
    let spool = try TestSpool()
    try Self.fill(spool, Self.small)
    let history = try DocumentHistory(spool.layout, channels: spool.settings().channels)
    let first = try history.explain("0.jsonl")
    #expect(first.contains { $0.contains("web/0.jsonl: taken as number") && $0.contains("17 documents") }, "\(first)")
    let id = try #require(first.first)
    #expect(id.contains("0.jsonl"))
  }

  /// Documents whose state changed after their batch: the snapshot says so.
  @Test func aSupersededDocumentStaysSuperseded() throws {
    let spool = try TestSpool()
    let overrides = Self.small + ["tokenize.train_mb=1000"]
    try spool.layout.tokenizer.remove("tokenizer.json")
    let better = texts(3, seed: 80, words: 80)
    try spool.drop("web/a.jsonl", better.map { $0 + " and a few words more at its end" })
    try spool.run(overrides)
    try spool.drop("web/b.jsonl", better)
    try spool.run(overrides)
    let before = try spool.counts("web")
    #expect(before["superseded"] == 3, "\(before)")
    for round in 0..<6 {
      try spool.drop("more/\(round).jsonl", texts(8, seed: UInt64(90 + round)))
      try spool.run(overrides)
    }
    #expect(try spool.layout.journal.names().contains { $0.hasSuffix(".snapshot") })
    try spool.run(overrides)
    #expect(try spool.counts("web") == before)
  }

  /// A pair of number and revision is never used again, not even for a block that was only decided.
  @Test func revisionsAreNeverUsedTwice() throws {
    let spool = try TestSpool()
    try spool.drop("web/a.jsonl", texts(40, seed: 30))
    try spool.run(Self.small)
    for round in 2...4 {
      let last = try spool.events("block-intent").compactMap { $0["number"]?.integer }.max() ?? 0
      try withdraw(last, spool)
      try spool.run(Self.small)
      #expect(try spool.block(last)["revision"]?.integer == round)
    }
    let pairs = try spool.events("block-intent").map {
      "\($0["number"]?.integer ?? -1).\($0["revision"]?.integer ?? -1)"
    }
    #expect(Set(pairs).count == pairs.count, "\(pairs)")
    let numbers = try spool.events("block").compactMap { $0["number"]?.integer }
    #expect(Set(numbers) == Set(0...(numbers.max() ?? 0)), "dense: \(numbers)")
  }

  private func withdraw(_ number: Int, _ spool: TestSpool) throws {
    let blocks = spool.layout.blocks
    let manifest = try spool.block(number)
    let revision = manifest["revision"]?.integer ?? 1
    let part = "part-0000\(number)"
    try blocks.rename(Path("\(part).json"), to: blocks, Path("\(part).r\(revision).withdrawn"))
  }
}
