import Bytes
import Deduplication
import Documents
import Parallel
import Posix
import Spool
import Tokenization

/// Takes prepared items in order, decides about duplicates, and commits them as one batch: published whole, then the
/// journal, then the input goes. A batch ends early where a block or the tokenizer's sample is cut or the suites'
/// n-grams are counted, because what comes after a cut must not be in it.
struct BatchCommit {
  let state: AgentState
  let rejections: Rejections
  let samples: FilteredSamples
  let pool: WorkerPool
  let times: StageTimes
  let slots: WorkingSlots

  /// The batch in the making.
  private struct Draft {
    let first: Int
    var stream: [UInt8] = []
    var records: [UInt8] = []
    var rules: [String] = []
    var changes: [(ordinal: Int, state: DocumentState)] = []
    var progress: [Int: ClaimProgress] = [:]
    var badLines: [Int: [UInt8]] = [:]
    var tokens: [[Int32]] = []
  }

  /// Commits items from the front up to the next cut; returns how many.
  func commit(_ items: [WorkItem]) throws -> Int {
    var draft = Draft(first: state.table.count)
    state.table.beginBatch(at: draft.first)
    var taken = 0
    for item in items {
      ServiceNotify.beat()
      taken += 1
      draft.progress[item.claim] = item.progress
      switch item.content {
      case .document(let prepared):
        slots.note(0, RecordKey(claim: item.claim, record: item.progress.record - 1), .deduplicate)
        add(prepared, item.claim, &draft)
        slots.clear(0)
      case .badLine(let line): draft.badLines[item.claim, default: []] += line
      case .end: break
      }
      if state.canCompose || state.isThresholdDue || isSampleComplete || state.table.count >= state.suites.nextCount {
        break
      }
    }
    try publish(draft)
    return taken
  }

  var isSampleComplete: Bool {
    state.tokenizer == nil && state.cleanBytes >= state.settings.tokenize.trainMegabytes * 1_000_000
  }

  private func add(_ prepared: PreparedDocument, _ claim: Int, _ draft: inout Draft) {
    let ordinal = state.table.count
    let document = prepared.document
    state.freshTexts[ordinal] = document.text
    let (outcome, hit) = outcome(document.verdict)
    var changes: [StateChange] = []
    var first: DocumentState = outcome == .filtered ? .filtered : .rejected
    if outcome == .kept, let item = prepared.contamination {
      // It takes no part in the deduplication: what it would keep out may hold nothing.
      first = .contaminated(item: item)
    } else if outcome == .kept, let sketch = prepared.sketch {
      document.text.withUnsafeBufferPointer { PoisonPoint.taste($0, .index) }
      state.freshSketches[ordinal] = sketch
      changes = times.measure("deduplicate") {
        state.deduplicator.insert(candidate(ordinal, prepared), sketch: sketch, text: document.text)
      }
      first = .kept
      if let own = changes.first(where: { Int($0.ordinal) == ordinal }) { first = DocumentState(own.state) }
    }
    var record = DocumentRecord(
      offset: draft.stream.count, length: prepared.line.count, document: document, textID: prepared.textID,
      claim: claim,
      state: first, outcome: outcome, ruleValue: hit?.value ?? 0, rule: DocumentRecord.noRule)
    record.date = prepared.sketch?.facts.date ?? 0
    state.watch.note(RuleWatch.Group(document.channel, document.signals), rule: hit?.rule)
    for drop in document.droppedLines {
      state.lineHits[drop.first.rule, default: 0] += drop.count
      samples.add(drop, of: document, channel: state.settings.channels.name(document.channel))
    }
    for flag in document.ruleFlags { state.flagHits[flag, default: 0] += 1 }
    if let hit {
      record.rule = ruleIndex(hit.rule, &draft)
      state.ruleHits[hit.rule, default: 0] += 1
      samples.add(document, hit, channel: state.settings.channels.name(document.channel))
    }
    record.append(signals: document.signals, sketch: sketchBytes(prepared.sketch), to: &draft.records)
    draft.stream += prepared.line
    draft.tokens.append(prepared.tokens)
    state.table.append(record)
    state.counts[state.source(of: ordinal), default: SourceCounts()].add(first, 1)
    state.table.tokens[ordinal] = UInt32(prepared.tokens.count)
    if first == .kept {
      state.cleanBytes += document.text.count
      state.offer(ordinal)
    }
    for change in changes where Int(change.ordinal) != ordinal {
      let new = DocumentState(change.state)
      state.change(Int(change.ordinal), to: new)
      draft.changes.append((Int(change.ordinal), new))
    }
  }

  private func outcome(_ verdict: Verdict) -> (DocumentRecord.Outcome, RuleHit?) {
    switch verdict {
    case .kept: (.kept, nil)
    case .filtered(let hit): (.filtered, hit)
    case .rejected: (.rejected, nil)
    }
  }

