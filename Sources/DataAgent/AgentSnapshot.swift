import Bytes
import Documents
import Posix
import Spool

/// The agent's state as records that replay to it, compact: what a snapshot of the journal holds of documents and
/// claims.
/// Tokenizer and blocks are few; their own records are carried over as they are.
struct AgentSnapshot {
  /// Kinds of records that need not be kept because these say the same.
  static let restated: Set<String> = [
    "open", "claim", "void", "left", "batch-intent", "batch", "totals", "sources", "progress", "original", "batches",
    "changes", "suites", "judged", "rejudged", "thresholds",
  ]
  /// So many entries a record at most: a line stays short enough to be looked at.
  private static let entries = 1000

  let state: AgentState
  let leftBehind: [Path: ClaimedStatus]

  /// Only between batches: documents of a batch in the making are in no journal.
  var records: [JSONValue] {
    [totals] + sources + claims + originals + batches + changes + suites + thresholds
  }

  private var totals: JSONValue {
    .object([
      "ev": .string("totals"), "next_claim": .integer(state.nextClaim), "clean_bytes": .integer(state.cleanBytes),
      "sources": .object(state.counts.sorted { $0.key < $1.key }.map { JSONMember($0.key, $0.value.json) }),
      "rules": .object(state.ruleHits.sorted { $0.key < $1.key }.map { JSONMember($0.key, .integer($0.value)) }),
      "watch": state.watch.json,
    ])
  }

  private func chunks(_ kind: String, _ list: [JSONValue]) -> [JSONValue] {
    stride(from: 0, to: list.count, by: Self.entries).map { start in
      .object(["ev": .string(kind), "list": .array(Array(list[start..<min(start + Self.entries, list.count)]))])
    }
  }

  private var sources: [JSONValue] {
    chunks("sources", state.claimSources.runs.map(\.json))
  }

  /// Claims that are not finished, and how far each was read.
  private var claims: [JSONValue] {
    let open = state.claims.values.sorted { $0.sequence < $1.sequence }
    return open.map(\.journalRecord) + chunks("progress", open.map { $0.progress.json($0.sequence) })
  }

  private var originals: [JSONValue] {
    chunks(
      "original",
      leftBehind.sorted { $0.key < $1.key }.map { path, status in
        Claim(sequence: 0, path: path, status: status, options: []).journalRecord
      })
  }

  private var batches: [JSONValue] {
    let starts = state.table.batchStarts
    return chunks("batches", zip(starts, starts.dropFirst() + [state.table.count]).map { .integer($1 - $0) })
  }

  private var suites: [JSONValue] { state.suites.restated.map { [$0] } ?? [] }

  private var thresholds: [JSONValue] { state.thresholds.restated.map { [$0] } ?? [] }

  /// Documents whose state is no longer the one their batch was committed with.
  private var changes: [JSONValue] {
    var list: [JSONValue] = []
    for ordinal in 0..<state.table.count where state.table.isChanged(ordinal) {
      let now = state.table.state(ordinal)
      list.append(.array([.integer(ordinal), .integer(Int(now.code)), .integer(Int(now.other))]))
    }
    return chunks("changes", list)
  }
}
