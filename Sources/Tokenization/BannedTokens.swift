import Tokens

/// Phrases that no token may hold, and whole tokens that may not be, from a list.
///
/// A pair that would make such a token is passed over when its turn comes. So the tokens that are built on each other
/// stay whole, which they do not when tokens are deleted afterwards.
public struct BannedTokens: Sendable {
  private var phrases = ByteStringTable()
  private var wholes = ByteStringTable()
  /// The lengths that phrases have.
  private var lengths: Set<Int> = []

  public init() {}

  /// One phrase a line, compared with ASCII letters of either case; `=word` bans only the token that is the word, with
  /// a space before it or not. Empty lines and lines that begin with `#` mean nothing.
  public init(list: [UInt8]) {
    for line in TermList.lines(list) {
      let folded = line.map(Self.folded)
      if folded.first == 0x3D, folded.count > 1 {
        wholes.insert(folded.dropFirst())
      } else {
        phrases.insert(folded)
        lengths.insert(folded.count)
      }
    }
  }

  public var isEmpty: Bool { phrases.count == 0 && wholes.count == 0 }

  /// Whether the token may not be.
  public func holds(_ token: [UInt8]) -> Bool { phrase(in: token) != nil }

  /// What of the list the token holds, nil when nothing.
  public func phrase(in token: [UInt8]) -> [UInt8]? {
    if isEmpty { return nil }
    let folded = token.map(Self.folded)
    let word = folded.first == 0x20 ? folded.dropFirst() : folded[...]
    if wholes.find(word) != nil { return Array(word) }
    for length in lengths where length <= folded.count {
      for start in 0...folded.count - length where phrases.find(folded[start..<start + length]) != nil {
        return Array(folded[start..<start + length])
      }
    }
    return nil
  }

  private static func folded(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }
}

/// Lists that people write: one entry a line.
public enum TermList {
  /// The lines without white space around them; without empty ones and those that begin with `#`.
  public static func lines(_ list: [UInt8]) -> [[UInt8]] {
    let text = list.starts(with: [0xEF, 0xBB, 0xBF]) ? list[3...] : list[...]
    return text.split(separator: 0x0A).compactMap { line in
      let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x0D }
      let trimmed = line.drop(while: isBlank)
      guard let last = trimmed.lastIndex(where: { !isBlank($0) }), trimmed.first != 0x23 else { return nil }
      return Array(trimmed[...last])
    }
  }
}
