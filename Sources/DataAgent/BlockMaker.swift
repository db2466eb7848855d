import Blocks
import Bytes
import Composition
import Deduplication
import Documents
import Phases
import Posix
import Spool

/// Makes the next block: decided in the journal, drawn, written, published, noted. A block is a function of
/// configuration, seed, cut and the documents up to the cut, so a death in between only means doing it again.
struct BlockMaker {
  let state: AgentState

  /// Blocks that wait for a trainer that has begun everything up to `claimedThrough` (-1 = nothing yet).
  func waiting(claimedThrough: Int) -> Int { state.nextBlock - 1 - claimedThrough }

  /// Makes one block; nil when there is nothing to draw.
  /// - Parameters:
  ///   - short: a block of what there is, up to the full size (flush).
  ///   - rebalance: parts of the mix that ran dry leave their share to the others.
  func make(short: Bool, rebalance: Bool = false, request: Int = 0) throws -> PublishedBlock? {
    guard let tokenizer = state.tokenizer, let phase = state.nextPhase else { return nil }
    let number = state.nextBlock
    guard let drawn = draw(number, phase, short: short, rebalance: rebalance) else { return nil }
    let intent = try decide(number, drawn, request)
    let draw = try state.composer.arranged(drawn, phase, CorpusFacts(state, tokenizer))
    let record = DrawRecord(intent: intent, draw: draw)
    try state.patience.wait { () throws(SystemError) in try DrawFile.write(record, in: state.layout) }
    try state.patience.wait { try write(intent, draw, phase, tokenizer) }
    let published = JSONValue.object([
      "ev": .string("block"), "number": .integer(number), "revision": .integer(intent.revision),
    ])
    try state.journal.write(published)
    state.composer.commit(draw)
    state.deduplicator.freeze(record.ordinals)
    note(record)
    return state.blocks.last
  }

  private func draw(_ number: Int, _ phase: Phase, short: Bool, rebalance: Bool) -> Draw? {
    let (deduplicator, most) = (state.deduplicator, state.composer.weights.largestSize)
    return state.composer.draw(number: number, phase: phase, short: short, rebalance: rebalance) {
      deduplicator.clusterSize($0, atMost: most)
    }
  }

  /// What was decided before a death is done as it was decided; anything else gets a revision that was never used.
  private func decide(_ number: Int, _ draw: Draw, _ request: Int) throws -> BlockIntent {
    func intent(_ revision: Int) -> BlockIntent {
      BlockIntent(
        number: number, revision: revision, cut: state.table.count, short: draw.short, rebalanced: draw.rebalanced,
        request: request)
    }
    if let unfinished = state.unfinishedBlock, intent(unfinished.revision) == unfinished {
      state.unfinishedBlock = nil
      return unfinished
    }
    let new = intent(1 + (state.revisions[number] ?? 0))
    try state.journal.write(new.journalRecord)
    state.revisions[number] = new.revision
    state.unfinishedBlock = nil
    return new
  }

  /// Notes a published block and its uses of documents.
  func note(_ record: DrawRecord) {
    for piece in record.pieces where piece.start == 0 {
      // One that stands in every block many times is counted up to 65,535.
      let uses = state.table.uses[Int(piece.ordinal)]
      state.table.uses[Int(piece.ordinal)] = uses == .max ? uses : uses + 1
    }
    state.blocks.append(
      PublishedBlock(
        number: record.intent.number, revision: record.intent.revision, cut: record.intent.cut, tokens: record.tokens,
        short: record.intent.short, rebalanced: record.intent.rebalanced, request: record.intent.request))
    let numbers = Set(state.blocks.map(\.number))
    while numbers.contains(state.nextBlock) { state.nextBlock += 1 }
  }

  private func write(_ intent: BlockIntent, _ draw: Draw, _ phase: Phase, _ tokenizer: LoadedTokenizer) throws {
    let name = BlockName(number: intent.number, revision: intent.revision)
    // An attempt that failed at the last fsync had published everything.
    if try state.layout.blocks.isThere(name.manifest) { return try state.layout.blocks.republish(name.manifest) }
    let writer = try BlockWriter(
      state.layout.blocks, name, vocabulary: tokenizer.vocabulary, endOfDocument: Int(tokenizer.endOfDocument),
      channels: state.settings.channels.names)
    do {
      let lookup = TokenLookup(state: state, tokenizer: tokenizer)
      for piece in draw.pieces {
        try GivenUp.check("composing block \(intent.number)")
        let channel = state.table.channel(Int(piece.ordinal)).index
        try lookup.append(Int(piece.ordinal), start: piece.start, count: piece.count, channel: channel, to: writer)
      }
      try writer.publish(
        draw.details(
          phase: phase, seed: state.settings.compose.seed, cut: intent.cut, tokenizerSHA256: tokenizer.digest,
          sources: sources(draw)))
    } catch {
      writer.discard()
      throw error
    }
  }

  private func sources(_ draw: Draw) -> [BlockManifest.SourceEntry] {
    var sources: [String: (documents: Int, tokens: Int)] = [:]
    for piece in draw.pieces {
      let source = state.source(of: Int(piece.ordinal))
      sources[source, default: (0, 0)].documents += 1
      sources[source]!.tokens += piece.count
    }
    return sources.sorted { $0.key < $1.key }.map {
      BlockManifest.SourceEntry(name: $0.key, documents: $0.value.documents, tokens: $0.value.tokens)
    }
  }
}
