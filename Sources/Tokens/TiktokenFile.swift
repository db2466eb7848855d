/// A tiktoken rank file: a line for each token, its bytes in base64 and its id, which is its rank.
///
/// The file says neither how text is cut nor which special tokens there are: both are given.
public struct TiktokenFile {
  private var tokens: [[UInt8]?] = []
  private var known = ByteStringTable(capacity: 1 << 17)
  private var ids: [Int32] = []

  /// Throws `malformed` with the line for what is no such file.
  public init(_ bytes: [UInt8]) throws(TokenizerError) {
    for (index, line) in bytes.split(separator: 0x0A).enumerated() {
      let fields = line.split { $0 == 0x20 || $0 == 0x0D }
      guard fields.count == 2, let token = Base64.decoded(fields[0]), !token.isEmpty,
        let id = Int(String(decoding: fields[1], as: UTF8.self)), id >= 0, id < MergeTable.idLimit - 1
      else { throw .malformed("line \(index + 1): not a token in base64 and its rank") }
      try enter(token, id)
    }
    if tokens.isEmpty { throw .malformed("no token") }
  }

  private mutating func enter(_ token: [UInt8], _ id: Int) throws(TokenizerError) {
    if id >= tokens.count { tokens.append(contentsOf: repeatElement(nil, count: id + 1 - tokens.count)) }
    guard tokens[id] == nil, known.insert(token) == ids.count else {
      throw .inconsistent(part: "rank \(id)", reason: "it or its token stands there twice")
    }
    tokens[id] = token
    ids.append(Int32(id))
  }

  /// The tokenizer as Hugging Face's converter makes it: every way to split a token in two is a merge, and whole words
  /// go first. `special` tokens enter the vocabulary, so that they keep their ids.
  public func definition(
    pattern: SplitPattern, special: [(text: String, id: Int)]
  ) throws(TokenizerError) -> TokenizerDefinition {
    var all = tokens
    var added: [AddedToken] = []
    for (text, id) in special {
      guard id >= 0, id < MergeTable.idLimit - 1 else {
        throw .inconsistent(
          part: "special token \(text)", reason: "its id \(id) is not in 0...\(MergeTable.idLimit - 2)")
      }
      if id >= all.count { all.append(contentsOf: repeatElement(nil, count: id + 1 - all.count)) }
      guard all[id] == nil else {
        throw .inconsistent(part: "special token \(text)", reason: "the id \(id) is another token's")
      }
      all[id] = Array(text.utf8)
      added.append(AddedToken(id: Int32(id), content: Array(text.utf8)))
    }
    var merges: [Merge] = []
    for (id, token) in tokens.enumerated() { if let token { merges += splits(token, Int32(id)) } }
    let definition = TokenizerDefinition(
      pattern: pattern, tokens: all, merges: merges, addedTokens: added, ignoreMerges: true)
    try definition.check()
    return definition
  }

  /// The ways to make a token of two, those of lower ids first.
  private func splits(_ token: [UInt8], _ id: Int32) -> [Merge] {
    var found: [Merge] = []
    token.withUnsafeBufferPointer { token in
      for place in 1..<max(1, token.count) {
        guard let left = known.find(UnsafeBufferPointer(rebasing: token[..<place])),
          let right = known.find(UnsafeBufferPointer(rebasing: token[place...]))
        else { continue }
        found.append(Merge(left: ids[left], right: ids[right], result: id))
      }
    }
    return found.sorted { ($0.left, $0.right) < ($1.left, $1.right) }
  }
}

/// Base64 of RFC 4648, with or without padding.
enum Base64 {
  /// nil where a character is none of the alphabet.
  static func decoded(_ text: some Sequence<UInt8>) -> [UInt8]? {
    var bytes: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    for character in text where character != UInt8(ascii: "=") {
      guard let value = value(character) else { return nil }
      bits = bits << 6 | value
      count += 6
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
    }
    return bytes
  }

  private static func value(_ character: UInt8) -> UInt32? {
    switch character {
    case 0x41...0x5A: UInt32(character - 0x41)
    case 0x61...0x7A: UInt32(character - 0x61 + 26)
    case 0x30...0x39: UInt32(character - 0x30 + 52)
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
