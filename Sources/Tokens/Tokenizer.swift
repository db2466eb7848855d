/// A BPE tokenizer with Hugging Face's ids. Immutable; any thread may use it.
public final class Tokenizer: Sendable {
  public let definition: TokenizerDefinition
  /// All ids: the highest id, added tokens included, plus one.
  public let vocabularySize: Int
  /// The id of the token that ends every document: the first of `endOfDocumentTexts` that the file has; nil if none.
  public let endOfDocument: Int32?

  private let tables: EncodingTables
  private let splitters: AddedTokenSplitters
  private let plainSplitters: AddedTokenSplitters
  private let decoding: DecodingTable

  /// The text of the token that ends every document, in tokenizers trained here.
  public static let endOfDocumentText = Array("<|endoftext|>".utf8)

  /// What published tokenizers call it: GPT and Qwen, Llama 3, DeepSeek, SentencePiece and Mistral, Gemma.
  public static let endOfDocumentTexts = [
    "<|endoftext|>", "<|end_of_text|>", "<｜end▁of▁sentence｜>", "</s>", "<eos>",
  ].map { Array($0.utf8) }

  public init(_ definition: TokenizerDefinition) throws(TokenizerError) {
    try definition.check()
    self.definition = definition
    tables = EncodingTables(definition)
    splitters = AddedTokenSplitters(definition, skipsSpecial: false)
    plainSplitters = AddedTokenSplitters(definition, skipsSpecial: true)
    decoding = DecodingTable(definition)
    vocabularySize = decoding.count
    endOfDocument = definition.endOfDocument?.id
  }

  /// An encoder for one thread.
  ///
  /// `matchSpecial`: whether special tokens written out in the text become their ids, as Hugging Face does by default.
  /// `cacheEntries`: words kept, a power of two; 32 bytes each.
  public func makeEncoder(matchSpecial: Bool = true, cacheEntries: Int = 1 << 18) -> TokenEncoder {
    TokenEncoder(tables, definition, matchSpecial ? splitters : plainSplitters, cacheEntries: cacheEntries)
  }

  /// The bytes that `id` stands for: of a byte-level token its bytes, of an added token its text; empty if unknown.
  public func bytes(of id: Int32) -> ArraySlice<UInt8> { decoding[id] }

  /// The bytes that `ids` stand for, joined. Unknown ids stand for nothing.
  public func decode(_ ids: some Sequence<Int32>) -> [UInt8] {
    let bytes = decoding.decode(ids)
    return definition.characters?.dropsFirstSpace == true && bytes.first == 0x20 ? Array(bytes.dropFirst()) : bytes
  }
}

extension TokenizerDefinition {
  /// The token that ends every document.
  var endOfDocument: (text: [UInt8], id: Int32)? {
    for text in Tokenizer.endOfDocumentTexts {
      if let token = addedTokens.first(where: { $0.content == text }) { return (text, token.id) }
      if let id = tokens.firstIndex(of: text) { return (text, Int32(id)) }
    }
    return nil
  }

  /// What a token of the vocabulary stands for in text.
  fileprivate func decoded(_ token: [UInt8]) -> [UInt8] {
    if characters == nil { return token }
    if let byte = ByteAlphabet.byte(spelt: token) { return [byte] }
    return TextNormalizer(steps: [.replace(CharacterModel.mark, by: [0x20])]).normalized(token)
  }
}

/// From ids to bytes: one buffer and an offset for each id.
struct DecodingTable: Sendable {
  private var buffer: [UInt8] = []
  private var offsets: [Int] = [0]

  var count: Int { offsets.count - 1 }

  init(_ definition: TokenizerDefinition) {
    let added = Dictionary(definition.addedTokens.map { ($0.id, $0.content) }) { _, last in last }
    let highest = definition.addedTokens.map { Int($0.id) + 1 }.max() ?? 0
    for id in 0..<max(definition.tokens.count, highest) {
      if let content = added[Int32(id)] {
        buffer.append(contentsOf: content)
      } else if id < definition.tokens.count, let token = definition.tokens[id] {
        buffer.append(contentsOf: definition.decoded(token))
      }
      offsets.append(buffer.count)
    }
  }

  func decode(_ ids: some Sequence<Int32>) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(ids.underestimatedCount * 4)
    buffer.withUnsafeBufferPointer { buffer in
      for id in ids where id >= 0 && Int(id) < count {
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: buffer[offsets[Int(id)]..<offsets[Int(id) + 1]]))
      }
    }
    return bytes
  }

  subscript(id: Int32) -> ArraySlice<UInt8> {
    guard id >= 0, Int(id) < count else { return [] }
    return buffer[offsets[Int(id)]..<offsets[Int(id) + 1]]
  }
}
