import Bytes
import Posix

/// Writes one block: sequences in block order, then `publish`. Nothing is visible before, everything at once after.
///
/// Memory: five bytes a sequence and the staging buffers, whatever the number of tokens.
public final class BlockWriter {
  public let name: BlockName
  public let tokenType: TokenType
  public let vocabulary: Int
  public private(set) var tokens = 0
  public private(set) var tokensPerChannel: [Int]
  public var documents: Int { lengths.count }
  private let directory: Directory
  private let channelNames: [String]
  private let file: DigestingFile
  private let endOfDocument: Int
  private var unfinished = 0
  private var lengths: [Int32] = []
  private var sequenceChannels: [UInt8] = []
  private var published: [Path] = []
  private var isOver = false

  /// - Parameters:
  ///   - vocabulary: all ids are below; decides the token type.
  ///   - endOfDocument: the id that ends a document.
  ///   - channels: the spool's channel list, to which the channel bytes are positions.
  public init(
    _ directory: Directory, _ name: BlockName, vocabulary: Int, endOfDocument: Int, channels: [String]
  ) throws(BlockError) {
    precondition(channels.count <= 256, "a channel is one byte")
    self.directory = directory
    self.name = name
    self.vocabulary = vocabulary
    self.endOfDocument = endOfDocument
    channelNames = channels
    tokenType = TokenType(vocabulary: vocabulary)
    tokensPerChannel = [Int](repeating: 0, count: channels.count)
    for taken in [name.manifest] + name.companions
    where try BlockError.system({ () throws(SystemError) in try directory.isThere(taken) }) {
      throw BlockError(
        directory.path / taken, "is there already",
        remedy: "a published block is never written over; leftovers without a manifest go at the agent's next start")
    }
    file = try BlockError.system { () throws(SystemError) in try DigestingFile(directory, name.tokens) }
  }

  /// One document, or a part of one; its end-of-document token is among the tokens.
  public func append(_ tokens: UnsafeBufferPointer<Int32>, channel: UInt8) throws(BlockError) {
    try begin(tokens.count, channel)
    if tokens[tokens.count - 1] != endOfDocument { unfinished += 1 }
    let size = tokenType.size
    let limit = UInt32(clamping: vocabulary)
    var done = 0
    while done < tokens.count {
      let count = min(tokens.count - done, DigestingFile.stagingBytes / size)
      let target = try room(count * size)
      let source = tokens.baseAddress! + done
      let highest =
        tokenType == .uint16
        ? TokenCopy.narrow(source, target, count) : TokenCopy.copy(source, target, count)
      if highest >= limit { throw outside(Int(highest)) }
      file.commit(count * size)
      done += count
    }
  }

  /// The same from 16-bit ids.
  public func append(_ tokens: UnsafeBufferPointer<UInt16>, channel: UInt8) throws(BlockError) {
    try begin(tokens.count, channel)
    if tokens[tokens.count - 1] != endOfDocument { unfinished += 1 }
    let size = tokenType.size
    let limit = UInt32(clamping: vocabulary)
    var done = 0
    while done < tokens.count {
      let count = min(tokens.count - done, DigestingFile.stagingBytes / size)
      let target = try room(count * size)
      let source = tokens.baseAddress! + done
      let highest =
        tokenType == .uint16
        ? TokenCopy.copy(source, target, count) : TokenCopy.widen(source, target, count)
      if highest >= limit { throw outside(Int(highest)) }
      file.commit(count * size)
      done += count
    }
  }

  private func begin(_ count: Int, _ channel: UInt8) throws(BlockError) {
    precondition(!isOver, "the block is published or given up")
    guard count > 0, count <= Int32.max else {
      throw BlockError(
        directory.path / name.tokens, at: tokens * tokenType.size, "a sequence of \(count) tokens cannot be stored",
        remedy: "sequences have 1 to 2147483647 tokens")
    }
    guard Int(channel) < channelNames.count else {
      throw BlockError(
        directory.path / name.channels, at: lengths.count,
        "channel \(channel) is not among the \(channelNames.count) known",
        remedy: "the channel list of a spool only grows; do not take channels out of the configuration")
    }
    lengths.append(Int32(count))
    sequenceChannels.append(channel)
    tokens += count
    tokensPerChannel[Int(channel)] += count
  }

