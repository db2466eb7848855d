import Blocks
import Bytes
import Composition
import Deduplication
import Documents
import Parallel
import Posix
import Spool

/// Brings the agent's state back from the journal and what is published (docs/SPOOL.md, the table of states): adopts
/// what
/// was published and not yet journalled, removes what was begun and not published, finishes what was committed.
struct Recovery {
  let state: AgentState
  let pool: WorkerPool
  let say: (String) -> Void
  /// What the journal said last about claims that ended: their files may still have to go.
  private var ended: [Int: (claim: Claim, progress: ClaimProgress)] = [:]
  private var tokenizerDigest: String?
  private var draws: [DrawRecord] = []
  /// Taken by copy, the originals could not be removed.
  private(set) var leftBehind: [Path: ClaimedStatus] = [:]

  init(state: AgentState, pool: WorkerPool, say: @escaping (String) -> Void) {
    self.state = state
    self.pool = pool
    self.say = say
  }

  struct Inconsistent: Error, CustomStringConvertible {
    let description: String
  }

  mutating func run(_ rejections: Rejections) throws {
    var intent: BlockIntent?
    for record in state.journal.records {
      switch record["ev"]?.string {
      case "claim": noteClaim(record)
      case "void": state.claims[record["seq"]?.integer ?? 0] = nil
      case "left": noteLeft(record)
      case "poison": if let poison = Poison(record) { state.poison[poison.key] = poison }
      case "batch": try noteBatch(record)
      case "tokenizer": tokenizerDigest = record["sha256"]?.string
      case "block-intent": intent = BlockIntent(record)
      case "block":
        guard let published = intent else { throw Inconsistent(description: "journal: a block without an intent") }
        try noteBlock(published)
        intent = nil
      default: break
      }
    }
    try adoptBatch()
    try settleBlock(intent)
    restoreDuplicates()
    try finishEnded(rejections)
    try loadTokenizer()
  }

  private mutating func noteClaim(_ record: JSONValue) {
    guard let claim = Claim(record) else { return }
    state.claims[claim.sequence] = claim
    state.claimSources[claim.sequence] = claim.source
    state.nextClaim = max(state.nextClaim, claim.sequence + 1)
  }

  private mutating func noteLeft(_ record: JSONValue) {
    guard let claim = record["seq"]?.integer.flatMap({ state.claims[$0] }) else { return }
    leftBehind[claim.path] = claim.status
  }

  private mutating func noteBatch(_ record: JSONValue) throws {
    guard let number = record["number"]?.integer, let first = record["first"]?.integer,
      let count = record["count"]?.integer,
      number == state.table.batches, first == state.table.count
    else { throw Inconsistent(description: "journal: a batch record does not follow the one before it") }
    let name = CorpusName(number)
    try state.corpus.open(name)
    let batch = state.corpus.batches[number]
    guard batch.count == count else {
      throw Inconsistent(description: "corpus/\(name.records): \(batch.count) records, the journal says \(count)")
    }
    let rules = (record["rules"]?.array ?? []).compactMap(\.string)
    state.table.beginBatch(at: first)
    for index in 0..<count {
      let document = DocumentRecord(batch.record(index))
      state.table.append(document)
      state.counts[state.source(of: first + index), default: SourceCounts()].add(document.state, 1)
      if document.rule < rules.count { state.ruleHits[rules[document.rule], default: 0] += 1 }
      if document.state == .kept { state.cleanBytes += document.textBytes }
    }
    for change in record["changes"]?.array ?? [] {
      guard let parts = change.array?.compactMap(\.integer), parts.count == 3 else { continue }
      state.change(parts[0], to: DocumentState(code: UInt8(parts[1]), other: UInt32(parts[2])))
    }
    for progress in record["progress"]?.array ?? [] { noteProgress(progress) }
  }

  private mutating func noteProgress(_ record: JSONValue) {
    guard let sequence = record["claim"]?.integer, let progress = ClaimProgress(record),
      var claim = state.claims[sequence]
    else {
      return
    }
    let source = claim.source
    state.counts[source, default: SourceCounts()].rejected += progress.badLines - claim.progress.badLines
    claim.progress = progress
    state.claims[sequence] = claim
    guard let end = progress.end else { return }
    if end != .used && progress.badLines == 0 { state.counts[source, default: SourceCounts()].rejected += 1 }
    ended[sequence] = (claim, progress)
    state.claims[sequence] = nil
  }

