import Bytes
import Decontamination
import Deduplication
import Documents
import Parallel
import Posix
import Spool
import Suites

/// Keeps the corpus free of the suites: compiles them when one is dropped, changed or removed, tells the journal from
/// which document on they count, and judges the documents before it, a batch at a time. No block and no tokenizer's
/// sample is cut before every document was judged, so what is in them follows from the journal alone.
final class SuiteKeeper {
  private let state: AgentState
  private let pool: WorkerPool
  private let times: StageTimes
  private let say: (String) -> Void
  private let files: SuiteFiles
  private let settings: DecontaminateSettings
  private let reports: ContaminationReport
  private var told: [String: String] = [:]

  init(_ state: AgentState, _ pool: WorkerPool, _ times: StageTimes, say: @escaping (String) -> Void) throws {
    self.state = state
    self.pool = pool
    self.times = times
    self.say = say
    settings = state.settings.decontaminate
    files = SuiteFiles(state.layout.suites, quiet: Double(state.settings.spool.quietMilliseconds) / 1000)
    reports = try ContaminationReport(state)
  }

  /// Documents that came before the suites still wait to be judged.
  var isPending: Bool { state.suites.isPending }
  /// Nothing of what is looked for is in the making.
  var isSettled: Bool { files.settling.isEmpty && !isPending }
  /// Suites of which the journal knows, or will, and that cannot be read at this moment.
  private var unknown: Set<String> {
    files.settling.union(state.suites.current.map(\.id).filter { files.unreadable[$0] != nil })
  }
  /// A batch ends here: n-grams are counted again.
  var isCountDue: Bool { state.table.count >= state.suites.nextCount }

  var message: String {
    "looking for the suites in the corpus: batch \(state.suites.nextBatch) of \(state.suites.endBatch)"
  }

  /// Looks for changes under `eval/suites/`.
  /// - Returns: false while a suite that counts is being written at the start: nothing may be committed before it is
  ///   known. When suites changed `changed` is called, for documents that wait.
  func look(changed: (Sieve?) -> Void) throws -> Bool {
    try files.look()
    tellUnreadable()
    let sources = settings.enabled ? files.sources : []
    let unknown = unknown
    if state.sieve == nil, state.suites.current.contains(where: { unknown.contains($0.id) }) { return false }
    if unknown.isEmpty, isAnother(sources) {
      try renew(SuiteIndex(sources, settings, progress: ServiceNotify.beat))
      changed(state.sieve)
    } else if state.sieve == nil, !state.suites.current.isEmpty {
      guard !isAnother(sources) else { return false }
      use(SuiteIndex(sources, settings, progress: ServiceNotify.beat))
      changed(state.sieve)
    }
    if !isPending, isCountDue, let index = state.sieve?.rule.index {
      try renew(index)
      changed(state.sieve)
    }
    return true
  }

  private func tellUnreadable() {
    for (id, reason) in files.unreadable.sorted(by: { $0.key < $1.key }) where told[id] != reason {
      say("eval/suites/\(id).jsonl is not looked for: \(reason); give the agent leave to read it")
    }
    told = files.unreadable
  }

  private func isAnother(_ sources: [SuiteSource]) -> Bool {
    if sources.isEmpty && state.suites.current.isEmpty { return false }
    return state.suites.rule != settings.fingerprint
      || Dictionary(uniqueKeysWithValues: sources.map { ($0.id, $0.sha256) }) != state.suites.digests
  }

  /// These suites count from here on: counted, journalled, used.
  private func renew(_ index: SuiteIndex) throws {
    let before = state.suites
    let entries = before.numbered(index.sources.map { ($0.id, $0.sha256, $0.items.count) })
    let counts = try times.measure("count n-grams") { try count(index) }
    let common = counts.common(settings)
    // Only what is common was found anew: nobody's state can change.
    let isSame = entries == before.current && before.rule == settings.fingerprint && common == before.common
    let batches = state.table.batches
    let isNothingToJudge = isSame || state.table.count == 0
    let record = SuiteHistory.record(
      entries, rule: settings.fingerprint, cut: state.table.count, counted: counts.documents, common: common,
      from: isNothingToJudge ? batches : 0, end: batches)
    try state.journal.write(record)
    state.suites.note(record)
    use(index)
    reports.isDue = true
    if isSame { return }
    say(
      "decontaminate: \(index.sources.count) suites, \(index.ngrams) n-grams, \(common.count) of them common; "
        + "\(isNothingToJudge ? 0 : state.table.count) documents to judge")
  }