  private func candidate(_ ordinal: Int, _ prepared: PreparedDocument) -> Candidate {
    Candidate(
      ordinal: UInt32(ordinal), channel: prepared.document.channel.index, genre: prepared.document.genre,
      score: prepared.document.score, length: prepared.document.text.count, textID: prepared.textID,
      id: prepared.document.id, date: prepared.sketch?.facts.date ?? 0)
  }

  private func ruleIndex(_ rule: String, _ draft: inout Draft) -> Int {
    if let index = draft.rules.firstIndex(of: rule) { return index }
    draft.rules.append(rule)
    return draft.rules.count - 1
  }

  private func sketchBytes(_ sketch: DocumentSketch?) -> [UInt8] {
    var bytes: [UInt8] = []
    sketch?.append(to: &bytes)
    if bytes.isEmpty { bytes = [UInt8](repeating: 0, count: DocumentSketch.encodedSize) }
    return bytes
  }

  private func publish(_ draft: Draft) throws {
    let number = state.table.batches - 1
    let name = CorpusName(number)
    for (sequence, lines) in draft.badLines.sorted(by: { $0.key < $1.key }) {
      let claim = state.claims[sequence]!
      var isAgain = false
      try state.patience.wait { () throws(SystemError) in
        defer { isAgain = true }
        try rejections.addBadLines(claim, lines, after: claim.progress.badBytes, anew: isAgain)
      }
    }
    try state.journal.write(.object(["ev": .string("batch-intent"), "number": .integer(number)]))
    let frames = times.measure("compress") { compress(draft.stream) }
    let manifest = manifest(number, draft)
    let start = Clock.monotonic()
    try state.patience.wait {
      try CorpusBatchWriter.publish(
        name, frames: frames, records: draft.records,
        layout: DocumentRecord.layout, manifest: manifest, in: state.layout.corpus)
    }
    try state.journal.write(.object([JSONMember("ev", .string("batch"))] + manifest))
    times.add("publish", Clock.monotonic() - start)
    try state.corpus.open(name)
    state.freshTexts.removeAll(keepingCapacity: true)
    state.freshSketches.removeAll(keepingCapacity: true)
    if let tokenizer = state.tokenizer {
      try state.patience.wait { try TokenFiles(state: state).publish(batch: number, draft.tokens, tokenizer) }
    }
    try finishClaims(draft.progress)
    try state.patience.wait { try samples.write() }
  }

  private func compress(_ stream: [UInt8]) -> [(bytes: [UInt8], plain: Int)] {
    let size = ZstdFrames.frameBytes
    let count = (stream.count + size - 1) / size
    return pool.map(count) { index in
      stream.withUnsafeBytes { bytes in
        let part = bytes[(index * size)..<min(bytes.count, (index + 1) * size)]
        return (ZstdFrames.compress(UnsafeRawBufferPointer(rebasing: part)), part.count)
      }
    }
  }

  /// What the journal and the batch's own manifest say alike, so that recovery can take the one for the other.
  private func manifest(_ number: Int, _ draft: Draft) -> [JSONMember] {
    let progress = draft.progress.sorted { $0.key < $1.key }.map { $0.value.json($0.key) }
    let changes = draft.changes.map {
      JSONValue.array([.integer($0.ordinal), .integer(Int($0.state.code)), .integer(Int($0.state.other))])
    }
    return [
      JSONMember("number", .integer(number)), JSONMember("first", .integer(draft.first)),
      JSONMember("count", .integer(state.table.count - draft.first)), JSONMember("progress", .array(progress)),
      JSONMember("changes", .array(changes)), JSONMember("rules", .array(draft.rules.map { .string($0) })),
    ]
  }

  /// After the commit: finished files go, what could not be used is put where its owner finds it.
  func finishClaims(_ progress: [Int: ClaimProgress]) throws {
    for (sequence, progress) in progress.sorted(by: { $0.key < $1.key }) {
      guard var claim = state.claims[sequence] else { continue }
      let source = claim.source
      let newBad = progress.badLines - claim.progress.badLines
      claim.progress = progress
      state.counts[source, default: SourceCounts()].rejected += newBad
      switch progress.end {
      case nil:
        state.claims[sequence] = claim
        continue
      case .used: try state.patience.wait(.finish) { () throws(SystemError) in try rejections.finish(claim) }
      case .rejected(let code, let message, let offset, let remedy):
        // A file that cannot be parsed at all counts as one.
        if progress.badLines == 0 { state.counts[source, default: SourceCounts()].rejected += 1 }
        try state.patience.wait(.finish) { () throws(SystemError) in
          try rejections.reject(claim, code: code, message: message, offset: offset, remedy: remedy)
          try rejections.finish(claim)
        }
      }
      state.claims[sequence] = nil
    }
  }
}

extension DocumentState {
  init(_ state: DuplicateState) {
    switch state {
    case .kept: self = .kept
    case .duplicate(let other): self = .duplicate(of: other)
    case .superseded(let other): self = .superseded(by: other)
    }
  }
}
