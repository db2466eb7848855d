import Bytes

/// What a block is, in `part-00000.json`. The block exists exactly when this file does.
public struct BlockManifest: Equatable, Sendable {
  public struct FileEntry: Equatable, Sendable {
    public let name: String
    public let size: Int
    /// Hexadecimal.
    public let sha256: String

    public init(name: String, size: Int, sha256: String) {
      self.name = name
      self.size = size
      self.sha256 = sha256
    }
  }

  /// Sequences and tokens that came through one source folder.
  public struct SourceEntry: Equatable, Sendable {
    public let name: String
    public let documents: Int
    public let tokens: Int

    public init(name: String, documents: Int, tokens: Int) {
      self.name = name
      self.documents = documents
      self.tokens = tokens
    }
  }

  public var number: Int
  public var revision: Int
  /// End-of-document tokens counted.
  public var tokens: Int
  /// Sequences: documents and continuations of documents.
  public var documents: Int
  /// Sequences that go on with a document an earlier block began.
  public var continuations: Int
  /// Sequences whose document goes on in a later block: they do not end with the end-of-document token.
  public var unfinished: Int
  /// By position in `channels`.
  public var tokensPerChannel: [Int]
  public var channels: [String]
  public var tokenType: TokenType
  /// All ids are below.
  public var vocabulary: Int
  /// The id that ends a document.
  public var endOfDocument: Int
  public var tokenizerSHA256: String
  public var order: String
  public var seed: Int
  /// Documents with a higher sequence number were not looked at.
  public var cut: Int
  /// Composed by a flush: fewer tokens or other shares than the phase asks for.
  public var short: Bool
  public var sources: [SourceEntry]
  /// uses[n] = sequences whose document is used for the n-th time (uses[0] is always 0).
  public var uses: [Int]
  /// What the next block's shares take over, as the composer wrote it.
  public var credit: JSONValue
  /// By what documents were drawn, as the composer wrote it; null = all alike.
  public var weights: JSONValue = .null
  /// What is out of the ordinary, as the composer wrote it: parts of a narrowed mix, injected documents, shares
  /// that were rebalanced; null = nothing.
  public var composition: JSONValue = .null
  public var files: [FileEntry]
  /// Resolved and frozen.
  public var phase: JSONValue

  public var name: BlockName { BlockName(number: number, revision: revision) }

  /// Windows of `seqLen` predicted tokens; the rest of the tokens is not trained on.
  public func windows(_ seqLen: Int) -> Int { max(0, (tokens - 1) / seqLen) }
}

/// How a token is stored, little-endian.
public enum TokenType: String, Sendable {
  case uint16
  case int32

  /// Megatron-LM's rule (`DType.optimal_dtype`): 16 bits below 65,500 ids.
  public init(vocabulary: Int) { self = vocabulary < 65_500 ? .uint16 : .int32 }

  public var size: Int { self == .uint16 ? 2 : 4 }
  /// The code in an .idx file.
  public var code: UInt8 { self == .uint16 ? 8 : 4 }
}
