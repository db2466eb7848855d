import Bytes
import Documents
import Fixtures
import Glibc
import Index
import Posix
import Testing

@testable import Deduplication

/// The index on disk changes no decision.
@Suite("Survivors with an index on disk")
struct SpillTests {
  private static let format = DocumentSketch.indexFormat

  /// Inserts in this order; with a folder, spills and merges and starts again at random points.
  private static func run(
    _ corpus: Corpus, _ order: [UInt32], _ settings: DedupeSettings, _ folder: Directory?, _ random: inout SeededRandom
  ) throws -> (states: [UInt32: DuplicateState], runs: Int) {
    var deduplicator = corpus.archived(settings)
    func open() throws {
      guard let folder else { return }
      _ = try deduplicator.index.open(
        RunFolder(folder, format: format) { corpus.documents[Int($0.ordinal)].candidate.id == $0.id })
    }
    try open()
    var spills = 0
    var merge: RunMerge?
    for (place, ordinal) in order.enumerated() {
      _ = deduplicator.insert(
        corpus.documents[Int(ordinal)].candidate, sketch: corpus.sketch(ordinal, settings),
        text: corpus.documents[Int(ordinal)].text)
      guard folder != nil else { continue }
      if deduplicator.index.isFull || random.below(12) == 0 {
        try deduplicator.index.spill(alive: deduplicator.kept) { corpus.documents[Int($0)].candidate.id }
        spills += 1
      }
      // What a merge began with is not what it ends with.
      if let due = merge, random.below(4) == 0 {
        try due.run()
        deduplicator.indexAgain(try deduplicator.index.install(due, alive: deduplicator.kept))
        merge = nil
      }
      if merge == nil { merge = deduplicator.index.nextMerge(alive: deduplicator.kept) }
      if random.below(40) == 0 {
        let before = deduplicator
        deduplicator = corpus.archived(settings)
        merge = nil
        try open()
        for known in order[...place].shuffled(using: &random) {
          deduplicator.restore(
            corpus.documents[Int(known)].candidate, sketch: corpus.sketch(known, settings), state: before.state(known))
        }
      }
    }
    let states = order.map { ($0, deduplicator.state($0)) }
    return (Dictionary(uniqueKeysWithValues: states), spills)
  }

  @Test("Twenty random orders, sizes of memory, spills, merges and starts: one list of survivors")
  func anyOrder() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var random = SeededRandom(seed)
    let corpus = Corpus.families(seed: seed, count: 160)
    let all = corpus.documents.map(\.candidate.ordinal)
    var settings = DedupeSettings()
    let inMemory = try Self.run(corpus, all, settings, nil, &random).states
    let expected = Set(inMemory.filter { $0.value == .kept }.keys)
    #expect(expected.count < 150 && expected.count > 20)
    var spills = 0
    for _ in 0..<20 {
      settings.indexMegabytes = [0.001, 0.005, 0.02, 1].randomElement(using: &random)!
      let folder = try Scratch()
      let order = all.shuffled(using: &random)
      let result = try Self.run(corpus, order, settings, folder.directory, &random)
      #expect(Set(result.states.filter { $0.value == .kept }.keys) == expected, "seed \(seed)")
      // Which survivor a document points at follows from the order, not from where the index lies.
      let plain = try Self.run(corpus, order, DedupeSettings(), nil, &random)
      #expect(result.states == plain.states, "seed \(seed)")
      spills += result.runs
    }
    #expect(spills > 100)
  }
}
