import Tokens

/// Texts that are to be one token each, and which way each becomes one.
///
/// A term that is a word by itself (letters of a script with spaces) gets merges behind all the learned ones: no other
/// word loses a token by it. Any other term (Chinese, several words, signs) is looked for in the text before it is cut,
/// in training as in encoding, so that nothing is learned that such a term would later cut in two.
struct TrainingTerms: Sendable {
  /// Words, with a space before them and without.
  let words: [[UInt8]]
  /// What is looked for in the text.
  let added: [[UInt8]]
  private let matcher: AddedTokenMatcher

  init(_ terms: [[UInt8]], pattern: SplitPattern) {
    var seen = Set<[UInt8]>()
    var words: [[UInt8]] = []
    var added: [[UInt8]] = []
    for term in terms where !term.isEmpty && seen.insert(term).inserted {
      if TrainingTerms.isWord(term, pattern) {
        words.append(term)
        if TrainingTerms.isOneWord([0x20] + term, pattern) { words.append([0x20] + term) }
      } else {
        added.append(term)
      }
    }
    self.words = words
    self.added = added
    matcher = AddedTokenMatcher(
      added.enumerated().map { AddedToken(id: Int32($0.offset), content: $0.element, special: false) })
  }

  /// Letters of scripts below Thai (U+0E00), which put spaces between words.
  private static func isWord(_ term: [UInt8], _ pattern: SplitPattern) -> Bool {
    term.allSatisfy { $0 < 0xE0 } && term.contains { $0 >= 0x80 || $0 | 0x20 &- 0x61 < 26 }
      && isOneWord(term, pattern)
  }

  static func isOneWord(_ term: [UInt8], _ pattern: SplitPattern) -> Bool {
    term.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return false }
      return WordScanner(base: base, count: bytes.count, pattern: pattern).wordEnd(from: 0) == bytes.count
    }
  }

  /// The text between the terms that are looked for.
  func forEachPiece(_ base: UnsafePointer<UInt8>, count: Int, _ body: (Int, Int) -> Void) {
    var position = 0
    while !added.isEmpty, let match = matcher.firstMatch(base, from: position, to: count) {
      if match.start > position { body(position, match.start) }
      position = match.end
    }
    if position < count { body(position, count) }
  }
}
