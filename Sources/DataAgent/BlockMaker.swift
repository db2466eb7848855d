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
  /// - Parameter short: a block of what there is, up to the full size (flush).
  func make(short: Bool, request: Int = 0) throws -> PublishedBlock? {
    guard let tokenizer = state.tokenizer, let phase = state.nextPhase else { return nil }
    let number = state.nextBlock
    guard let draw = state.composer.draw(number: number, phase: phase, short: short) else { return nil }
    let intent = BlockIntent(number: number, revision: 1, cut: state.table.count, short: draw.short, request: request)
    if state.unfinishedBlock != intent { try state.journal.write(intent.journalRecord) }
    state.unfinishedBlock = nil
    let record = DrawRecord(intent: intent, draw: draw)
    try state.patience.wait { () throws(SystemError) in try DrawFile.write(record, in: state.layout) }
    try state.patience.wait { try write(intent, draw, phase, tokenizer) }
    let published = JSONValue.object(["ev": .string("block"), "number": .integer(number), "revision": .integer(1)])
    try state.journal.write(published)
    state.composer.commit(draw)
    state.deduplicator.freeze(record.ordinals)
    note(record)
    return state.blocks.last
  }

  /// Notes a published block and its uses of documents.
  func note(_ record: DrawRecord) {
    for piece in record.pieces where piece.start == 0 { state.table.uses[Int(piece.ordinal)] += 1 }
    state.blocks.append(
      PublishedBlock(
        number: record.intent.number, revision: record.intent.revision, cut: record.intent.cut, tokens: record.tokens,
        short: record.intent.short, request: record.intent.request))
    state.nextBlock = record.intent.number + 1
  }

  private func write(_ intent: BlockIntent, _ draw: Draw, _ phase: Phase, _ tokenizer: LoadedTokenizer) throws {
    let name = BlockName(number: intent.number, revision: intent.revision)
    let writer = try BlockWriter(
      state.layout.blocks, name, vocabulary: tokenizer.vocabulary, endOfDocument: Int(tokenizer.endOfDocument),
      channels: state.settings.channels.names)
    do {
      let lookup = TokenLookup(state: state, tokenizer: tokenizer)
      for piece in draw.pieces {
        try GivenUp.check("composing block \(intent.number)")
        let channel = state.table.channels[Int(piece.ordinal)].index
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
