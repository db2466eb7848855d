import Bytes
import Index

extension Deduplicator {
  /// What each threshold would leave of these channels, judging all their documents from best to worst once: a document
  /// is dropped at the thresholds at which one of the better ones is kept and alike. The same survivors as those of a
  /// deduplication at each threshold alone; nothing is changed.
  ///
  /// - Parameters:
  ///   - open: gives the survey's index an empty folder for what does not fit into `dedupe.index_mb`; nil: all of it is
  ///     held in memory.
  ///   - tokens: of a document.
  ///   - progress: called for every document; what it throws ends the survey.
  /// - Returns: a curve a channel.
  public func survey(
    _ channels: Set<UInt8>, open: ((BandStore) throws -> Void)? = nil, tokens: (UInt32) -> Int,
    progress: () throws -> Void = {}
  ) throws -> [UInt8: ThresholdCounts] {
    let survey = ThresholdSurvey(ranked(channels))
    if let open { try survey.spill(settings.indexMegabytes, open) }
    var counts: [UInt8: ThresholdCounts] = [:]
    for ordinal in survey.ranked {
      try progress()
      let kept = try judge(ordinal, survey)
      counts[facts(ordinal).channel, default: ThresholdCounts()].add(tokens(ordinal), keptAt: kept)
    }
    return counts
  }

  /// The thresholds at which the next document is kept.
  private func judge(_ ordinal: UInt32, _ survey: ThresholdSurvey) throws -> UInt64 {
    guard settings.enabled, let sketch = sketch(of: ordinal) else {
      try survey.add([], keptAt: ThresholdGrid.all)
      return ThresholdGrid.all
    }
    var open = ThresholdGrid.all
    if !facts(ordinal).frozen {
      for (rank, _) in survey.index.sharing(twinKeys(sketch), atLeast: 1) where survey.kept[Int(rank)] & open != 0 {
        if twinLikeness(sketch, survey.ranked[Int(rank)]) != nil { open &= ~survey.kept[Int(rank)] }
      }
      // Those that share most drop it at most thresholds: what is left to ask gets less. In a crowd the others are not
      // asked, here as elsewhere; but kept ones are a crowd at each threshold by itself there.
      let near =
        open == 0
        ? []
        : survey.index.sharing(sketch.bands, atLeast: 1).sorted { ($1.shared, $0.ordinal) < ($0.shared, $1.ordinal) }
      for (rank, shared) in near.prefix(settings.mostCandidates) {
        let asked = open & survey.kept[Int(rank)] & ThresholdGrid.compared(sharing: shared)
        if asked == 0 { continue }
        // No lower similarity matters.
        let least = ThresholdGrid.value(asked.trailingZeroBitCount)
        if let similarity = similarity(ordinal, survey.ranked[Int(rank)], sharedBands: shared, atLeast: least) {
          open &= ~(asked & ThresholdGrid.upTo(similarity))
        }
      }
    }
    try survey.add(sketch.indexKeys, keptAt: open)
    return open
  }
}

/// A survey in progress. Documents are numbered from the best on: whatever it finds is better than the next one.
final class ThresholdSurvey {
  let ranked: [UInt32]
  /// At which thresholds each document so far is kept.
  private(set) var kept: [UInt64] = []
  private(set) var index = BandStore(megabytes: 1_000_000)
  private var alive = OrdinalSet()

  init(_ ranked: [UInt32]) {
    self.ranked = ranked
    kept.reserveCapacity(ranked.count)
  }

  /// - Parameter megabytes: to be held in memory.
  func spill(_ megabytes: Double, _ open: (BandStore) throws -> Void) throws {
    index = BandStore(megabytes: megabytes)
    try open(index)
  }

  func add(_ keys: [UInt64], keptAt mask: UInt64) throws {
    let rank = UInt32(kept.count)
    kept.append(mask)
    guard mask != 0, !keys.isEmpty else { return }
    index.add(rank, keys)
    alive.insert(rank)
    guard index.isFull else { return }
    try index.spill(alive: alive) { Identifier(high: 0, low: UInt64($0)) }
    while let merge = index.nextMerge(alive: alive) {
      try merge.run()
      _ = try index.install(merge, alive: alive)
    }
  }
}
