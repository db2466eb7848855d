import Tokens

/// What a vocabulary has to hold beside what is learned.
public struct VocabularyPlan: Sendable {
  /// All ids.
  public var vocabularySize: Int
  /// Ids kept free, at least.
  public var reserved: Int
  public var special: [String]
  /// How often a pair must be met to be merged.
  public var minimumFrequency: Int
  /// Of the characters outside ASCII that the text holds, the most frequent ones that make up this share of them are
  /// one token each; 0: none is promised.
  public var characterCoverage: Double
  /// Runs of up to so many spaces, and of a quarter as many tabs, are one token each; 0: as learned.
  public var spaceRun: Int
  public var banned: BannedTokens

  public init(
    vocabularySize: Int, reserved: Int, special: [String] = ["<|endoftext|>"], minimumFrequency: Int = 2,
    characterCoverage: Double = 0, spaceRun: Int = 0, banned: BannedTokens = BannedTokens()
  ) {
    self.vocabularySize = vocabularySize
    self.reserved = reserved
    self.special = special
    self.minimumFrequency = minimumFrequency
    self.characterCoverage = characterCoverage
    self.spaceRun = spaceRun
    self.banned = banned
  }

  /// The runs of white space that will be tokens.
  var runs: [[UInt8]] {
    let run = { (byte: UInt8, most: Int) in (2...max(2, most)).map { [UInt8](repeating: byte, count: $0) } }
    if spaceRun < 2 { return [] }
    return run(0x20, spaceRun) + run(0x09, spaceRun / 4)
  }
}

/// A vocabulary and how it came to be.
public struct TrainedVocabulary: Sendable {
  public let definition: TokenizerDefinition
  /// Bytes of text it was trained over.
  public let textBytes: Int
  public let distinctWords: Int
  /// Rare words left out for want of memory; where there are any, counts below theirs are not exact.
  public let dropped: DroppedWords
  /// What was promised of characters.
  public let characters: CharacterCoverage
  /// Merges learned from the text, characters included.
  public let learned: Int
  /// Times that all pairs were counted again.
  public let recounts: Int
}

/// The characters that are one token each whatever else is learned: the most frequent outside ASCII.
public struct CharacterCoverage: Sendable, Equatable {
  /// Highest count first, UTF-8.
  public let characters: [[UInt8]]
  /// Characters outside ASCII in the text, and how many of them are such tokens.
  public let met: UInt64
  public let covered: UInt64
  /// Tokens they need, with those that they are built of.
  let tokenCount: Int

  /// - Parameter most: tokens that may be spent.
  init(_ words: WordCounts, share: Double, most: Int) {
    var counts: [UInt32: UInt64] = [:]
    if share > 0 {
      words.forEach { word, count in
        for code in CharacterCoverage.codes(word) { counts[code, default: 0] += count }
      }
    }
    let met = counts.values.reduce(0, +)
    var chosen: [[UInt8]] = []
    var beginnings: Set<[UInt8]> = []
    var covered: UInt64 = 0
    for (code, count) in counts.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      if Double(covered) >= share * Double(met) { break }
      let bytes = Array(String(Unicode.Scalar(code) ?? " ").utf8)
      let needed = (2...bytes.count).map { Array(bytes[..<$0]) }.filter { !beginnings.contains($0) }
      if beginnings.count + needed.count > most { break }
      beginnings.formUnion(needed)
      chosen.append(bytes)
      covered += count
    }
    (characters, self.met, self.covered, tokenCount) = (chosen, met, covered, beginnings.count)
  }

  /// The well-formed characters of two bytes and more.
  private static func codes(_ word: UnsafeBufferPointer<UInt8>) -> [UInt32] {
    if word.allSatisfy({ $0 < 0x80 }) { return [] }
    return String(decoding: word, as: UTF8.self).unicodeScalars.compactMap {
      $0.value < 0x80 || $0.value == 0xFFFD ? nil : $0.value
    }
  }
}
