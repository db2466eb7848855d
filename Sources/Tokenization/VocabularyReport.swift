import Tokens

/// How well a vocabulary fits a text, beside others.
public final class VocabularyReport {
  /// One channel's text, and its tokens by tokenizer in the order given.
  public struct Row: Sendable {
    public internal(set) var units = TextUnits()
    public internal(set) var tokens: [Int]
  }

  /// A token that a person should look at.
  public struct Suspect: Sendable, Equatable {
    public let id: Int32
    public let reason: String
    public let uses: Int
  }

  public let names: [String]
  public private(set) var channels: [String: Row] = [:]
  private let tokenizer: Tokenizer
  private let encoders: [TokenEncoder]
  private var uses: [Int]
  private var characters: [UInt32: Int] = [:]

  /// - Parameter tokenizers: the one reported on, then those it is compared with.
  public init(_ tokenizers: [(name: String, tokenizer: Tokenizer)]) {
    names = tokenizers.map(\.name)
    tokenizer = tokenizers[0].tokenizer
    encoders = tokenizers.map { $0.tokenizer.makeEncoder(matchSpecial: false) }
    uses = [Int](repeating: 0, count: tokenizer.vocabularySize)
  }

  public func add(_ text: [UInt8], channel: String) {
    var row = channels[channel] ?? Row(tokens: [Int](repeating: 0, count: encoders.count))
    row.units.add(text) { characters[$0, default: 0] += 1 }
    for (index, encoder) in encoders.enumerated() {
      let ids = encoder.encode(text)
      row.tokens[index] += ids.count
      if index == 0 { for id in ids { uses[Int(id)] += 1 } }
    }
    channels[channel] = row
  }

  /// Characters outside ASCII: how many there were, how many of them are one token, and the distinct ones that are not,
  /// the most frequent first.
  public var coverage: (met: Int, covered: Int, missing: [(code: UInt32, count: Int)]) {
    var table = ByteStringTable(capacity: tokenizer.definition.tokens.count)
    for (id, token) in tokenizer.definition.tokens.enumerated() {
      if let token, token.count <= 4, !tokenizer.definition.literalIDs.contains(Int32(id)) { table.insert(token) }
    }
    let missing = characters.filter { code, _ in
      Unicode.Scalar(code).map { table.find(Array(String($0).utf8)) == nil } ?? true
    }
    let met = characters.values.reduce(0, +)
    let order = missing.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { (code: $0.key, count: $0.value) }
    return (met, met - missing.values.reduce(0, +), order)
  }

  /// Tokens of the model with their bytes and uses.
  private var learned: [(id: Int32, bytes: [UInt8], uses: Int)] {
    let added = Set(tokenizer.definition.addedTokens.map(\.id))
    return tokenizer.definition.tokens.enumerated().compactMap { id, token in
      guard let token, !added.contains(Int32(id)) else { return nil }
      return (Int32(id), token, uses[id])
    }
  }

  public func longest(_ count: Int) -> [(id: Int32, bytes: [UInt8], uses: Int)] {
    Array(learned.sorted { ($1.bytes.count, $0.id) < ($0.bytes.count, $1.id) }.prefix(count))
  }

  /// The tokens used least, but at all; and how many of two bytes and more were never used.
  public func rarest(_ count: Int) -> (used: [(id: Int32, bytes: [UInt8], uses: Int)], unused: Int) {
    let tokens = learned.filter { $0.bytes.count > 1 }
    let used = tokens.filter { $0.uses > 0 }.sorted { ($0.uses, $0.id) < ($1.uses, $1.id) }
    return (Array(used.prefix(count)), tokens.count - used.count)
  }

  /// Tokens that hold a phrase of a list, and runs of Han characters so long that a template must have repeated them.
  public func suspects(_ lists: [(name: String, phrases: BannedTokens)], longHan: Int = 6) -> [Suspect] {
    learned.compactMap { token in
      for list in lists {
        guard let phrase = list.phrases.phrase(in: token.bytes) else { continue }
        let reason = "\(list.name): \(String(decoding: phrase, as: UTF8.self))"
        return Suspect(id: token.id, reason: reason, uses: token.uses)
      }
      var units = TextUnits()
      units.add(token.bytes)
      if units.han < longHan { return nil }
      return Suspect(id: token.id, reason: "\(units.han) Han characters in one token", uses: token.uses)
    }
  }
}
