import Blocks
import Bytes
import Deduplication
import Documents
import Parallel
import Posix
import Spool

/// What each threshold would leave of a spool's corpus, measured by judging all of it anew; nothing is changed.
public struct DedupPlan {
  /// Tokens left at one threshold, by channel index.
  public struct Row: Sendable {
    public let threshold: Double
    public let tokens: [Int]
    public let documents: Int
    public var allTokens: Int { tokens.reduce(0, +) }
  }

  public let channels: ChannelTable
  /// False: there are no token files yet, four bytes of text are taken for a token.
  public let areTokensCounted: Bool
  private let history: DocumentHistory
  private let settings: DedupeSettings
  private let tokens: [Int]

  /// Documents that rules or suites removed are no part of it.
  private let ordinals: [Int]

  public init(_ layout: SpoolLayout, settings: AgentSettings) throws {
    history = try DocumentHistory(layout, channels: settings.channels)
    channels = settings.channels
    self.settings = settings.dedupe
    let history = history
    ordinals = try (0..<history.table.count).filter { ordinal in
      if history.table.state(ordinal).isContaminated { return false }
      return DocumentRecord.outcome(try history.corpus.record(history.table.place(of: ordinal))) == .kept
    }
    let counted = try DedupPlan.counted(layout, history)
    areTokensCounted = counted != nil
    tokens = counted ?? (0..<history.table.count).map { (history.table.textBytes($0) + 3) / 4 }
  }

  /// Tokens of every document; nil when a batch has no token file.
  private static func counted(_ layout: SpoolLayout, _ history: DocumentHistory) throws -> [Int]? {
    guard let json = try layout.tokenizer.readIfThere("tokenizer.json") else { return nil }
    let tokenizer = try LoadedTokenizer(json: json, pool: WorkerPool(threads: 1))
    var tokens: [Int] = []
    for batch in 0..<history.table.batches {
      let next = batch + 1 < history.table.batches ? history.table.batchStarts[batch + 1] : history.table.count
      let prefix = CorpusName(batch).tokens(tokenizer.digest)
      guard try TokenFile.exists(layout.corpus, prefix: prefix) else { return nil }
      let file = try TokenFile(layout.corpus, prefix: prefix, vocabulary: tokenizer.vocabulary)
      for index in 0..<(next - history.table.batchStarts[batch]) { tokens.append(file.length(index)) }
    }
    return tokens
  }

  /// Tokens and documents before any duplicate went.
  public var before: Row { row(1, ordinals) }

  private func row(_ threshold: Double, _ kept: [Int]) -> Row {
    var sums = [Int](repeating: 0, count: channels.names.count)
    for ordinal in kept { sums[Int(history.table.channel(ordinal).index)] += tokens[ordinal] }
    return Row(threshold: threshold, tokens: sums, documents: kept.count)
  }

  /// What each threshold of `ThresholdGrid`, for all channels and genres, leaves.
  public func rows() throws -> [Row] {
    var settings = settings
    settings.enabled = true
    let deduplicator = deduplicator(settings)
    for ordinal in ordinals { deduplicator.note(history.table.candidate(ordinal, frozen: false)) }
    let counts = try deduplicator.survey(Set(channels.names.indices.map { UInt8($0) })) { [tokens] in tokens[Int($0)] }
    return (0..<ThresholdGrid.count).map { index in
      let tokens = channels.names.indices.map { counts[UInt8($0)]?.tokens[index] ?? 0 }
      return Row(
        threshold: ThresholdGrid.value(index), tokens: tokens,
        documents: counts.values.reduce(0) { $0 + $1.documents[index] })
    }
  }

  /// What the settings as they are leave.
  public func configured() throws -> Row { row(settings.threshold, try survivors(settings)) }

  private func sketch(_ ordinal: Int) -> DocumentSketch? {
    guard let bytes = try? history.corpus.record(history.table.place(of: ordinal)) else { return nil }
    return DocumentSketch(DocumentRecord.sketch(bytes))
  }

  private func deduplicator(_ settings: DedupeSettings) -> Deduplicator {
    let history = history
    return Deduplicator(
      settings: settings, channels: channels,
      earlier: EarlierDocuments(
        text: { try? history.corpus.text(history.table.place(of: Int($0))) }, sketch: { sketch(Int($0)) },
        names: { history.table.names(of: Int($0)) }))
  }

  private func survivors(_ settings: DedupeSettings) throws -> [Int] {
    let deduplicator = deduplicator(settings)
    for ordinal in ordinals {
      guard let sketch = sketch(ordinal) else { continue }
      _ = deduplicator.insert(history.table.candidate(ordinal, frozen: false), sketch: sketch, text: nil)
    }
    return ordinals.filter { deduplicator.state(UInt32($0)) == .kept }
  }

  /// The lowest threshold that leaves at least this many tokens; nil when even equal texts alone are too many.
  public func threshold(leaving wanted: Int, rows: [Row]) -> Row? { rows.first { $0.allTokens >= wanted } }
}
