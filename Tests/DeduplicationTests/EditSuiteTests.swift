import Bytes
import Documents
import Fixtures
import Testing
import TextModels

@testable import Deduplication

@Suite("Edit suite: Chinese, English, code")
struct EditSuiteTests {
  private static let folders: [EditSuite.Script: (folder: String, channel: Channel)] = [
    .chinese: ("zh", .chinese), .english: ("en", .english), .code: ("code", .code),
  ]

  /// Some thirty texts; there are few sources of code.
  private static func suite(_ script: EditSuite.Script) -> EditSuite? {
    CorpusSample.load(folders[script]!.folder, documents: script == .code ? 14 : 4).map { samples in
      EditSuite(script, samples.flatMap(\.texts).map { String(decoding: $0, as: UTF8.self) })
    }
  }

  private static func told() -> SeededRandom {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    return SeededRandom(seed)
  }

  /// Decides on a pair as the agent would.
  private static func isDuplicate(_ pair: EditSuite.Pair, _ channel: Channel, threshold: Double) -> Bool {
    var settings = DedupeSettings()
    settings.threshold = threshold
    settings.thresholds = []
    var corpus = Corpus()
    corpus.add(pair.original, channel: channel, score: 0.9)
    corpus.add(pair.copy, channel: channel, score: 0.1)
    let deduplicator = corpus.deduplicator(settings)
    corpus.insertAll(deduplicator, settings)
    return deduplicator.state(1) == .duplicate(of: 0)
  }

  @Test(
    "Edited copies and templates, labelled by a similarity computed in another way",
    arguments: EditSuite.Script.allCases)
  func labelled(_ script: EditSuite.Script) throws {
    guard let suite = Self.suite(script) else { return }
    var random = Self.told()
    let similarity = ReferenceSimilarity(script)
    var tallies: [Double: Tally] = [:]
    for index in 0..<suite.count {
      var pairs = suite.edited(index, rates: 2, &random)
      pairs += [0.2, 0.4, 0.55].map { suite.templated(index, share: $0, &random) }
      pairs.append(suite.unrelated(index, &random))
      for pair in pairs {
        let label = similarity(pair.original, pair.copy)
        for threshold in [0.7, 0.8, 0.85] {
          let found = Self.isDuplicate(pair, Self.folders[script]!.channel, threshold: threshold)
          tallies[threshold, default: Tally()].count(isLabelled: label >= threshold, isFound: found)
        }
      }
    }
    for (threshold, tally) in tallies.sorted(by: { $0.key < $1.key }) {
      print("\(script.rawValue) at \(threshold): \(tally.line)")
      #expect(tally.found > 50 && tally.precision >= 0.99 && tally.recall >= 0.95, "\(script) at \(threshold)")
    }
  }

  @Test("Pages of one template are no duplicates at any threshold", arguments: EditSuite.Script.allCases)
  func templates(_ script: EditSuite.Script) throws {
    guard let suite = Self.suite(script) else { return }
    var random = Self.told()
    for index in 0..<suite.count {
      for share in [0.3, 0.5, 0.6] {
        let pair = suite.templated(index, share: share, &random)
        #expect(!Self.isDuplicate(pair, Self.folders[script]!.channel, threshold: 0.7), "text \(index), \(share)")
      }
    }
  }

  /// The measurement behind `ShingleRule`: what share of copies and of templates is taken for duplicates with Han
  /// shingles of 5, 8 and 13.
  @Test("Han shingles of 5 find what those of 8 and 13 lose, and templates stay apart with all three")
  func hanLengths() throws {
    guard let suite = Self.suite(.chinese) else { return }
    var random = Self.told()
    var pairs: [EditSuite.Pair] = []
    for index in 0..<suite.count {
      pairs += suite.edited(index, rates: 2, &random).filter { $0.rate <= 0.05 }
      pairs += [0.3, 0.5, 0.6].map { suite.templated(index, share: $0, &random) }
    }
    var recall: [Int: Double] = [:]
    for length in [5, 8, 13] {
      let rule = ShingleRule(wordLength: 5, ideographLength: length, keepsOperators: false)
      for threshold in [0.7, 0.8, 0.85] {
        var (found, copies, wrong, templates) = (0, 0, 0, 0)
        for pair in pairs {
          let a = ShingleSet(Array(pair.original.utf8), rule: rule)
          let isAlike = a.jaccard(ShingleSet(Array(pair.copy.utf8), rule: rule)) >= threshold
          if pair.edit == nil { templates += 1 } else { copies += 1 }
          if isAlike && pair.edit == nil { wrong += 1 }
          if isAlike && pair.edit != nil { found += 1 }
        }
        print("Han \(length) at \(threshold): \(found) of \(copies) copies, \(wrong) of \(templates) templates")
        #expect(wrong == 0)
        if threshold == 0.8 { recall[length] = Double(found) / Double(copies) }
      }
    }
    #expect(recall[5]! > recall[8]! && recall[8]! > recall[13]!)
  }

  @Test(
    "No source loses more than the share of its documents that is alike to another, and a point",
    arguments: ["zh", "en", "code"])
  func sources(_ folder: String) throws {
    guard let samples = CorpusSample.load(folder, documents: 120) else { return }
    let channel = Channel(UInt8(ChannelTable.builtIn.firstIndex(of: folder)!))
    for sample in samples {
      var corpus = Corpus()
      for text in sample.texts { corpus.add(String(decoding: text.prefix(6000), as: UTF8.self), channel: channel) }
      let deduplicator = corpus.deduplicator()
      corpus.insertAll(deduplicator)
      let lost = corpus.documents.indices.filter { deduplicator.state(UInt32($0)) != .kept }.count
      let alike = Self.alike(corpus, channel)
      print("\(sample.file): \(lost) of \(corpus.documents.count) lost, \(alike) alike to another")
      #expect(Double(lost) <= Double(alike) + 0.01 * Double(corpus.documents.count), "\(sample.file)")
    }
  }

  /// Documents with another at the threshold or with the same matching form, found over all pairs that share a shingle.
  private static func alike(_ corpus: Corpus, _ channel: Channel) -> Int {
    let sets = corpus.documents.map { ShingleSet($0.text, rule: SketchMaker.rule(channel.index)) }
    var holders: [UInt64: [Int]] = [:]
    for (index, set) in sets.enumerated() { for hash in set.hashes { holders[hash, default: []].append(index) } }
    var shared: [Int: Int] = [:]
    for list in holders.values where list.count > 1 {
      for (place, a) in list.enumerated() { for b in list[..<place] { shared[a * sets.count + b, default: 0] += 1 } }
    }
    var alike: Set<Int> = []
    for (pair, count) in shared {
      let (a, b) = (pair / sets.count, pair % sets.count)
      let all = sets[a].hashes.count + sets[b].hashes.count - count
      if Double(count) >= 0.8 * Double(all) { alike.formUnion([a, b]) }
    }
    for a in sets.indices { for b in 0..<a where sets[a].exactKey == sets[b].exactKey { alike.formUnion([a, b]) } }
    return alike.count
  }
}
