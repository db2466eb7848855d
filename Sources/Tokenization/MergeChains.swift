import Tokens

/// Merges put behind those of a vocabulary, so that given words become one token each.
///
/// A word is first encoded with all merges there are; what is left is joined from its first token on, by new merges
/// that rank behind all others. No token that was there loses by it: encoding its bytes comes down to the one token
/// before a new merge could act.
struct MergeChains {
  private(set) var tokens: [[UInt8]?]
  private(set) var merges: [Merge]
  private var rules: [UInt64: (rank: Int, result: Int32)] = [:]
  private var ids: [[UInt8]: Int32] = [:]

  init(tokens: [[UInt8]?], merges: [Merge], literalIDs: Set<Int32> = []) {
    self.tokens = tokens
    self.merges = merges
    rules.reserveCapacity(merges.count * 2)
    for (rank, merge) in merges.enumerated() { rules[Self.key(merge.left, merge.right)] = (rank, merge.result) }
    for (id, token) in tokens.enumerated() {
      guard let token, !literalIDs.contains(Int32(id)), ids[token] == nil else { continue }
      ids[token] = Int32(id)
    }
  }

  init(_ definition: TokenizerDefinition) {
    self.init(tokens: definition.tokens, merges: definition.merges, literalIDs: definition.literalIDs)
  }

  private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
  }

  /// The tokens of a word.
  func segments(_ word: [UInt8]) -> [Int32] {
    var segments = word.map { ids[[$0]] ?? 0 }
    while let best = best(segments) { segments = Self.joined(segments, best.left, best.right, best.result) }
    return segments
  }

  private func best(_ segments: [Int32]) -> Merge? {
    var best: (rank: Int, merge: Merge)?
    for (left, right) in zip(segments, segments.dropFirst()) {
      guard let rule = rules[Self.key(left, right)], rule.rank < best?.rank ?? .max else { continue }
      best = (rule.rank, Merge(left: left, right: right, result: rule.result))
    }
    return best?.merge
  }

  private static func joined(_ segments: [Int32], _ left: Int32, _ right: Int32, _ result: Int32) -> [Int32] {
    var joined: [Int32] = []
    var index = 0
    while index < segments.count {
      let isPair = index + 1 < segments.count && segments[index] == left && segments[index + 1] == right
      joined.append(isPair ? result : segments[index])
      index += isPair ? 2 : 1
    }
    return joined
  }

  /// Adds what makes one token of the word.
  mutating func makeOne(_ word: [UInt8]) {
    var segments = segments(word)
    while segments.count > 1 {
      let (left, right) = (segments[0], segments[1])
      let spelling = (tokens[Int(left)] ?? []) + (tokens[Int(right)] ?? [])
      let result = ids[spelling] ?? Int32(tokens.count)
      if Int(result) == tokens.count {
        tokens.append(spelling)
        ids[spelling] = result
      }
      rules[Self.key(left, right)] = (merges.count, result)
      merges.append(Merge(left: left, right: right, result: result))
      segments = Self.joined(segments, left, right, result)
    }
  }

  /// A vocabulary with the words in it and no more than `room` tokens: what they need is taken from the merges learned
  /// last. The first `fixed` merges stay.
  static func fitting(
    _ words: [[UInt8]], tokens: [[UInt8]], merges: [Merge], room: Int, fixed: Int
  ) throws(TokenizerError) -> MergeChains {
    var keep = tokens.count
    while true {
      let kept = merges.prefix { Int($0.result) < keep }
      var chains = MergeChains(tokens: tokens[..<keep].map { $0 }, merges: Array(kept))
      for word in words { chains.makeOne(word) }
      let excess = chains.tokens.count - room
      if excess <= 0 { return chains }
      keep -= excess
      if keep < 256 + fixed {
        throw .inconsistent(
          part: "terms",
          reason: "\(words.count) words, each to be one token, need more ids than there are: take a larger vocab_size "
            + "or a shorter list")
      }
    }
  }
}
