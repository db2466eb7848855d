import Bytes
import Index
import Posix

extension Deduplicator {
  /// What each threshold would leave of these channels, judging all their documents from best to worst once: a document
  /// is dropped at the thresholds at which one of the better ones is kept and alike. The same survivors as those of a
  /// deduplication at each threshold alone; nothing is changed.
  ///
  /// - Parameters:
  ///   - scratch: an empty folder for what does not fit into `dedupe.index_mb`; nil: all of it is held in memory.
  ///   - tokens: of a document.
  ///   - progress: called for every document; what it throws ends the survey.
  /// - Returns: a curve a channel.
  public func survey(
    _ channels: Set<UInt8>, scratch: Directory? = nil, tokens: (UInt32) -> Int, progress: () throws -> Void = {}
  ) throws -> [UInt8: ThresholdCounts] {
    let survey = ThresholdSurvey(ranked(channels))
    if let scratch { try survey.spill(into: scratch, megabytes: settings.indexMegabytes) }
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
      // Those that share most drop it at most thresholds: what is left to ask gets less.
      let near = open == 0 ? [] : survey.index.sharing(sketch.bands, atLeast: 1).sorted { $0.shared > $1.shared }
      for (rank, shared) in near {
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

  // MARK: Another threshold

  /// Judges all documents of these channels anew, from best to worst, after their threshold changed; those in published
  /// blocks stay.
  /// - Parameter progress: called for every document.
  /// - Returns: every document whose state changed.
  public func rejudge(_ channels: Set<UInt8>, progress: () -> Void = {}) -> [StateChange] {
    let ranked = ranked(channels)
    let before = ranked.map { state($0) }
    for ordinal in ranked { undecide(ordinal) }
    for ordinal in ranked {
      progress()
      settleRanked(ordinal)
    }
    var changes: [StateChange] = []
    for (ordinal, old) in zip(ranked, before) {
      let new = state(ordinal)
      if new == old { continue }
      if old == .kept { leave(ordinal) }
      changes.append(StateChange(ordinal: ordinal, state: new))
    }
    return changes.sorted { $0.ordinal < $1.ordinal }
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
  func spill(into folder: Directory, megabytes: Double) throws {
    index = BandStore(megabytes: megabytes)
    _ = try index.open(RunFolder(folder, format: DocumentSketch.indexFormat) { _ in false })
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
