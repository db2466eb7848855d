import Bytes
import Posix

/// What a verified block holds.
public struct BlockVerification: Equatable, Sendable {
  public let tokens: Int
  public let sequences: Int
  /// Gigabytes take their time: each part is a sign of life.
  private static func sha256(_ bytes: UnsafeRawBufferPointer) -> String {
    var digest = Digest()
    for start in stride(from: 0, to: bytes.count, by: 64 << 20) {
      digest.update(UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + 64 << 20, bytes.count)]))
      ServiceNotify.beat()
    }
    return Digest.hex(digest.finish())
  }

  /// Sequences that end with the end-of-document token.
  public let endedDocuments: Int
  public let bytes: Int
}

extension Block {
  /// Reads the whole block: digests, end-of-document tokens, ids against the vocabulary. Index and channels were
  /// checked when it was opened.
  /// - Parameter tokenizerSHA256: of the tokenizer the caller has; nil = not compared.
  public func verify(tokenizerSHA256: String? = nil) throws(BlockError) -> BlockVerification {
    if let tokenizerSHA256, tokenizerSHA256 != manifest.tokenizerSHA256 {
      throw BlockError(
        manifestPath, "was made with tokenizer \(manifest.tokenizerSHA256), this one is \(tokenizerSHA256)",
        remedy: "use the tokenizer.json the block was made with")
    }
    try checkDigests()
    let ended = try checkTokens()
    return BlockVerification(
      tokens: tokens, sequences: sequences, endedDocuments: ended, bytes: manifest.files.reduce(0) { $0 + $1.size })
  }

  var manifestPath: Path { directory.path / manifest.name.manifest }

  private func checkDigests() throws(BlockError) {
    let contents = [tokenBytes, index.bytes, channelBytes]
    for (name, bytes) in zip(manifest.name.companions, contents) {
      let found = Block.sha256(bytes)
      let entry = manifest.files.first { $0.name == name.description }
      if found != entry?.sha256 {
        throw BlockError(
          directory.path / name,
          "has SHA-256 \(found), the manifest says \(entry?.sha256 ?? "nothing"): bytes were changed",
          remedy: BlockError.recompose)
      }
    }
  }

  /// Gigabytes take their time: each part is a sign of life.
  private static func sha256(_ bytes: UnsafeRawBufferPointer) -> String {
    var digest = Digest()
    for start in stride(from: 0, to: bytes.count, by: 64 << 20) {
      digest.update(UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + 64 << 20, bytes.count)]))
      ServiceNotify.beat()
    }
    return Digest.hex(digest.finish())
  }

  /// Sequences that end with the end-of-document token.
  private func checkTokens() throws(BlockError) -> Int {
    var ended = 0
    var buffer: [Int32] = []
    let end = Int32(clamping: manifest.endOfDocument)
    let limit = UInt32(clamping: manifest.vocabulary)
    for sequence in 0..<sequences {
      copy(sequence, into: &buffer)
      let (highest, ends) = Block.scan(buffer, end)
      let isEnded = buffer[buffer.count - 1] == end
      if highest >= limit { throw tokenError(sequence, "id \(highest) is not below the vocabulary of \(limit)") }
      if ends != (isEnded ? 1 : 0) { throw tokenError(sequence, "an end-of-document token stands inside the sequence") }
      if isEnded { ended += 1 }
    }
    guard sequences - ended == manifest.unfinished else {
      throw BlockError(
        manifestPath,
        "unfinished is \(manifest.unfinished), but \(sequences - ended) sequences have no end-of-document token",
        remedy: BlockError.recompose)
    }
    return ended
  }

  private static func scan(_ tokens: [Int32], _ end: Int32) -> (highest: UInt32, ends: Int) {
    tokens.withUnsafeBufferPointer { tokens in
      var highest: UInt32 = 0
      var ends: Int32 = 0
      for index in 0..<tokens.count {
        highest = max(highest, UInt32(bitPattern: tokens[index]))
        ends &+= tokens[index] == end ? 1 : 0
      }
      return (highest, Int(ends))
    }
  }

  private func tokenError(_ sequence: Int, _ reason: String) -> BlockError {
    BlockError(
      directory.path / manifest.name.tokens, at: index.offset(sequence), "sequence \(sequence): \(reason)",
      remedy: "the tokenizer and the corpus' token files do not belong together; make the tokens and the block again")
  }
}
