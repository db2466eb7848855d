import Tokens

/// New terms in a vocabulary that models were trained with: no old id changes, and it is proven that every old token is
/// still produced.
public struct VocabularyExtension {
  /// How a term becomes a token.
  public enum Way: String, Sendable, CaseIterable {
    /// New merges behind the old ones, with the tokens between; a term of several words cannot be made so.
    case merges
    /// An added token, found in the text before it is cut: wherever the term stands, in other words too.
    case added
  }

  /// A row of the embedding that has to be given a beginning.
  public struct Row: Sendable, Equatable {
    public let id: Int32
    public let text: [UInt8]
    /// Ids that the old vocabulary has for this text: the mean of their rows is a good beginning.
    public let from: [Int32]
    /// False: a step on the way to a term.
    public let isTerm: Bool
  }

  public let definition: TokenizerDefinition
  public let rows: [Row]
  /// Terms that are one token already.
  public let present: [[UInt8]]
  /// Old tokens that were produced before and are not any more.
  public let lost: [Int32]
  /// Terms that are not one token although they should be: none, unless something is wrong.
  public let failed: [[UInt8]]

  /// - Parameter way: of the terms that are one word; all others become added tokens.
  public init(_ old: Tokenizer, terms: [[UInt8]], way: Way = .merges) throws(TokenizerError) {
    let encoder = old.makeEncoder(matchSpecial: true, cacheEntries: 1 << 10)
    var seen: Set<[UInt8]> = []
    let wanted = terms.filter { !$0.isEmpty && seen.insert($0).inserted }
    let there = wanted.filter { encoder.encode($0).count == 1 }
    let new = wanted.filter { encoder.encode($0).count != 1 }
    let words = way == .merges ? new.filter { TrainingTerms.isOneWord($0, old.definition.pattern) } : []
    let definition = try Self.extended(old, words: words, added: new.filter { !words.contains($0) })
    let extended = try Tokenizer(definition)
    rows = (Int32(old.vocabularySize)..<Int32(extended.vocabularySize)).map { id in
      let text = Array(extended.bytes(of: id))
      return Row(id: id, text: text, from: encoder.encode(text), isTerm: new.contains(text))
    }
    let (before, after) = (Reachability(old), Reachability(extended))
    lost = (0..<Int32(old.definition.tokens.count)).filter {
      old.definition.tokens[Int($0)] != nil && before.reaches($0) && !after.reaches($0)
    }
    let check = extended.makeEncoder(matchSpecial: true, cacheEntries: 1 << 10)
    failed = wanted.filter { check.encode($0).count != 1 }
    present = there
    self.definition = definition
  }

  /// New ids stand behind all old ones. Old added tokens get a place in the model's vocabulary, with the ids they have:
  /// otherwise Hugging Face would number them anew behind the new tokens.
  private static func extended(
    _ old: Tokenizer, words: [[UInt8]], added: [[UInt8]]
  ) throws(TokenizerError) -> TokenizerDefinition {
    var definition = old.definition
    let first = old.vocabularySize
    definition.tokens += [[UInt8]?](repeating: nil, count: max(0, first - definition.tokens.count))
    for token in definition.addedTokens where definition.tokens[Int(token.id)] == nil {
      definition.tokens[Int(token.id)] = token.content
      definition.literalIDs.insert(token.id)
    }
    var chains = MergeChains(definition)
    for word in words { chains.makeOne(word) }
    definition.tokens = chains.tokens
    definition.merges = chains.merges
    for content in added {
      let id = Int32(definition.tokens.count)
      definition.tokens.append(content)
      definition.literalIDs.insert(id)
      definition.addedTokens.append(AddedToken(id: id, content: content, special: false))
    }
    return definition
  }
}