  private func room(_ bytes: Int) throws(BlockError) -> UnsafeMutableRawPointer {
    try BlockError.system { () throws(SystemError) in try file.reserve(bytes) }
  }

  private func outside(_ token: Int) -> BlockError {
    BlockError(
      directory.path / name.tokens, at: file.size, "token id \(token) is not below the vocabulary of \(vocabulary)",
      remedy: "the tokens were made with another tokenizer; remove the corpus' token files so that they are made again")
  }

  /// Makes the block exist: all files on disk under their names, the manifest last.
  @discardableResult
  public func publish(_ details: BlockDetails) throws(BlockError) -> BlockManifest {
    precondition(!isOver, "the block is published or given up")
    return try BlockError.system { () throws(SystemError) in try publishFiles(details) }
  }

  private func publishFiles(_ details: BlockDetails) throws(SystemError) -> BlockManifest {
    let tokenEntry = try file.finish(name.tokens)
    let index = try DigestingFile(directory, name.index)
    try MegatronIndex.write(lengths, tokenType, to: index)
    let indexEntry = try index.finish(name.index)
    let channels = try DigestingFile(directory, name.channels)
    try channels.write(sequenceChannels)
    let channelEntry = try channels.finish(name.channels)
    for companion in name.companions {
      try directory.rename(Directory.temporary(companion), to: directory, companion)
      published.append(companion)
    }
    try directory.sync()
    let manifest = manifest(details, [tokenEntry, indexEntry, channelEntry])
    try directory.publish(name.manifest, manifest.encode())
    isOver = true
    return manifest
  }

  private func manifest(_ details: BlockDetails, _ files: [BlockManifest.FileEntry]) -> BlockManifest {
    BlockManifest(
      number: name.number, revision: name.revision, tokens: tokens, documents: lengths.count,
      continuations: details.continuations, unfinished: unfinished, tokensPerChannel: tokensPerChannel,
      channels: channelNames,
      tokenType: tokenType, vocabulary: vocabulary, endOfDocument: endOfDocument,
      tokenizerSHA256: details.tokenizerSHA256, order: details.order, seed: details.seed, cut: details.cut,
      short: details.short, sources: details.sources, uses: details.uses, credit: details.credit,
      weights: details.weights, composition: details.composition, files: files, phase: details.phase)
  }

  /// Gives the block up and takes away what was written of it; fine after a failed `publish`.
  public func discard() {
    if isOver { return }
    isOver = true
    // Only the folder's fsync can have failed then: the block is there, the next start finds it or cleans up.
    if directory.exists(name.manifest) { return }
    // Best effort: what cannot be removed now is removed by recovery at the next start.
    for leftover in published + (name.companions + [name.manifest]).map(Directory.temporary)
    where directory.exists(leftover) {
      try? directory.remove(leftover)
    }
  }
}

/// What only the composing side knows of a block.
public struct BlockDetails: Sendable {
  public var continuations = 0
  public var tokenizerSHA256: String
  public var order = "shuffle"
  public var seed: Int
  public var cut: Int
  public var short = false
  public var sources: [BlockManifest.SourceEntry] = []
  public var uses: [Int] = []
  public var credit: JSONValue = .null
  /// By what documents were drawn, as the composer wrote it; null = all alike.
  public var weights: JSONValue = .null
  /// What is out of the ordinary, as the composer wrote it; null = nothing.
  public var composition: JSONValue = .null
  public var phase: JSONValue

  public init(tokenizerSHA256: String, seed: Int, cut: Int, phase: JSONValue) {
    self.tokenizerSHA256 = tokenizerSHA256
    self.seed = seed
    self.cut = cut
    self.phase = phase
  }
}
