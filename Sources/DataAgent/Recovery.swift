import Blocks
import Bytes
import Composition
import Deduplication
import Documents
import Index
import Parallel
import Posix
import Spool

/// Brings the agent's state back from the journal and what is published (docs/SPOOL.md, the table of states): adopts
/// what was published and not yet journalled, removes what was begun and not published, finishes what was committed.
struct Recovery {
  let state: AgentState
  let pool: WorkerPool
  let index: IndexKeeper
  let say: (String) -> Void
  private var tokenizerDigest: String?
  private var blocks = BlockHistory()
  private var sealed: SealedFolder
  /// Documents of batches that a snapshot lists and that are not opened yet.
  private var listed: [Int] = []
  private var draws: [DrawRecord] = []

  init(state: AgentState, pool: WorkerPool, index: IndexKeeper, say: @escaping (String) -> Void) throws(SystemError) {
    self.state = state
    sealed = try SealedFolder(state.layout.documents, corpus: state.layout.corpus)
    self.index = index
    self.pool = pool
    self.say = say
  }

  mutating func run(_ rejections: Rejections) throws {
    let journal = state.journal
    try journal.open { record in
      ServiceNotify.beat()
      try note(record)
    }
    try openListed()
    try removeUselessTables()
    if state.thresholds.isOpen {
      try journal.write(ThresholdHistory.nothing)
      _ = state.thresholds.note(ThresholdHistory.nothing)
    }
    for repair in journal.repairs { say("recovery: journal: \(repair)") }
    while try adoptBatch() {}
    try removeBatchLeftovers()
    try settleBlocks()
    try restoreDuplicates()
    try finishEnded(rejections)
    try loadTokenizer()
  }

  private mutating func note(_ record: JSONValue) throws {
    if record["ev"]?.string != "batches" { try openListed() }
    switch record["ev"]?.string {
    case "poison": if let poison = Poison(record) { state.poison[poison.key] = poison }
    case "batch": try noteBatch(record)
    case "suites": state.suites.note(record)
    case "judged": noteJudged(record)
    case "rejudged", "thresholds":
      for (ordinal, new) in state.thresholds.note(record) { state.change(ordinal, to: new) }
    case "tokenizer": tokenizerDigest = record["sha256"]?.string
    case "block-intent", "block", "withdrawn": try blocks.note(record)
    case "bias":
      if let rule = record["rule"]?.string, let group = record["group"]?.string {
        state.knownBias[rule + " " + group] = record["share"]?.number ?? 0
      }
    case "totals": state.restoreTotals(record)
    case "batches": listed += (record["list"]?.array ?? []).compactMap(\.integer)
    case "changes":
      for change in record["list"]?.array ?? [] {
        if let (ordinal, new) = DocumentState.change(change) { state.table.set(ordinal, new) }
      }
    default: break
    }
    state.taken.note(record)
  }

  private func noteJudged(_ record: JSONValue) {
    state.suites.note(record)
    for change in record["changes"]?.array ?? [] {
      if let (ordinal, new) = DocumentState.change(change) { state.change(ordinal, to: new) }
    }
  }

  private mutating func noteBatch(_ record: JSONValue) throws {
    guard let number = record["number"]?.integer, let first = record["first"]?.integer,
      let count = record["count"]?.integer, number == state.table.batches, first == state.table.count
    else { throw InconsistentSpool(description: "journal: a batch record does not follow the one before it") }
    let rules = (record["rules"]?.array ?? []).compactMap(\.string)
    let state = state
    try openBatch(number, count: count) { ordinal, document, bytes in
      state.counts[state.source(of: ordinal), default: SourceCounts()].add(document.state, 1)
      if document.rule < rules.count { state.ruleHits[rules[document.rule], default: 0] += 1 }
      let group = RuleWatch.Group(
        document.channel, hanShare: DocumentRecord.signal(.hanShare, bytes),
        otherScriptShare: DocumentRecord.signal(.otherScriptShare, bytes))
      state.watch.note(group, rule: document.rule < rules.count ? rules[document.rule] : nil)
      if document.state == .kept { state.cleanBytes += document.textBytes }
    }
    for change in record["changes"]?.array ?? [] {
      if let (ordinal, new) = DocumentState.change(change) { state.change(ordinal, to: new) }
    }
    state.taken.noteBatch(record) { source, count in state.counts[source, default: SourceCounts()].rejected += count }
  }

  /// Batches of a snapshot: as far as there are tables of their documents their records are not read.
  private mutating func openListed() throws {
    if listed.isEmpty { return }
    defer { listed = [] }
    var next = 0
    while next < listed.count {
      let number = state.table.batches
      if state.table.youngCount == 0, let file = sealed.take(number, first: state.table.count, counts: listed[next...])
      {
        state.table.append(file)
        for batch in file.name.first...file.name.last { state.corpus.add(CorpusName(batch)) }
        next += file.batches
      } else {
        try openBatch(number, count: listed[next]) { _, _, _ in }
        next += 1
      }
    }
  }

  private func removeUselessTables() throws {
    for (name, reason) in sealed.useless {
      try state.layout.documents.remove(name)
      say("recovery: removed state/documents/\(name): \(reason.text)")
    }
  }

