/// One rule of byte-pair encoding: `left` and `right`, side by side, become `result`. Its rank is its place in the
/// list.
public struct Merge: Equatable, Sendable {
  public let left: Int32
  public let right: Int32
  public let result: Int32

  public init(left: Int32, right: Int32, result: Int32) {
    self.left = left
    self.right = right
    self.result = result
  }
}

/// A token that is found in text as a whole, before byte-pair encoding.
public struct AddedToken: Equatable, Sendable {
  public let id: Int32
  /// Its text, UTF-8.
  public let content: [UInt8]
  /// Special tokens (end of document, reserved) may be left unmatched in documents.
  public let special: Bool
  /// Looked for in a second pass, behind the normalizer, after all tokens that are not.
  public let normalized: Bool
  /// White space before it, and behind it, goes with it.
  public let stripsLeft: Bool
  public let stripsRight: Bool

  public init(
    id: Int32, content: [UInt8], special: Bool = true, normalized: Bool = false, stripsLeft: Bool = false,
    stripsRight: Bool = false
  ) {
    self.id = id
    self.content = content
    self.special = special
    self.normalized = normalized
    self.stripsLeft = stripsLeft
    self.stripsRight = stripsRight
  }
}

/// How a model over characters (SentencePiece) sees spaces. Characters without a token become byte tokens
/// <0x00>...<0xFF>.
public struct CharacterModel: Equatable, Sendable {
  /// Which texts the Metaspace pre-tokenizer sets a mark before.
  public enum Prefix: String, Sendable {
    case always, first, never
  }

  public struct Metaspace: Equatable, Sendable {
    public var prefix: Prefix
    /// Whether every mark begins a new word.
    public var splits: Bool
  }

  /// U+2581, the mark that stands for a space.
  public static let mark: [UInt8] = [0xE2, 0x96, 0x81]

  /// nil where the normalizer alone writes the marks.
  public var metaspace: Metaspace?
  /// Whether decoding drops the space that a text's first mark stands for.
  public var dropsFirstSpace: Bool
}

/// Everything that a `tokenizer.json` of a BPE over bytes, or over characters with bytes to fall back on, says.
public struct TokenizerDefinition: Sendable {
  public var pattern: SplitPattern
  /// Of a model over characters; nil for one over bytes, and then `pattern` cuts the words.
  public var characters: CharacterModel?
  public var normalizer: [NormalizerStep] = []
  /// The bytes of each id of the model's vocabulary, of a model over characters its spelling; nil for ids that the file
  /// leaves out.
  public var tokens: [[UInt8]?]
  /// Ids whose spelling in the file is not in the byte alphabet: merges and whole-word look-ups never reach them.
  public var literalIDs: Set<Int32> = []
  public var merges: [Merge]
  /// In the order of the file; ids of the model's vocabulary may be among them.
  public var addedTokens: [AddedToken]
  /// Words that are themselves in the vocabulary are taken whole, whatever the merges say (Llama 3).
  public var ignoreMerges: Bool

  public init(
    pattern: SplitPattern, tokens: [[UInt8]?], merges: [Merge], addedTokens: [AddedToken], ignoreMerges: Bool = false
  ) {
    self.pattern = pattern
    self.tokens = tokens
    self.merges = merges
    self.addedTokens = addedTokens
    self.ignoreMerges = ignoreMerges
  }

  /// The 256 byte tokens in the order in which Hugging Face's trainer numbers them; ids 0...255 of a trained model.
  public static var byteTokens: [[UInt8]] { ByteAlphabet.sortedBytes.map { [$0] } }
}
