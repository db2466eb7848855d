import Bytes
import Documents
import Posix
import Spool

/// What was read and prepared but not committed yet, and the file it comes from.
final class WorkQueue {
  private let state: AgentState
  private let records: RecordGuard
  private var reader: ClaimReader?
  private(set) var items: [WorkItem] = []
  /// Judged and not scored yet by `score.command`, and how far it came.
  private var judged: [WorkItem] = []
  private var scored = 0
  /// Claims below this were read to their end, though they may not be committed yet.
  private var cursor: Int

  init(_ state: AgentState, _ records: RecordGuard) {
    self.state = state
    self.records = records
    cursor = state.claims.keys.min() ?? state.nextClaim
  }

  var isEmpty: Bool { items.isEmpty && judged.isEmpty && nextClaim == nil }

  private var nextClaim: Claim? {
    while cursor < state.nextClaim {
      if let claim = state.claims[cursor] { return claim }
      cursor += 1
    }
    return nil
  }

  /// Reads the next batch's worth, in claim order, and prepares it on all threads. With a `score.command` that takes
  /// several calls, until it is done.
  func fill(_ preparation: Preparation, _ times: StageTimes) throws -> CommandScorer.Progress {
    if !items.isEmpty { return .done }
    guard let scorer = state.scorer else {
      items = preparation.prepare(try read(times), tokenizer: state.tokenizer, sieve: state.sieve, records.slots)
      return .done
    }
    if judged.isEmpty {
      judged = preparation.judge(try read(times), records.slots)
      scored = 0
    }
    let progress = try scorer.score(&judged, from: &scored)
    guard progress == .done else { return progress }
    items = preparation.prepare(judged, .cutting, tokenizer: state.tokenizer, sieve: state.sieve, records.slots)
    judged = []
    return .done
  }

  private func read(_ times: StageTimes) throws -> [WorkItem] {
    let spool = state.settings.spool
    var fresh: [WorkItem] = []
    var documents = 0
    var bytes = 0
    let start = Clock.monotonic()
    // The last line of a file that ends in a failure and its end are not parted: told twice it would count twice.
    while (documents < spool.batchDocuments && bytes < spool.batchMegabytes << 20) || reader?.isEnding == true {
      // What was read and not committed is read again.
      try GivenUp.check("reading")
      if reader == nil {
        guard let claim = nextClaim else { break }
        reader = try ClaimReader(
          claim, layout: state.layout, settings: state.settings.read, converters: state.settings.converters,
          channels: state.settings.channels, careful: records.isSuspect(claim: claim.sequence),
          patience: state.patience)
      }
      let isLone = isLone(reader!)
      if isLone && !fresh.isEmpty { break }
      let item = try next(reader!)
      fresh.append(item)
      switch item.content {
      case .document(let prepared):
        documents += 1
        bytes += prepared.document.text.count
      case .badLine(let line): bytes += line.count
      case .end:
        cursor = item.claim + 1
        reader = nil
      }
      if isLone && reader?.isEnding != true { break }
    }
    records.slots.clear(0)
    times.add("read", Clock.monotonic() - start)
    return fresh
  }

  /// A record whose death must tell nothing of another's.
  private func isLone(_ reader: ClaimReader) -> Bool {
    !reader.isEnding && records.isLone(reader.claim, at: reader.progress)
  }

  /// The next item of a file, told in the slots; a record that is known to kill is passed over.
  private func next(_ reader: ClaimReader) throws -> WorkItem {
    let claim = reader.claim
    if let poison = try records.refusal(claim, at: reader.progress) { return try reader.refuse(poison) }
    records.slots.note(0, RecordKey(claim: claim.sequence, record: reader.progress.record), .read)
    return try reader.next()
  }

  /// Lets go of the first `count` items: they are committed.
  func drop(_ count: Int) { items.removeFirst(count) }

  /// The suites became others while items waited.
  func judgeAgain(_ preparation: Preparation, _ sieve: Sieve?) { preparation.judge(&items, sieve) }

  /// A tokenizer came while items waited: they need their tokens.
  func tokenize(_ tokenizer: LoadedTokenizer) {
    let texts = items.map { item -> [UInt8]? in
      guard case .document(let prepared) = item.content, prepared.document.isKept, prepared.tokens.isEmpty else {
        return nil
      }
      return prepared.document.text
    }
    let tokens = tokenizer.encodeAll(texts)
    for index in items.indices {
      guard texts[index] != nil, case .document(var prepared) = items[index].content else { continue }
      prepared.tokens = tokens[index]
      items[index].content = .document(prepared)
    }
  }
}