  private mutating func noteBlock(_ intent: BlockIntent) throws {
    let record = try DrawFile.read(intent, in: state.layout)
    draws.append(record)
    BlockMaker(state: state).note(record)
  }

  /// A batch whose manifest is there but whose journal record is not was published: it counts. Anything else of it
  /// goes.
  private mutating func adoptBatch() throws {
    let name = CorpusName(state.table.batches)
    let corpus = state.layout.corpus
    if corpus.exists(name.manifest) {
      var manifest = try JSONParser.parse(try corpus.read(name.manifest)).members ?? []
      manifest.removeAll { $0.name == "files" }
      try state.journal.write(.object([JSONMember("ev", .string("batch"))] + manifest))
      try noteBatch(.object(manifest))
      say("recovery: batch \(name.manifest) was published, the journal now says so")
    }
    let next = CorpusName(state.table.batches)
    for entry in try corpus.names() {
      if entry.hasPrefix(".") || entry == next.text || entry == next.records { try corpus.remove(entry) }
    }
  }

  private mutating func settleBlock(_ intent: BlockIntent?) throws {
    if let intent {
      if state.layout.blocks.exists(BlockName(number: intent.number, revision: intent.revision).manifest) {
        try state.journal.write(
          .object(["ev": .string("block"), "number": .integer(intent.number), "revision": .integer(intent.revision)]))
        try noteBlock(intent)
        say("recovery: block \(intent.number) was published, the journal now says so")
      } else {
        state.unfinishedBlock = intent
      }
    }
    for action in try BlockRecovery.clean(state.layout.blocks) {
      say("recovery: removed blocks/\(action.name): \(action.reason)")
    }
  }

  private func restoreDuplicates() {
    let frozen = Set(draws.flatMap(\.ordinals))
    for ordinal in 0..<state.table.count {
      let place = state.table.place(of: ordinal)
      let bytes = state.corpus.record(place)
      let record = DocumentRecord(bytes)
      guard record.outcome == .kept, let sketch = DocumentSketch(DocumentRecord.sketch(bytes)) else { continue }
      let duplicate: DuplicateState
      switch state.table.states[ordinal] {
      case .kept: duplicate = .kept
      case .duplicate(let other): duplicate = .duplicate(of: other)
      case .superseded(let other): duplicate = .superseded(by: other)
      case .filtered, .rejected: continue
      }
      let candidate = Candidate(
        ordinal: UInt32(ordinal), channel: record.channel.index, genre: record.genre, score: record.score,
        length: record.textBytes, textID: record.textID, id: record.id, frozen: frozen.contains(UInt32(ordinal)))
      state.deduplicator.restore(candidate, sketch: sketch, state: duplicate)
    }
  }

  /// Files of claims that ended were to be removed or rejected: the commit came first, this may not have been done.
  private func finishEnded(_ rejections: Rejections) throws {
    for (_, (claim, progress)) in ended.sorted(by: { $0.key < $1.key }) {
      switch progress.end {
      case .rejected(let code, let message, let offset, let remedy):
        try rejections.reject(claim, code: code, message: message, offset: offset, remedy: remedy)
      default: break
      }
      try rejections.finish(claim)
    }
    for name in try state.layout.claimed.names() where name.hasPrefix(".") { try state.layout.claimed.remove(name) }
  }

  private func loadTokenizer() throws {
    guard try TokenizerKeeper(state: state, pool: pool).load(known: tokenizerDigest) else { return }
    var uses: [UInt32: Int] = [:]
    var tails: [UInt32: Int] = [:]
    for draw in draws {
      for piece in draw.pieces {
        if piece.start == 0 { uses[piece.ordinal, default: 0] += 1 }
        let end = piece.start + piece.count
        tails[piece.ordinal] = end < state.table.tokens[Int(piece.ordinal)] ? Int(end) : 0
      }
    }
    state.composer.restore(uses: uses, tails: tails, credit: draws.last?.credit ?? MixCredit())
  }
}
