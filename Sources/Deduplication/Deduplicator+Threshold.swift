import Documents

/// Other thresholds than the settings', and what follows from them.
extension Deduplicator {
  /// From now on pairs of these channels count as duplicates from another similarity on, whatever their genres; nil:
  /// as the settings say. Documents that are there are not judged again.
  public func use(_ threshold: Double?, for channels: [UInt8]) {
    for channel in channels { thresholds.use(threshold, for: channel) }
  }

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

  /// How many documents count as this one, itself too.
  /// - Parameter most: not counted beyond.
  public func clusterSize(_ ordinal: UInt32, atMost most: Int = .max) -> Int {
    table.clusterSize(ordinal, atMost: most)
  }

  /// Takes in a document that is judged later, by a survey.
  public func note(_ candidate: Candidate) { table.add(candidate, address: nil) }

  func facts(_ ordinal: UInt32) -> DocumentTable.Entry { table[ordinal] }

  /// All documents of these channels, the best first.
  func ranked(_ channels: Set<UInt8>) -> [UInt32] {
    table.ordinals(of: channels).sorted { table.isBetter($0, $1) }
  }

  func undecide(_ ordinal: UInt32) { table.undecide(ordinal) }

  /// Decides a document after all that are better.
  func settleRanked(_ ordinal: UInt32) {
    if table.isKept(ordinal) { return }
    guard settings.enabled, let sketch = sketch(of: ordinal) else { return table.keep(ordinal) }
    var changed: [UInt32] = []
    _ = settle(ordinal, sketch, &changed)
  }
}
