import Bytes
import Documents
import Fixtures
import Testing
import TextModels

@testable import Deduplication

@Suite("Survivors")
struct OrderTests {
  /// What the contract says, document by document against all better kept ones.
  private static func bruteForce(_ corpus: Corpus, _ settings: DedupeSettings) -> Set<UInt32> {
    let thresholds = ThresholdTable(settings, ChannelTable())
    let sets = corpus.documents.map { ShingleSet($0.text, rule: SketchMaker.rule($0.candidate.channel)) }
    let sketches = corpus.documents.map { SketchMaker(settings).sketch(text: $0.text, channel: $0.candidate.channel) }
    func isAlike(_ a: Int, _ b: Int) -> Bool {
      if sketches[a].exactKey == sketches[b].exactKey { return true }
      let (first, second) = (corpus.documents[a], corpus.documents[b])
      if settings.url != "off" && first.facts.addressKey != 0 && first.facts.addressKey == second.facts.addressKey
        && first.candidate.channel == second.candidate.channel
      {
        return true
      }
      let threshold = thresholds.threshold(corpus.documents[a].candidate.channel, .unknown)
      let common = zip(sketches[a].bands, sketches[b].bands).filter { $0 == $1 }.count
      return common >= threshold.commonBands && sets[a].jaccard(sets[b]) >= threshold.value
    }
    var kept: [Int] = []
    let ranked = corpus.documents.sorted { isBetter($0, $1, newestFirst: settings.url == "newest") }
    for document in ranked {
      let ordinal = Int(document.candidate.ordinal)
      if !kept.contains(where: { isAlike(ordinal, $0) }) { kept.append(ordinal) }
    }
    return Set(kept.map { UInt32($0) })
  }

  private typealias Document = (candidate: Candidate, text: [UInt8], facts: DocumentFacts)

  private static func isBetter(_ a: Document, _ b: Document, newestFirst: Bool) -> Bool {
    let (x, y) = (a.candidate, b.candidate)
    if newestFirst && a.facts.date != b.facts.date { return a.facts.date > b.facts.date }
    if x.score != y.score { return x.score > y.score }
    if x.length != y.length { return x.length > y.length }
    if a.facts.date != b.facts.date { return a.facts.date > b.facts.date }
    if x.textID != y.textID { return x.textID < y.textID }
    if a.facts.addressKey != b.facts.addressKey {
      return b.facts.addressKey == 0
        || (a.facts.addressKey != 0 && a.facts.of(x.channel).addressKey < b.facts.of(y.channel).addressKey)
    }
    return x.id < y.id
  }

  /// Inserts in this order and follows the reported changes only.
  private static func run(_ corpus: Corpus, _ order: [UInt32], _ settings: DedupeSettings) -> [UInt32: DuplicateState] {
    let deduplicator = corpus.archived(settings)
    var states: [UInt32: DuplicateState] = [:]
    for ordinal in order {
      let (candidate, text) = corpus.document(ordinal)
      let changes = deduplicator.insert(candidate, sketch: corpus.sketch(ordinal, settings), text: text)
      #expect(changes.first?.ordinal == ordinal)
      for change in changes { states[change.ordinal] = change.state }
    }
    for (ordinal, state) in states { #expect(deduplicator.state(ordinal) == state) }
    return states
  }

  private static func kept(_ states: [UInt32: DuplicateState]) -> Set<UInt32> {
    Set(states.filter { $0.value == .kept }.keys)
  }

  @Test(
    "Twenty random orders leave the survivors the contract names, and all others point at one of them",
    arguments: ["best", "newest", "off"])
  func anyOrder(_ url: String) {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var random = SeededRandom(seed)
    let corpus = Corpus.families(seed: seed, count: 160)
    var settings = DedupeSettings()
    settings.url = url
    let expected = Self.bruteForce(corpus, settings)
    #expect(expected.count < 150 && expected.count > 20)
    for _ in 0..<20 {
      let order = corpus.documents.map(\.candidate.ordinal).shuffled(using: &random)
      let states = Self.run(corpus, order, settings)
      #expect(Self.kept(states) == expected, "seed \(seed)")
      for state in states.values {
        switch state {
        case .kept: break
        case .duplicate(let survivor), .superseded(let survivor): #expect(states[survivor] == .kept, "seed \(seed)")
        }
      }
    }
  }

  @Test("A late best copy frees the document that only the superseded one kept out")
  func chain() {
    // Neighbours in the chain are alike, ends are not.
    let words = (0..<100).map { "word\($0)" }
    func version(_ first: Int, _ count: Int) -> String {
      var edited = words
      for index in 0..<count { edited[first + index * 7] = "edit\(first)x\(index)" }
      return edited.joined(separator: " ")
    }
    var corpus = Corpus()
    let worst = corpus.add(version(0, 2), score: 0.1)
    let middle = corpus.add(words.joined(separator: " "), score: 0.5)
    let best = corpus.add(version(50, 2), score: 0.9)
    let states = Self.run(corpus, [middle, worst, best], DedupeSettings())
    #expect(states == [middle: .superseded(by: best), worst: .kept, best: .kept])
  }

  @Test("Frozen documents stay, and better late copies become their duplicates")
  func freeze() {
    var corpus = Corpus()
    let text = (0..<50).map { "word\($0)" }.joined(separator: " ")
    let early = corpus.add(text, score: 0.2)
    let better = corpus.add(text + " more", score: 0.9)
    let other = corpus.add("another text altogether, with nothing in common", score: 0.2)
    let deduplicator = corpus.deduplicator()
    func insert(_ ordinal: UInt32) -> [StateChange] {
      let (candidate, text) = corpus.document(ordinal)
      return deduplicator.insert(candidate, sketch: corpus.sketch(ordinal), text: text)
    }
    #expect(insert(early) == [StateChange(ordinal: early, state: .kept)])
    deduplicator.freeze([early])
    #expect(insert(better) == [StateChange(ordinal: better, state: .duplicate(of: early))])
    #expect(insert(other) == [StateChange(ordinal: other, state: .kept)])
    #expect(deduplicator.state(early) == .kept)
  }

  @Test("Restored in any order at any point, the rest goes as if nothing had happened")
  func restore() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var random = SeededRandom(seed)
    let corpus = Corpus.families(seed: seed, count: 100)
    let settings = DedupeSettings()
    let order = corpus.documents.map(\.candidate.ordinal).shuffled(using: &random)
    let through = corpus.deduplicator()
    let again = corpus.deduplicator()
    func insert(_ ordinal: UInt32, _ into: Deduplicator) -> [StateChange] {
      let (candidate, text) = corpus.document(ordinal)
      return into.insert(candidate, sketch: corpus.sketch(ordinal, settings), text: text)
    }
    for ordinal in order[..<60] { _ = insert(ordinal, through) }
    for ordinal in order[..<60].shuffled(using: &random) {
      again.restore(
        corpus.documents[Int(ordinal)].candidate, sketch: corpus.sketch(ordinal), state: through.state(ordinal))
    }
    for ordinal in order[60...] {
      #expect(insert(ordinal, again).first == insert(ordinal, through).first, "seed \(seed)")
    }
    for ordinal in order { #expect(again.state(ordinal) == through.state(ordinal), "seed \(seed)") }
  }
}
