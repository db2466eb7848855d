import Tokens

/// Which tokens encoding can give at all.
///
/// A token is reached when its own bytes become it. In a vocabulary learned by merging all are; tokens that were put in
/// afterwards often are not: an earlier merge or the cutting into words takes their bytes apart.
public struct Reachability {
  private let encoder: TokenEncoder
  private let chains: MergeChains
  private let definition: TokenizerDefinition
  private let added: Set<Int32>

  public init(_ tokenizer: Tokenizer) {
    definition = tokenizer.definition
    encoder = tokenizer.makeEncoder(matchSpecial: true, cacheEntries: 1 << 10)
    chains = MergeChains(definition)
    added = Set(definition.addedTokens.map(\.id))
  }

  /// Whether encoding can give the token. Of added tokens the text is looked for in the text, so they always are.
  public func reaches(_ id: Int32) -> Bool {
    if added.contains(id) { return true }
    guard let bytes = definition.tokens[Int(id)] else { return false }
    if definition.literalIDs.contains(id) { return false }
    if encoder.encode(bytes) == [id] { return true }
    // Half a character is never a text of its own: within a word only the merges act on it.
    return !isText(bytes) && chains.segments(bytes) == [id]
  }

  /// What encoding makes of the token's bytes.
  public func pieces(_ id: Int32) -> [Int32] { encoder.encode(definition.tokens[Int(id)] ?? []) }

  /// The ids of the model that nothing becomes, ascending.
  public func unreachable() -> [Int32] {
    definition.tokens.indices.filter { definition.tokens[$0] != nil && !reaches(Int32($0)) }.map { Int32($0) }
  }

  private func isText(_ bytes: [UInt8]) -> Bool { String(validating: bytes, as: UTF8.self) != nil }
}

/// What is wrong with a vocabulary.
public struct VocabularyFinding: Sendable, Equatable {
  public enum Kind: String, Sendable, CaseIterable {
    case unreachable, deadMerge = "dead merge", outside = "outside the embedding", duplicate, hole
    case size = "vocabulary size"
  }

  public let kind: Kind
  public let id: Int32?
  public let reason: String
  /// False: worth knowing, nothing breaks.
  public let isFault: Bool
}

/// Looks for what goes wrong with vocabularies that were changed by hand.
public struct VocabularyLint {
  private let tokenizer: Tokenizer
  private let definition: TokenizerDefinition

  public init(_ tokenizer: Tokenizer) {
    self.tokenizer = tokenizer
    definition = tokenizer.definition
  }

  /// - Parameter embedding: rows of the model's embedding; nil: unknown.
  public func findings(embedding: Int? = nil) -> [VocabularyFinding] {
    let unreachable = Reachability(tokenizer).unreachable()
    return unreached(unreachable) + deadMerges(Set(unreachable)) + outside(embedding) + duplicates() + holes()
      + size(embedding ?? tokenizer.vocabularySize)
  }

  private func name(_ id: Int32) -> String {
    "\"" + String(decoding: tokenizer.bytes(of: id), as: UTF8.self) + "\""
  }

  private func unreached(_ ids: [Int32]) -> [VocabularyFinding] {
    let reach = Reachability(tokenizer)
    return ids.map { id in
      let pieces = reach.pieces(id).map { "\($0) \(name($0))" }.joined(separator: ", ")
      return VocabularyFinding(
        kind: .unreachable, id: id, reason: "\(name(id)) is never produced: its text becomes \(pieces)", isFault: true)
    }
  }

  /// A merge of a token that is never there, or listed a second time.
  private func deadMerges(_ unreachable: Set<Int32>) -> [VocabularyFinding] {
    var seen: Set<UInt64> = []
    return definition.merges.enumerated().compactMap { rank, merge in
      let isNew = seen.insert(UInt64(UInt32(bitPattern: merge.left)) << 32 | UInt64(UInt32(bitPattern: merge.right)))
        .inserted
      let pair = "merge \(rank), \(name(merge.left)) + \(name(merge.right))"
      if !isNew {
        return VocabularyFinding(
          kind: .deadMerge, id: merge.result, reason: "\(pair), stands there twice: the later rank counts",
          isFault: true)
      }
      guard let dead = [merge.left, merge.right].first(where: unreachable.contains) else { return nil }
      return VocabularyFinding(
        kind: .deadMerge, id: merge.result, reason: "\(pair), cannot act: \(name(dead)) is never produced",
        isFault: true)
    }
  }

  private func outside(_ embedding: Int?) -> [VocabularyFinding] {
    guard let embedding, tokenizer.vocabularySize > embedding else { return [] }
    return (embedding..<tokenizer.vocabularySize).filter { !tokenizer.bytes(of: Int32($0)).isEmpty }.map {
      VocabularyFinding(
        kind: .outside, id: Int32($0), reason: "\(name(Int32($0))) has no row: the embedding has \(embedding)",
        isFault: true)
    }
  }

  private func duplicates() -> [VocabularyFinding] {
    var first: [[UInt8]: Int32] = [:]
    return (0..<Int32(tokenizer.vocabularySize)).compactMap { id in
      let bytes = Array(tokenizer.bytes(of: id))
      guard !bytes.isEmpty, let other = first.updateValue(id, forKey: bytes) else { return nil }
      return VocabularyFinding(
        kind: .duplicate, id: id, reason: "\(name(id)) is id \(other) as well: only one of them is ever used",
        isFault: true)
    }
  }

  private func holes() -> [VocabularyFinding] {
    let empty = (0..<Int32(tokenizer.vocabularySize)).filter { tokenizer.bytes(of: $0).isEmpty }
    guard let first = empty.first else { return [] }
    return [
      VocabularyFinding(
        kind: .hole, id: first, reason: "\(empty.count) ids below the highest stand for nothing, the first is \(first)",
        isFault: false)
    ]
  }

  private func size(_ size: Int) -> [VocabularyFinding] {
    guard let reason = VocabularySize.refusal(size) else { return [] }
    return [VocabularyFinding(kind: .size, id: nil, reason: "the number of rows \(reason)", isFault: false)]
  }
}