  /// A committed batch must be there whole; its documents come into the table.
  private func openBatch(_ number: Int, count: Int, _ body: (Int, DocumentRecord, UnsafeRawBufferPointer) -> Void)
    throws
  {
    let name = CorpusName(number)
    let batch = try BatchCheck(name, count: count, in: state.layout.corpus).open()
    state.corpus.add(batch)
    state.table.beginBatch(at: state.table.count)
    for index in 0..<count {
      ServiceNotify.beat()
      let bytes = batch.record(index)
      let document = DocumentRecord(bytes)
      state.table.append(document)
      body(state.table.count - 1, document, bytes)
    }
  }

  /// A batch whose manifest is there but whose journal record is not was published: it counts. False when there is
  /// none.
  private mutating func adoptBatch() throws -> Bool {
    let name = CorpusName(state.table.batches)
    guard try state.layout.corpus.isThere(name.manifest) else { return false }
    // The dead process may not have come to it, and the journal must not say what a power cut can undo.
    try state.layout.corpus.sync()
    var manifest = try JSONParser.parse(try state.layout.corpus.read(name.manifest)).members ?? []
    manifest.removeAll { $0.name == "files" }
    try state.journal.write(.object([JSONMember("ev", .string("batch"))] + manifest))
    try noteBatch(.object(manifest))
    say("recovery: batch \(name.manifest) was published, the journal now says so")
    return true
  }

  /// Anything else of a batch goes: its documents are read again.
  private func removeBatchLeftovers() throws {
    for name in try BatchLeftovers.names(state.layout.corpus, next: state.table.batches) {
      try state.layout.corpus.remove(name)
    }
  }

  private mutating func settleBlocks() throws {
    if let intent = blocks.intent, try state.layout.blocks.isThere(intent.name.manifest) {
      try state.layout.blocks.sync()
      let record = JSONValue.object([
        "ev": .string("block"), "number": .integer(intent.number), "revision": .integer(intent.revision),
      ])
      try state.journal.write(record)
      try blocks.note(record)
      say("recovery: block \(intent.number) was published, the journal now says so")
    }
    for intent in try blocks.hidden(in: state.layout.blocks) { try settleHidden(intent) }
    try blocks.check(state.layout.blocks)
    state.unfinishedBlock = blocks.intent
    state.revisions = blocks.revisions
    for intent in blocks.published {
      let record = try DrawFile.read(intent, in: state.layout)
      draws.append(record)
      BlockMaker(state: state).note(record)
    }
    for action in try BlockRecovery.clean(state.layout.blocks) {
      say("recovery: removed blocks/\(action.name): \(action.reason)")
    }
  }

  /// The dead process renamed the manifest away: to withdraw the block, unless a trainer was faster.
  private mutating func settleHidden(_ intent: BlockIntent) throws {
    let root = state.layout.root
    let record = BlockIntent.withdrawnRecord(intent.name)
    try state.layout.blocks.sync()
    let isWithdrawn = try BlockClaim.settle(
      intent.name, in: state.layout.blocks, claimedThrough: { try? BegunBlocks.through(root) }
    ) { () throws(SystemError) in try state.journal.write(record) }
    if isWithdrawn { try blocks.note(record) }
    say(
      "recovery: block \(intent.number) "
        + (isWithdrawn ? "was withdrawn, the journal now says so" : "was claimed by a trainer, it is published again"))
  }

  private func restoreDuplicates() throws {
    try index.open()
    SurveyFolder.remove(state.layout)
    for group in state.targets {
      state.deduplicator.use(state.thresholds.threshold(of: group.name) ?? 1, for: group.channels)
    }
    var frozen = OrdinalSet()
    for draw in draws { for ordinal in draw.ordinals { frozen.insert(ordinal) } }
    for ordinal in 0..<state.table.count {
      ServiceNotify.beat()
      let duplicate: DuplicateState
      switch state.table.state(ordinal) {
      case .kept: duplicate = .kept
      case .duplicate(let other): duplicate = .duplicate(of: other)
      case .superseded(let other): duplicate = .superseded(by: other)
      case .filtered, .rejected, .contaminated: continue
      }
      let candidate = state.table.candidate(ordinal, frozen: frozen.contains(UInt32(ordinal)))
      state.deduplicator.restore(candidate, sketch: state.sketch(of: ordinal), state: duplicate)
      try index.spillIfFull()
    }
  }

  /// Files of claims that ended were to be removed or rejected: the commit came first, this may not have been done.
  private func finishEnded(_ rejections: Rejections) throws {
    for (_, claim) in state.taken.ended.sorted(by: { $0.key < $1.key }) {
      switch claim.progress.end {
      case .rejected(let code, let message, let offset, let remedy):
        try state.patience.wait(.finish) { () throws(SystemError) in
          try rejections.reject(claim, code: code, message: message, offset: offset, remedy: remedy)
        }
      default: break
      }
      try state.patience.wait(.finish) { () throws(SystemError) in try rejections.finish(claim) }
    }
    try settleClaimed()
  }

  /// What else lies in `claimed/`: copies that were not finished, used files whose removal a power cut undid, and files
  /// that the journal has forgotten.
  private func settleClaimed() throws {
    for file in try ClaimedLeftovers.find(state.layout.claimed, state.taken) {
      switch file.kind {
      case .temporary, .used: try state.layout.claimed.remove(file.name)
      case .badLines: break
      case .unknown(let sequence):
        state.nextClaim = max(state.nextClaim, sequence + 1)
        say("state/claimed/\(file.name): \(ClaimedLeftovers.unknownReason)")
      }
    }
  }

  private func loadTokenizer() throws {
    guard try TokenizerKeeper(state: state, pool: pool).load(known: tokenizerDigest) else { return }
    state.restoreComposer(draws)
  }
}
