import Bytes

/// Sums that a snapshot of the journal gives back, so that they need not be counted again.
extension AgentState {
  func restoreTotals(_ record: JSONValue) {
    nextClaim = record["next_claim"]?.integer ?? 1
    cleanBytes = record["clean_bytes"]?.integer ?? 0
    for member in record["sources"]?.members ?? [] { counts[member.name] = SourceCounts(member.value) }
    for member in record["rules"]?.members ?? [] { ruleHits[member.name] = member.value.integer }
  }

  /// Runs of claims of one source: first claim, how many, its name.
  func restoreSources(_ runs: [JSONValue]) {
    for run in runs.compactMap(\.array) where run.count == 3 {
      guard let first = run[0].integer, let count = run[1].integer, let source = run[2].string else { continue }
      for claim in first..<(first + count) { claimSources[claim] = source }
    }
  }
}
