import Bytes
import Posix

/// What the journal says of claims: which are open and how far they were read, which ended last, which number is next.
struct ClaimHistory {
  /// Not finished, by sequence, each with the progress that was committed last.
  var open: [Int: Claim] = [:]
  /// Finished ones leave only their source behind.
  var sources = ClaimSources()
  var next = 1
  /// Ended with the last batch: their files may still have to go. Those of earlier batches went before the next batch
  /// was begun.
  private(set) var ended: [Int: Claim] = [:]
  /// Taken by copy, the originals could not be removed.
  var leftBehind: [Path: ClaimedStatus] = [:]

  /// Records of claims, and those that stand for them in a snapshot. Others are none of its business.
  mutating func note(_ record: JSONValue) {
    switch record["ev"]?.string {
    case "claim": noteClaim(record)
    case "void": open[record["seq"]?.integer ?? 0] = nil
    case "left":
      if let claim = record["seq"]?.integer.flatMap({ open[$0] }) { leftBehind[claim.path] = claim.status }
    case "totals": next = record["next_claim"]?.integer ?? 1
    case "sources": restoreSources(record["list"]?.array ?? [])
    case "progress":
      for entry in record["list"]?.array ?? [] {
        if let claim = entry["claim"]?.integer { open[claim]?.progress = ClaimProgress(entry) ?? ClaimProgress() }
      }
    case "original":
      for claim in (record["list"]?.array ?? []).compactMap(Claim.init) { leftBehind[claim.path] = claim.status }
    default: break
    }
  }

  private mutating func noteClaim(_ record: JSONValue) {
    guard let claim = Claim(record) else { return }
    open[claim.sequence] = claim
    sources[claim.sequence] = claim.origin
    next = max(next, claim.sequence + 1)
  }

  /// Runs of claims of one origin.
  private mutating func restoreSources(_ runs: [JSONValue]) {
    for run in runs.compactMap(ClaimSources.Run.init) {
      for claim in run.first..<(run.first + run.count) { sources[claim] = run.origin }
    }
  }

  /// The claims' part of a batch record.
  /// - Parameter rejected: called with a source and how many more of its lines or files could not be used.
  mutating func noteBatch(_ record: JSONValue, rejected: (String, Int) -> Void = { _, _ in }) {
    ended.removeAll(keepingCapacity: true)
    for entry in record["progress"]?.array ?? [] {
      guard let sequence = entry["claim"]?.integer, let progress = ClaimProgress(entry), var claim = open[sequence]
      else { continue }
      let bad = progress.badLines - claim.progress.badLines
      if bad > 0 { rejected(claim.source, bad) }
      claim.progress = progress
      open[sequence] = progress.end == nil ? claim : nil
      guard let end = progress.end else { continue }
      // A file that cannot be parsed at all counts as one.
      if end != .used && progress.badLines == 0 { rejected(claim.source, 1) }
      ended[sequence] = claim
    }
  }
}
