/// All raw measurements of a document, recorded so that thresholds can move without reading the text again.
/// The order is part of the corpus format: append, never reorder.
public enum Signal: Int, CaseIterable, Sendable {
  /// Unicode scalars, and shares of the scalars that are not white space. Units are words, numbers, marks and
  /// ideographs; words are units that are not marks alone. hash, ellipsis and newline are per unit; bullets, ellipses
  /// and duplicate lines as datatrove counts them, over all lines.
  case characters, hanShare, latinShare, digitShare, punctuationShare, symbolShare
  case words, meanWordLength, alphabeticWordShare, distinctStopWords, hashPerWord, ellipsisPerWord
  case lines, bulletLineShare, ellipsisLineShare, endPunctuationLineShare, shortLineShare, newlinePerWord
  case duplicateLineShare, duplicateLineCharacterShare, duplicateParagraphShare
  case topBigramShare, topTrigramShare, topFourgramShare
  case duplicateFivegramShare, duplicateTengramShare
  case distinctCharacterShare, characterEntropy, meanLineLength, longestLine
  case stopCharacterShare, bracketShare, urlShare, qualityScore
  /// Letters neither Han nor Latin, kana alone, letters and digits together, upper case among Latin letters,
  /// lines that are mostly digits, scalars that stand for broken text, promotion phrases, English function words.
  case otherScriptShare, kanaShare, alphanumericShare, upperCaseShare, numericLineShare, longestWord
  case replacementShare, keywordShare, stopWordShare
  /// Bytes that were carved out as code, tables and math; the quality model's margin before it became a percentile.
  case carvedShare, qualityMargin
  /// As datatrove counts: units of text and the share of those with a letter, Gopher's stop words in small letters,
  /// characters in repeated paragraphs, and in 6- to 9-grams that were there before.
  case units, letterUnitShare, gopherStopWords, duplicateParagraphCharacterShare
  case duplicateSixgramShare, duplicateSevengramShare, duplicateEightgramShare, duplicateNinegramShare
  /// FineWeb's view of lines: with a full stop as last character, up to 30 characters, characters of repeated ones.
  case fullStopLineShare, briefLineShare, duplicateLineTextShare
  /// Sentences in the lines that C4 keeps; 1 when such a line says lorem ipsum, or holds a curly bracket.
  case c4Sentences, c4LoremIpsum, c4CurlyBracket
  /// Web addresses; the share of the most common unit among all; bytes of the phrases of each list.
  case links, topUnitShare, datedShare, adultShare, gamblingShare, politicalShare
  /// 0...1, how much prose reads like an advertisement or spam; 0 for code, math and what is too short to say.
  case advertisement
  /// Of source code: lines that are comments among those that are not blank.
  case commentLineShare

  public static let count = allCases.count

  /// Made once: asking a value for its name is slow.
  private static let names = allCases.map { "\($0)" }
  private static let byName = Dictionary(uniqueKeysWithValues: zip(names, allCases))

  public var name: String { Signal.names[rawValue] }

  public init?(name: String) {
    guard let found = Signal.byName[name] else { return nil }
    self = found
  }
}

public struct Signals: Equatable, Sendable {
  public private(set) var values: [Float]

  public init() { values = [Float](repeating: 0, count: Signal.count) }

  public subscript(_ signal: Signal) -> Float {
    get { values[signal.rawValue] }
    set { values[signal.rawValue] = newValue }
  }
}
