import Blocks
import Bytes
import DataAgent
import Documents
import Posix
import Spool
import Testing

/// Whole agents in this process, on spools of their own.
@Suite struct AgentTests {
  @Test func theCountsAddUp() throws {
    let spool = try TestSpool()
    let good = texts(30, seed: 1)
    try spool.drop("web/a.jsonl", good + [good[3], good[4]])
    let lines = #"{"text":"\#(texts(1, seed: 2)[0])"}"# + "\nnot json\n{\"no\":\"text\"}\n"
    try spool.drop("book/b.jsonl", Array(lines.utf8))
    try spool.drop("book/c.unknown", [1, 2, 3])
    try spool.drop("alone.txt", Array(texts(1, seed: 3)[0].utf8))
    try spool.run()
    let web = try spool.counts("web")
    #expect(web["in"] == 32 && web["kept"] == 30 && web["duplicate"] == 2)
    let book = try spool.counts("book")
    // One document, two bad lines, one file that cannot be parsed at all.
    #expect(book["in"] == 4 && book["kept"] == 1 && book["rejected"] == 3)
    #expect(try spool.counts("default")["kept"] == 1)
    for source in ["web", "book", "default"] {
      let counts = try spool.counts(source)
      #expect(counts["in"] == counts.filter { $0.key != "in" }.values.reduce(0, +), "\(source)")
    }
    #expect(try spool.documents == 34)
    #expect(try spool.status["done"]?.bool == true)
    let rejected = try spool.layout.rejected.open("book")
    #expect(try rejected.names() == ["b.jsonl.bad.jsonl", "c.unknown", "c.unknown.reason.json"])
    #expect(try rejected.read("c.unknown") == [1, 2, 3])
    #expect(try rejected.read("b.jsonl.bad.jsonl").split(separator: 0x0A).count == 2)
    #expect(try spool.claimed.isEmpty)
    #expect(IncomingScan(spool.layout.incoming).files.isEmpty)
  }