  private func use(_ index: SuiteIndex) {
    let first = Dictionary(uniqueKeysWithValues: state.suites.current.map { ($0.id, $0.first) })
    state.sieve =
      index.sources.isEmpty
      ? nil
      : Sieve(
        rule: ContaminationRule(index, common: Set(state.suites.common.keys)),
        first: index.sources.map { first[$0.id] ?? 0 })
  }

  /// A share of so many documents is known well enough.
  private static let sample = 1 << 17

  /// In how many documents so far each n-gram is: of very many documents, of every n-th.
  private func count(_ index: SuiteIndex) throws -> NgramCounts {
    var counts = NgramCounts()
    if index.isEmpty { return counts }
    let search = BatchSearch(state: state, pool: pool)
    let step = (state.table.count + Self.sample - 1) / Self.sample
    for number in 0..<state.table.batches {
      try GivenUp.check("counting the suites' n-grams")
      let start = state.table.batchStarts[number]
      let indices = try search.passed(number).filter { step <= 1 || (start + $0) % step == 0 }
      let found = try search.map(number, indices) { index.search($0) }
      for (place, found) in zip(indices, found) {
        let bytes = try state.corpus.record((number, place))
        let key = DocumentSketch(DocumentRecord.sketch(bytes))?.exactKey ?? state.table.textID(start + place)
        counts.add(found, key: key, in: index)
      }
    }
    return counts
  }

  /// Judges the next batch and commits what changed by it.
  func judgeNext() throws {
    let number = state.suites.nextBatch
    let changes = try times.measure("judge again") { try judge(number) }
    let record = SuiteHistory.judgedRecord(number, changes)
    try state.journal.write(record)
    state.suites.note(record)
    if !changes.isEmpty || !isPending { reports.isDue = true }
    if !isPending { say("decontaminate: every document is judged, \(state.contaminated) hold a suite") }
  }

  private func judge(_ number: Int) throws -> [(ordinal: Int, state: DocumentState)] {
    let search = BatchSearch(state: state, pool: pool)
    let indices = try search.passed(number)
    let sieve = state.sieve
    let verdicts = try search.map(number, indices) { sieve?.judge($0) }
    var changes: [(ordinal: Int, state: DocumentState)] = []
    for (index, verdict) in zip(indices, verdicts) {
      let ordinal = state.table.batchStarts[number] + index
      for (ordinal, new) in try change(ordinal, verdict) {
        state.change(ordinal, to: new)
        changes.append((ordinal, new))
      }
    }
    return changes
  }

  /// What a verdict changes: the document itself, and those that it kept out or keeps out.
  private func change(_ ordinal: Int, _ verdict: UInt32?) throws -> [(Int, DocumentState)] {
    let now = state.table.state(ordinal)
    if let item = verdict {
      let new = DocumentState.contaminated(item: item)
      if now == new { return [] }
      if now.isContaminated { return [(ordinal, new)] }
      let others = state.deduplicator.remove(UInt32(ordinal))
      return [(ordinal, new)] + others.map { (Int($0.ordinal), DocumentState($0.state)) }
    }
    guard now.isContaminated else { return [] }
    return try admit(ordinal).map { (Int($0.ordinal), DocumentState($0.state)) }
  }

  /// A document that holds nothing any more takes part in the deduplication again.
  private func admit(_ ordinal: Int) throws -> [StateChange] {
    let bytes = try state.corpus.record(state.table.place(of: ordinal))
    guard let sketch = DocumentSketch(DocumentRecord.sketch(bytes)), let text = state.text(of: ordinal) else {
      return []
    }
    return state.deduplicator.insert(
      state.table.candidate(ordinal, frozen: state.table.uses[ordinal] > 0), sketch: sketch, text: text)
  }

  /// Writes `eval/contamination/` when something changed; at most every few seconds unless there is time.
  func report(isIdle: Bool) throws { try reports.write(isIdle: isIdle) }
}
