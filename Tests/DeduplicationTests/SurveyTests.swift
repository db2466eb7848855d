import Documents
import Fixtures
import Index
import Posix
import Testing

@testable import Deduplication

/// One pass that says what every threshold would leave, and the judging again that follows from it.
@Suite("Thresholds by need") struct SurveyTests {
  private static func settings(_ threshold: Double, url: String = "best") -> DedupeSettings {
    var settings = DedupeSettings()
    settings.url = url
    settings.threshold = threshold
    settings.thresholds = []
    return settings
  }

  private static let channels: Set<UInt8> = [Channel.chinese.index, Channel.english.index]

  private static func kept(_ corpus: Corpus, _ settings: DedupeSettings, frozen: [UInt32] = []) -> Set<UInt32> {
    let deduplicator = corpus.archived(settings)
    for (candidate, text, _) in corpus.documents {
      _ = deduplicator.insert(candidate, sketch: corpus.sketch(candidate.ordinal, settings), text: text)
      if frozen.contains(candidate.ordinal) { deduplicator.freeze([candidate.ordinal]) }
    }
    return survivors(deduplicator, corpus)
  }

  private static func survivors(_ deduplicator: Deduplicator, _ corpus: Corpus) -> Set<UInt32> {
    Set(corpus.documents.map(\.candidate.ordinal).filter { deduplicator.state($0) == .kept })
  }

