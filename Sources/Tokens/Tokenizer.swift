/// A byte-level BPE tokenizer with Hugging Face's ids. Immutable; any thread may use it.
public final class Tokenizer: Sendable {
  public let definition: TokenizerDefinition
  /// All ids: the highest id, added tokens included, plus one.
  public let vocabularySize: Int
  /// The id of `<|endoftext|>`, which ends every document; nil if the file has no such token.
  public let endOfDocument: Int32?

  private let tables: EncodingTables
  private let matchers: [AddedTokenMatcher]
  private let plainMatchers: [AddedTokenMatcher]
  private let decoding: DecodingTable

  /// The text of the token that ends every document.
  public static let endOfDocumentText = Array("<|endoftext|>".utf8)

  public init(_ definition: TokenizerDefinition) throws(TokenizerError) {
    try definition.check()
    self.definition = definition
    tables = EncodingTables(definition)
    matchers = Self.passes(definition.addedTokens)
    plainMatchers = Self.passes(definition.addedTokens.filter { !$0.special })
    decoding = DecodingTable(definition)
    vocabularySize = decoding.count
    endOfDocument =
      definition.addedTokens.first { $0.content == Self.endOfDocumentText }?.id
      ?? definition.tokens.firstIndex { $0 == Self.endOfDocumentText }.map(Int32.init)
  }

  private static func passes(_ tokens: [AddedToken]) -> [AddedTokenMatcher] {
    [AddedTokenMatcher(tokens.filter { !$0.normalized }), AddedTokenMatcher(tokens.filter { $0.normalized })]
  }

  /// An encoder for one thread.
  ///
  /// `matchSpecial`: whether special tokens written out in the text become their ids, as Hugging Face does by default.
  /// `cacheEntries`: words kept, a power of two; 32 bytes each.
  public func makeEncoder(matchSpecial: Bool = true, cacheEntries: Int = 1 << 17) -> TokenEncoder {
    TokenEncoder(tables: tables, matchers: matchSpecial ? matchers : plainMatchers, cacheEntries: cacheEntries)
  }

  /// The bytes that `id` stands for: of a byte-level token its bytes, of an added token its text; empty if unknown.
  public func bytes(of id: Int32) -> ArraySlice<UInt8> { decoding[id] }

  /// The bytes that `ids` stand for, joined. Unknown ids stand for nothing.
  public func decode(_ ids: some Sequence<Int32>) -> [UInt8] {
    decoding.decode(ids)
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
        buffer.append(contentsOf: token)
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
