import Parallel
import Synchronization
import Tokens

/// Learns a byte-level BPE vocabulary: counts the words of the text it is given, then merges the most frequent pairs.
///
/// With equal settings (`minimumFrequency`, no terms, no list, no coverage) the merges are those of Hugging Face's
/// `BpeTrainer`: highest count first, of equals the lower pair of ids. The result depends only on the text, not on the
/// order in which it came nor on the number of threads; where the memory limit is met it depends on the order too.
public struct BPETrainer: ~Copyable {
  public let pattern: SplitPattern
  private let terms: TrainingTerms
  private let tables: WordTables
  private var gatheredAt = 0
  private let mostWordBytes: Int
  /// Bytes of text seen.
  public private(set) var byteCount = 0
  /// Words that the memory limit left no room for.
  public private(set) var dropped = DroppedWords()

  /// Text between two looks at the memory: what several workers count apart holds no more.
  static let gatherEvery = 256 << 20
  /// Bytes of memory that training is reckoned to need for each byte of a distinct word.
  static let memoryPerByte = 16

  /// - Parameters:
  ///   - terms: texts that will be one token each, wherever they stand.
  ///   - memoryMegabytes: what training may take; past it rare words are left out. 100 MB of mixed text took 356.
  public init(pattern: SplitPattern = .qwen2, terms: [[UInt8]] = [], memoryMegabytes: Int = 4096) {
    self.init(
      pattern: pattern, terms: terms, mostWordBytes: memoryMegabytes * 1_000_000 / BPETrainer.memoryPerByte)
  }

  init(pattern: SplitPattern, terms: [[UInt8]], mostWordBytes: Int) {
    self.pattern = pattern
    self.terms = TrainingTerms(terms, pattern: pattern)
    tables = WordTables()
    // Cells have numbers of 32 bits.
    self.mostWordBytes = min(mostWordBytes, 3 << 30)
  }

  /// Distinct words met so far, the same word several times where several threads met it.
  public var wordCount: Int { tables.list.reduce(0) { $0 + $1.count } }

  /// Counts the words of one document.
  public mutating func add(_ text: UnsafeBufferPointer<UInt8>) {
    tables.add(text, to: 0, pattern, terms)
    counted(text.count)
  }

  public mutating func add(_ text: [UInt8]) { text.withUnsafeBufferPointer { add($0) } }

  /// Counts the words of many documents on all workers.
  public mutating func add(_ texts: [[UInt8]], pool: WorkerPool) {
    tables.reserve(pool.threads)
    let next = Atomic<Int>(0)
    let (tables, pattern, terms) = (tables, pattern, terms)
    pool.run(pool.threads) { worker in
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        if index >= texts.count { return }
        texts[index].withUnsafeBufferPointer { tables.add($0, to: worker, pattern, terms) }
      }
    }
    counted(texts.reduce(0) { $0 + $1.count })
  }

  private mutating func counted(_ bytes: Int) {
    byteCount += bytes
    if byteCount - gatheredAt >= BPETrainer.gatherEvery { gather() }
  }

  /// Brings the workers' tables together, and leaves rare words out when they are too many.
  private mutating func gather() {
    gatheredAt = byteCount
    tables.gather()
    tables.prune(toBytes: mostWordBytes, dropped: &dropped)
  }

  /// Trains a vocabulary of exactly `vocabularySize` ids: the 256 bytes, the merges, the `special` tokens, and
  /// `<|reserved_0|>` ... up to the end: `reserved` of them, more if the text is too small for all the merges.
  ///
  /// A pair must be met `minimumFrequency` times to be merged (at least 1; Hugging Face's default 0 means the same).
  public consuming func train(
    vocabularySize: Int, reserved: Int, special: [String] = ["<|endoftext|>"], minimumFrequency: Int = 2
  ) throws(TokenizerError) -> TokenizerDefinition {
    let plan = VocabularyPlan(
      vocabularySize: vocabularySize, reserved: reserved, special: special, minimumFrequency: minimumFrequency)
    guard let trained = try train(plan, goesOn: { true }) else { preconditionFailure("it was not given up") }
    return trained.definition
  }

  /// Trains a vocabulary; `goesOn` is asked at every merge, and nil is the answer when it says no.
  public consuming func train(
    _ plan: VocabularyPlan, goesOn: () -> Bool
  ) throws(TokenizerError) -> TrainedVocabulary? {
    let room = plan.vocabularySize - plan.reserved - plan.special.count - terms.added.count
    if room < 256 {
      throw .inconsistent(
        part: "vocab_size",
        reason: "\(plan.vocabularySize) ids less \(plan.reserved) reserved, \(plan.special.count) special and "
          + "\(terms.added.count) terms leave no room for the 256 bytes")
    }
    gather()
    let words = tables.takeOnly()
    let coverage = CharacterCoverage(words, share: plan.characterCoverage, most: (room - 256) / 4)
    let merging = MergePlan(
      tokens: room, minimum: Int64(max(1, plan.minimumFrequency)), characters: coverage.characters,
      banned: plan.banned)
    let cells = WordCells(words)
    words.removeAll()
    guard let model = PairMerging.train(words: cells, plan: merging, goesOn: goesOn) else { return nil }
    // Each run needs one token at most: it is the one before and a space. A small vocabulary has the short runs only.
    let wholes = terms.words + plan.runs.prefix((room - 256) / 8)
    let chained = try MergeChains.fitting(
      wholes, tokens: model.tokens, merges: model.merges, room: room, fixed: coverage.tokenCount)
    let definition = TokenizerDefinition(
      pattern: pattern, tokens: chained.tokens, merges: chained.merges,
      addedTokens: added(plan, from: chained.tokens.count))
    return TrainedVocabulary(
      definition: definition, textBytes: byteCount, distinctWords: words.countBefore, dropped: dropped,
      characters: coverage, learned: model.merges.count, recounts: model.recounts)
  }

  /// Terms, special tokens, then reserved ones to the end.
  private func added(_ plan: VocabularyPlan, from first: Int) -> [AddedToken] {
    let texts = terms.added.map { ($0, false) } + plan.special.map { (Array($0.utf8), true) }
    return (first..<plan.vocabularySize).map { id in
      let index = id - first
      let (content, special) =
        index < texts.count ? texts[index] : (Array("<|reserved_\(index - texts.count)|>".utf8), true)
      return AddedToken(id: Int32(id), content: content, special: special)
    }
  }
}

/// The tables of the workers: worker n counts into table n.
final class WordTables: @unchecked Sendable {
  private(set) var list = [WordCounts()]

  func reserve(_ count: Int) {
    while list.count < count { list.append(WordCounts()) }
  }

  func add(_ text: UnsafeBufferPointer<UInt8>, to worker: Int, _ pattern: SplitPattern, _ terms: TrainingTerms) {
    guard let base = text.baseAddress else { return }
    terms.forEachPiece(base, count: text.count) { start, end in
      list[worker].add(base + start, count: end - start, pattern: pattern)
    }
  }

  func gather() {
    // The largest takes up the others.
    list.sort { $0.count > $1.count }
    while list.count > 1, let other = list.popLast() { list[0].add(other) }
  }

  func prune(toBytes most: Int, dropped: inout DroppedWords) {
    let words = list[0]
    if words.byteCount + words.count <= most { return }
    list[0] = words.pruned(atMost: words.rarest(leaving: most / 2), dropped: &dropped)
  }

  func takeOnly() -> WordCounts {
    let only = list[0]
    list = [WordCounts()]
    return only
  }
}