  @Test func everyDocumentStaysInItsBatch() throws {
    let spool = try TestSpool()
    let good = texts(40, seed: 5)
    try spool.drop("web/a.jsonl", good + good[..<10])
    try spool.run()
    for record in try spool.events("batch") { #expect(record["count"]!.integer! <= 16, "spool.batch_documents") }
    #expect(try spool.texts() == good + good[..<10], "in claim order, duplicates too")
  }

  @Test func blocksAreFullAndASecondStartDoesNothing() throws {
    let spool = try TestSpool()
    try spool.drop("web/a.jsonl", texts(60, seed: 6))
    try spool.run()
    let ready = try spool.status["blocks"]?["ready"]?.integer ?? 0
    #expect(ready >= 3)
    for number in 0..<ready {
      let block = try spool.block(number)
      #expect(block["tokens"]?.integer == 1000)
      #expect(block["short"]?.bool == false)
    }
    let published = try spool.published()
    let events = try spool.journal.count
    try spool.run()
    #expect(try spool.published() == published)
    #expect(try spool.journal.count == events + 1, "one record: opened")
    #expect(try spool.status["blocks"]?["next"]?.integer == ready)
  }

  /// Same files in the same order: the same bytes, whatever the batches and threads were.
  @Test(arguments: [["spool.threads=1"], ["spool.threads=5"]])
  func timeDecidesNothing(_ overrides: [String]) throws {
    let first = try TestSpool()
    let second = try TestSpool()
    for (spool, overrides) in [(first, []), (second, overrides)] {
      for number in 0..<4 { try spool.drop(Path("web/\(number).jsonl"), texts(15, seed: UInt64(10 + number / 2))) }
      try spool.run(flush: true, overrides)
    }
    // The time of writing is not part of it.
    let (a, b) = (try first.published(), try second.published())
    #expect(a.keys.sorted() == b.keys.sorted())
    for (name, bytes) in a where !name.hasSuffix(".json") { #expect(b[name] == bytes, "\(name)") }
    #expect(a.keys.contains { $0.hasPrefix("blocks/part-00001") })
  }

  @Test func documentsLargerThanAFrame() throws {
    let spool = try TestSpool()
    let big = texts(1, seed: 7, words: 90_000)[0]
    #expect(big.utf8.count > 256 * 1024)
    try spool.drop("book/a.txt", Array(texts(1, seed: 8)[0].utf8))
    try spool.drop("book/b.txt", Array(big.utf8))
    try spool.drop("book/c.txt", Array(texts(1, seed: 9)[0].utf8))
    try spool.run(["compose.block_tokens=50000"])
    #expect(try spool.counts("book")["kept"] == 3)
    #expect(try spool.status["blocks"]?["ready"]?.integer ?? 0 >= 1)
    // A restart reads it back; the tokens beside it were removed and are made again from the text.
    for name in try spool.layout.corpus.names() where name.hasSuffix(".bin") || name.hasSuffix(".idx") {
      try spool.layout.corpus.remove(name)
    }
    let blocks = try spool.blocks()
    try spool.run(["compose.block_tokens=50000"])
    #expect(try spool.blocks() == blocks)
    #expect(try spool.layout.corpus.names().contains { $0.hasSuffix(".bin") })
  }

  @Test func withoutATokenizerOneIsTrainedAtTheFlush() throws {
    let spool = try TestSpool(tokenizer: false)
    try spool.drop("web/a.jsonl", texts(80, seed: 12))
    try spool.run()
    #expect(try spool.status["tokenizer"]?.isNull == true)
    #expect(try spool.status["blocks"]?["ready"]?.integer == 0)
    try spool.run(flush: true, ["compose.lookahead_blocks=1"])
    #expect(spool.layout.tokenizer.exists("tokenizer.json"))
    #expect(try spool.events("tokenizer").first?["trained"]?.bool == true)
    #expect(try spool.status["blocks"]?["ready"]?.integer == 1, "no further ahead than the trainer may be")
    try spool.run(flush: true)
    let ready = try spool.status["blocks"]?["ready"]?.integer ?? 0
    #expect(ready > 2)
    #expect(try spool.block(ready - 1)["short"]?.bool == true)
    #expect(try spool.block(ready - 2)["short"]?.bool == false)
  }
}

@Suite struct FlushAndHoldTests {
  @Test func flushedTwiceMakesOneShortBlock() throws {
    let spool = try TestSpool()
    try spool.drop("web/a.jsonl", texts(3, seed: 20))
    for _ in 0..<2 {
      try spool.run(flush: true)
      #expect(try spool.status["blocks"]?["ready"]?.integer == 1)
    }
    #expect(try spool.block(0)["short"]?.bool == true)
    #expect(try spool.block(0)["documents"]?.integer == 3)
  }

  @Test func theSentinelIsAnswered() throws {
    let spool = try TestSpool()
    try spool.layout.control.replaceFile("flush", with: [])
    try spool.run()
    let empty = try spool.json("control/ack/last-flush.json")
    #expect(empty["state"]?.string == "done" && empty["message"]?.string == "nothing new yet: no block was made")
    try spool.drop("web/a.jsonl", texts(3, seed: 21))
    try spool.layout.control.replaceFile("flush.me", with: [])
    try spool.run()
    let answer = try spool.json("control/ack/last-flush.me.json")
    #expect(answer["state"]?.string == "done")
    #expect(answer["block"]?.integer == 0)
    #expect(try spool.status["blocks"]?["ready"]?.integer == 1)
    try spool.layout.control.replaceFile("flush.again", with: [])
    try spool.run()
    let again = try spool.json("control/ack/last-flush.again.json")
    #expect(again["state"]?.string == "done" && again["block"] == nil)
    #expect(again["message"]?.string == "nothing new since part-00000: no block was made")
    #expect(try spool.status["blocks"]?["ready"]?.integer == 1)
  }

  /// Nothing to flush at first is no reason to refuse later.
  @Test func aFlushAfterAnEmptyOneIsDone() throws {
    let spool = try TestSpool()
    try spool.layout.control.replaceFile("flush.a", with: [])
    let path = spool.layout.root.path
    // The file and the second request come while the agent runs: it is held open by `hold` until they are there.
    try spool.layout.control.replaceFile("hold", with: [])
    try ServiceThread.start("test user") {
      guard let layout = try? SpoolLayout(path) else { return }
      func answered(_ name: Path) -> Bool { layout.acknowledgements.exists(name) && wait(layout, name) }
      func wait(_ layout: SpoolLayout, _ name: Path) -> Bool {
        let value = (try? layout.acknowledgements.openAnywhere(name).readAll()).flatMap { try? JSONParser.parse($0) }
        return ["done", "failed"].contains(value?["state"]?.string ?? "")
      }
      for _ in 0..<1000 where !answered("last-flush.a.json") { Clock.sleep(0.01) }
      let lines = texts(3, seed: 22).map { "{\"text\":\"\($0)\"}\n" }.joined()
      _ = try? layout.incoming.make("web").replaceFile(".source.json5", with: Array("{channel: 'en'}".utf8))
      _ = try? layout.incoming.make("web").replaceFile("a.jsonl", with: Array(lines.utf8))
      _ = try? layout.control.remove("hold")
    }
    try spool.run(flush: true)
    #expect(try spool.json("control/ack/last-flush.a.json")["message"]?.string?.contains("nothing new yet") == true)
    #expect(try spool.status["blocks"]?["ready"]?.integer == 1)
  }

  @Test func holdTakesNothingUntilItIsGone() throws {
    let spool = try TestSpool()
    try spool.drop("web/a.jsonl", texts(5, seed: 23))
    try spool.layout.control.replaceFile("hold", with: [])
    let path = spool.layout.root.path
    try ServiceThread.start("test user") {
      guard let layout = try? SpoolLayout(path) else { return }
      func state() -> String {
        (try? layout.status.read("agent.json")).flatMap { try? JSONParser.parse($0) }?["state"]?.string ?? ""
      }
      for _ in 0..<1000 where state() != "held" { Clock.sleep(0.02) }
      let state = state()
      let untouched = layout.incoming.exists("web/a.jsonl")
      try? layout.root.replaceFile("seen", with: Array("\(state) \(untouched)".utf8))
      try? layout.control.remove("hold")
    }
    try spool.run()
    #expect(try spool.layout.root.read("seen") == Array("held true".utf8))
    #expect(try spool.counts("web")["kept"] == 5)
    #expect(try spool.json("control/ack/last-hold.json")["state"]?.string == "done")
  }
}
