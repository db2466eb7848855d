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
  /// Looked for in a second pass, after all tokens that are not.
  public let normalized: Bool

  public init(id: Int32, content: [UInt8], special: Bool = true, normalized: Bool = false) {
    self.id = id
    self.content = content
    self.special = special
    self.normalized = normalized
  }
}

/// Everything that a `tokenizer.json` of a byte-level BPE says.
public struct TokenizerDefinition: Sendable {
  public var pattern: SplitPattern
  /// The bytes of each id of the model's vocabulary; nil for ids that the file leaves out.
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
