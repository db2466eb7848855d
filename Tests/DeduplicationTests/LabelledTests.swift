import Bytes
import Documents
import Fixtures
import Testing
import TextModels

@testable import Deduplication

@Suite("Labelled pairs")
struct LabelledTests {
  /// Decides on a pair as the agent would: the worse one inserted after the better one.
  private static func isDuplicate(_ a: [UInt8], _ b: [UInt8], _ channel: Channel) -> Bool {
    var corpus = Corpus()
    corpus.add(String(decoding: a, as: UTF8.self), channel: channel, score: 0.9)
    corpus.add(String(decoding: b, as: UTF8.self), channel: channel, score: 0.1)
    let deduplicator = corpus.deduplicator()
    corpus.insertAll(deduplicator)
    return deduplicator.state(1) == .duplicate(of: 0)
  }

  @Test(
    "Revisions of one document and unrelated documents, at the default threshold",
    arguments: [("git-revisions-en-peps", Channel.english), ("git-revisions-zh-javaguide", .chinese)])
  func revisions(_ name: String, _ channel: Channel) throws {
    guard let bytes = SharedData.read("dedup/\(name).jsonl.zst") else { return }
    var byLabel = Tally()
    var byOurs = Tally()
    for line in SharedData.lines(bytes, every: 12) {
      let a = try SharedData.field("a", in: line)
      let b = try SharedData.field("b", in: line)
      let label = try #require(Double(String(decoding: SharedData.field("jaccard_tok5", in: line), as: UTF8.self)))
      let found = Self.isDuplicate(a, b, channel)
      let own = ShingleSet(a, rule: .prose).jaccard(ShingleSet(b, rule: .prose))
      byOurs.count(isLabelled: own >= 0.8, isFound: found)
      byLabel.count(isLabelled: label >= 0.8, isFound: found)
    }
    print("\(name): by own shingles \(byOurs.line); by label \(byLabel.line)")
    #expect(byOurs.precision == 1 && byOurs.recall >= 0.99)
    #expect(byLabel.precision >= 0.99 && byLabel.recall >= 0.95)
  }

  @Test("Plagiarised news articles among a thousand: exactly the labelled ones go")
  func articles() throws {
    guard let train = SharedData.read("dedup/minhash-articles/data/articles_1000.train"),
      let truth = SharedData.read("dedup/minhash-articles/data/articles_1000.truth")
    else { return }
    var corpus = Corpus()
    var names: [String] = []
    for line in SharedData.lines(train) {
      let parts = line.split(separator: 0x20, maxSplits: 1)
      names.append(String(decoding: parts[0], as: UTF8.self))
      corpus.add(String(decoding: parts[1], as: UTF8.self))
    }
    let labelled = Set(
      SharedData.lines(truth).map { line in Set(line.split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) })
      })
    var settings = DedupeSettings()
    settings.threshold = 0.7
    let deduplicator = corpus.deduplicator(settings)
    corpus.insertAll(deduplicator, settings)
    var found: Set<Set<String>> = []
    for ordinal in names.indices {
      switch deduplicator.state(UInt32(ordinal)) {
      case .kept: break
      case .duplicate(let survivor), .superseded(let survivor): found.insert([names[ordinal], names[Int(survivor)]])
      }
    }
    print(
      "articles: \(found.count) pairs found, \(labelled.count) labelled, \(found.intersection(labelled).count) in both")
    #expect(found == labelled)
  }

  @Test("The same statutes from two mirrors")
  func mirrors() throws {
    guard let pairs = SharedData.read("dedup/mirror-laws-pairs.jsonl"),
      let first = SharedData.read("corpus/zh/just-laws.jsonl.zst"),
      let second = SharedData.read("corpus/zh/lawrefbook.jsonl.zst")
    else { return }
    let lines = SharedData.lines(pairs)
    let wanted = try Set(lines.flatMap { [try SharedData.field("a", in: $0), try SharedData.field("b", in: $0)] })
    var texts: [[UInt8]: [UInt8]] = [:]
    for line in SharedData.lines(first) + SharedData.lines(second) {
      let id = try SharedData.field("id", in: line)
      if wanted.contains(id) { texts[id] = try SharedData.field("text", in: line) }
    }
    for line in lines {
      let label = try #require(Double(String(decoding: SharedData.field("jaccard_tok5", in: line), as: UTF8.self)))
      let a = try #require(texts[SharedData.field("a", in: line)])
      let b = try #require(texts[SharedData.field("b", in: line)])
      // Labels near the threshold depend on what counts as a unit.
      if abs(label - 0.8) > 0.05 { #expect(Self.isDuplicate(a, b, .chinese) == (label > 0.8), "label \(label)") }
    }
  }
}
