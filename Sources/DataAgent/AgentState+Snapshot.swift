import Bytes

/// Sums that a snapshot of the journal gives back, so that they need not be counted again.
extension AgentState {
  func restoreTotals(_ record: JSONValue) {
    cleanBytes = record["clean_bytes"]?.integer ?? 0
    for member in record["sources"]?.members ?? [] { counts[member.name] = SourceCounts(member.value) }
    for member in record["rules"]?.members ?? [] { ruleHits[member.name] = member.value.integer }
    watch = RuleWatch(record["watch"])
  }
}
