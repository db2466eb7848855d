import Blocks
import Bytes
import Posix
import Spool

/// The token files beside each batch: made when the tokenizer is there, made again when they are missing. A sequence a
/// document, empty where the document was removed.
struct TokenFiles {
  let state: AgentState

  private func prefix(_ batch: Int, _ tokenizer: LoadedTokenizer) -> String {
    CorpusName(batch).tokens(tokenizer.digest)
  }

  func publish(batch: Int, _ tokens: [[Int32]], _ tokenizer: LoadedTokenizer) throws {
    let folder = state.layout.corpus
    let writer = try TokenFileWriter(folder, prefix: prefix(batch, tokenizer), vocabulary: tokenizer.vocabulary)
    do {
      for ids in tokens { try ids.withUnsafeBufferPointer { (ids) throws(BlockError) in try writer.append(ids) } }
      try writer.publish()
    } catch {
      writer.discard()
      throw error
    }
  }

  /// Opens the token file of a batch, encoding the batch again when there is none, and notes the counts in the table.
  func ensure(batch: Int, first: Int, count: Int, _ tokenizer: LoadedTokenizer) throws {
    let folder = state.layout.corpus
    if try !TokenFile.exists(folder, prefix: prefix(batch, tokenizer)) {
      let texts = try (0..<count).map { index -> [UInt8]? in
        guard DocumentRecord(try state.corpus.record((batch, index))).outcome == .kept else { return nil }
        return try state.corpus.text((batch, index))
      }
      let tokens = tokenizer.encodeAll(texts)
      try state.patience.wait { try publish(batch: batch, tokens, tokenizer) }
    }
    let file = try TokenFile(folder, prefix: prefix(batch, tokenizer), vocabulary: tokenizer.vocabulary)
    for index in 0..<count { state.table.tokens[first + index] = UInt32(file.length(index)) }
  }

  /// Every batch so far, in order; then all that is kept can be drawn.
  func ensureAll(_ tokenizer: LoadedTokenizer) throws {
    for batch in 0..<state.table.batches {
      try GivenUp.check("tokenizing the corpus")
      let first = state.table.batchStarts[batch]
      let next = batch + 1 < state.table.batches ? state.table.batchStarts[batch + 1] : state.table.count
      try ensure(batch: batch, first: first, count: next - first, tokenizer)
    }
  }
}

/// Tokens of documents by number, for the block writer: the files opened last stay open.
final class TokenLookup {
  private let state: AgentState
  private let tokenizer: LoadedTokenizer
  private var files: [Int: TokenFile] = [:]
  private static let mostOpen = 256

  init(state: AgentState, tokenizer: LoadedTokenizer) {
    self.state = state
    self.tokenizer = tokenizer
  }

  /// Appends `count` tokens of a document, from its token `start`, to a block.
  func append(_ ordinal: Int, start: Int, count: Int, channel: UInt8, to writer: BlockWriter) throws {
    let place = state.table.place(of: ordinal)
    let file = try file(place.batch)
    if file.length(place.index) >= start + count {
      try file.append(place.index, start: start, count: count, channel: channel, to: writer)
      return
    }
    // It became kept after its batch was tokenized.
    let ids = state.encodeLate(ordinal)
    guard ids.count >= start + count else {
      throw LoadedTokenizer.Unusable(
        description: "document \(ordinal) has \(ids.count) tokens, \(start + count) were drawn")
    }
    try ids.withUnsafeBufferPointer { (ids) throws(BlockError) in
      try writer.append(UnsafeBufferPointer(rebasing: ids[start..<(start + count)]), channel: channel)
    }
  }

  /// Puts tokens of a document into `buffer`, in place of what it holds.
  func copy(_ ordinal: Int, _ range: Range<Int>, into buffer: inout [Int32]) throws {
    let place = state.table.place(of: ordinal)
    let file = try file(place.batch)
    if file.length(place.index) >= range.upperBound { return file.copy(place.index, range, into: &buffer) }
    let ids = state.encodeLate(ordinal)
    guard ids.count >= range.upperBound else {
      throw LoadedTokenizer.Unusable(
        description: "document \(ordinal) has \(ids.count) tokens, \(range.upperBound) were drawn")
    }
    buffer.removeAll(keepingCapacity: true)
    buffer += ids[range]
  }

  private func file(_ batch: Int) throws -> TokenFile {
    if let open = files[batch] { return open }
    if files.count >= TokenLookup.mostOpen { files.removeAll(keepingCapacity: true) }
    let file = try TokenFile(
      state.layout.corpus, prefix: CorpusName(batch).tokens(tokenizer.digest), vocabulary: tokenizer.vocabulary)
    files[batch] = file
    return file
  }
}
