import Parallel
import Tokens

/// The text that a vocabulary is learned from: documents as they come, each channel up to its share.
///
/// What is taken depends on the order of the documents alone, not on the number of threads.
public struct TrainingSample: ~Copyable {
  private var trainer: BPETrainer
  private let pool: WorkerPool
  private var left: [String: Int] = [:]
  private let hasShares: Bool
  private var room: Int
  private var batch: [[UInt8]] = []
  private var batchBytes = 0
  /// Bytes taken by channel.
  public private(set) var taken: [String: Int] = [:]

  /// Text handed to the workers at once.
  private static let batchSize = 16 << 20

  /// - Parameter limit: bytes to take in all; channels without a share give none when there are shares.
  public init(_ settings: TokenizeSettings, _ lists: VocabularyLists, pool: WorkerPool, limit: Int = .max) {
    trainer = BPETrainer(
      pattern: SplitPattern(rawValue: settings.pattern) ?? .qwen2, terms: lists.terms,
      memoryMegabytes: settings.memoryMegabytes)
    self.pool = pool
    room = limit
    hasShares = !settings.mix.isEmpty
    let sum = settings.mix.reduce(0) { $0 + $1.weight }
    let whole = Double(min(limit, settings.trainMegabytes * 1_000_000))
    for share in settings.mix { left[share.channel] = Int(whole * share.weight / sum) }
  }

  /// Nothing more is taken.
  public var isFull: Bool { room <= 0 || hasShares && left.values.allSatisfy { $0 <= 0 } }

  /// Takes a document, unless its channel has had its share; the last one may go beyond it.
  public mutating func take(_ text: [UInt8], channel: String) {
    if room <= 0 { return }
    if hasShares {
      guard let more = left[channel], more > 0 else { return }
      left[channel] = more - text.count
    }
    room -= text.count
    taken[channel, default: 0] += text.count
    batch.append(text)
    batchBytes += text.count
    if batchBytes >= Self.batchSize { hand() }
  }

  private mutating func hand() {
    trainer.add(batch, pool: pool)
    batch = []
    batchBytes = 0
  }

  /// The vocabulary; nil when `goesOn`, asked at every merge, said no.
  public consuming func train(
    _ settings: TokenizeSettings, _ lists: VocabularyLists, goesOn: () -> Bool = { true }
  ) throws(TokenizerError) -> TrainedVocabulary? {
    hand()
    return try trainer.train(
      VocabularyPlan(
        vocabularySize: settings.vocabularySize, reserved: settings.reservedIDs, special: settings.specialTokens,
        characterCoverage: settings.characterCoverage, spaceRun: settings.spaceRun, banned: lists.banned),
      goesOn: goesOn)
  }
}

extension TrainedVocabulary {
  /// What people should know of it, a line each.
  public var remarks: [String] {
    var lines = [
      "\(definition.merges.count) merges from \(textBytes / 1_000_000) MB of text with \(distinctWords) distinct words"
    ]
    if characters.met > 0, !characters.characters.isEmpty {
      let share = (Double(characters.covered) / Double(characters.met) * 10_000).rounded() / 100
      lines.append("\(characters.characters.count) characters are one token each: \(share) % of those outside ASCII")
    }
    if dropped.words > 0 {
      lines.append(
        "train_memory_mb left out \(dropped.words) rare words, met \(dropped.occurrences) times: merges below their "
          + "counts are not exact; give more memory or less text")
    }
    return lines
  }
}