  @Test("Every threshold of the survey leaves what a deduplication at it leaves", arguments: ["best", "newest", "off"])
  func everyThreshold(_ url: String) throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    let corpus = Corpus.families(seed: seed, count: 160)
    for isSpilling in [false, true] {
      var settings = Self.settings(0.8, url: url)
      // A handful of documents fit into memory.
      if isSpilling { settings.indexMegabytes = 0.003 }
      let deduplicator = corpus.archived(settings)
      for (candidate, _, _) in corpus.documents { deduplicator.note(candidate) }
      let folder = isSpilling ? try Scratch() : nil
      let open = folder.map { folder in
        { (store: BandStore) in _ = try store.open(RunFolder(folder.directory, format: 1) { _ in false }) }
      }
      let counts = try deduplicator.survey(Self.channels, open: open) { Int($0) + 1 }
      if let folder { #expect(try !folder.directory.names().isEmpty, "it was spilled") }
      for index in 0..<ThresholdGrid.count {
        let kept = Self.kept(corpus, Self.settings(ThresholdGrid.value(index), url: url))
        for channel in Self.channels {
          let those = corpus.documents.map(\.candidate).filter { $0.channel == channel && kept.contains($0.ordinal) }
          #expect(counts[channel]?.documents[index] == those.count, "seed \(seed), threshold \(index)")
          #expect(
            counts[channel]?.tokens[index] == those.reduce(0) { $0 + Int($1.ordinal) + 1 },
            "seed \(seed), threshold \(index)")
        }
      }
    }
  }

  @Test("The lowest threshold that leaves what is wanted; the highest when none does")
  func lowest() {
    var counts = ThresholdCounts()
    counts.add(10, keptAt: ThresholdGrid.all)
    counts.add(5, keptAt: ThresholdGrid.all & ~ThresholdGrid.upTo(0.715))
    counts.add(3, keptAt: ThresholdGrid.all & ~ThresholdGrid.upTo(0.9))
    #expect(counts.lowest(leaving: 10) == 0)
    #expect(ThresholdGrid.value(counts.lowest(leaving: 11)) == 0.72)
    #expect(ThresholdGrid.value(counts.lowest(leaving: 16)) == 0.91)
    #expect(ThresholdGrid.value(counts.lowest(leaving: 19)) == 1)
  }

  @Test("A similarity passes the thresholds that the comparison passes, to the last bit")
  func grid() {
    for index in 0..<ThresholdGrid.count {
      let value = ThresholdGrid.value(index)
      for similarity in [value.nextDown, value, value.nextUp] {
        let mask = (0..<ThresholdGrid.count).reduce(0 as UInt64) {
          similarity >= ThresholdGrid.value($1) ? $0 | 1 << UInt64($1) : $0
        }
        #expect(ThresholdGrid.upTo(similarity) == mask)
      }
      #expect(ThresholdGrid.index(value) == index)
    }
    #expect(ThresholdGrid.index(0.805) == nil && ThresholdGrid.index(0.4) == nil)
  }

  @Test("Judged again at another threshold: the survivors of that threshold, whatever was there before")
  func rejudge() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var random = SeededRandom(seed)
    let corpus = Corpus.families(seed: seed, count: 160)
    let deduplicator = corpus.archived(Self.settings(0.8))
    let shuffled = corpus.documents.shuffled(using: &random)
    var states: [UInt32: DuplicateState] = [:]
    func note(_ changes: [StateChange]) { for change in changes { states[change.ordinal] = change.state } }
    for (candidate, text, _) in shuffled[..<120] {
      note(deduplicator.insert(candidate, sketch: corpus.sketch(candidate.ordinal), text: text))
    }
    for threshold in [0.6, 1, 0.5, 0.9] {
      for channel in Self.channels { deduplicator.use(threshold, for: [channel]) }
      let changes = deduplicator.rejudge(Self.channels)
      #expect(changes.allSatisfy { states[$0.ordinal] != $0.state }, "only what changed is told")
      note(changes)
      for (ordinal, state) in states { #expect(deduplicator.state(ordinal) == state, "seed \(seed)") }
      let some = Corpus(documents: Array(shuffled[..<120]))
      let expected = Self.ofAll(some, corpus, threshold)
      #expect(Self.survivors(deduplicator, some) == expected, "seed \(seed), threshold \(threshold)")
      for state in states.values {
        switch state {
        case .kept: break
        case .duplicate(let other), .superseded(let other): #expect(states[other] == .kept, "seed \(seed)")
        }
      }
    }
    // What was indexed again is found by those that come.
    for (candidate, text, _) in shuffled[120...] {
      note(deduplicator.insert(candidate, sketch: corpus.sketch(candidate.ordinal), text: text))
    }
    #expect(Self.survivors(deduplicator, corpus) == Self.kept(corpus, Self.settings(0.9)), "seed \(seed)")
  }

  /// Survivors of some documents, which keep their numbers.
  private static func ofAll(_ some: Corpus, _ all: Corpus, _ threshold: Double) -> Set<UInt32> {
    let deduplicator = all.archived(settings(threshold))
    for (candidate, text, _) in some.documents {
      _ = deduplicator.insert(candidate, sketch: all.sketch(candidate.ordinal), text: text)
    }
    return survivors(deduplicator, some)
  }

  @Test("What is frozen stays at every threshold, in the survey and judged again")
  func frozen() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var random = SeededRandom(seed)
    let corpus = Corpus.families(seed: seed, count: 120)
    let deduplicator = corpus.archived(Self.settings(0.9))
    for (candidate, text, _) in corpus.documents {
      _ = deduplicator.insert(candidate, sketch: corpus.sketch(candidate.ordinal), text: text)
    }
    let frozen = Self.survivors(deduplicator, corpus).filter { _ in random.below(3) == 0 }
    deduplicator.freeze(Array(frozen))
    let counts = try deduplicator.survey(Self.channels) { _ in 1 }
    for threshold in [0.5, 0.7, 1] {
      for channel in Self.channels { deduplicator.use(threshold, for: [channel]) }
      _ = deduplicator.rejudge(Self.channels)
      let kept = Self.survivors(deduplicator, corpus)
      #expect(frozen.isSubset(of: kept), "seed \(seed)")
      let index = try #require(ThresholdGrid.index(threshold))
      #expect(Self.channels.reduce(0) { $0 + (counts[$1]?.documents[index] ?? 0) } == kept.count, "seed \(seed)")
    }
  }

  @Test("target_tokens as a number, as a table; channels without one of their own share the rest")
  func targets() throws {
    let table = ChannelTable()
    let groups = TokenTargets(["zh": 5, "*": 7]).groups(table)
    #expect(groups.map(\.name) == ["*", "zh"] && groups.map(\.tokens) == [7, 5])
    #expect(groups[1].channels == [Channel.chinese.index])
    #expect(!groups[0].channels.contains(Channel.chinese.index) && groups[0].channels.count == table.names.count - 1)
    #expect(TokenTargets(["law": 5]).groups(table).isEmpty, "a channel that this spool does not have")
    #expect(
      TokenTargets(["*": 12]).shown == "12" && TokenTargets(["en": 1, "zh": 2]).shown == "{\"en\": 1, \"zh\": 2}")
  }
}
