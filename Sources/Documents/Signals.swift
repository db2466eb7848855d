/// All raw measurements of a document, recorded so that thresholds can move without reading the text again.
/// The order is part of the corpus format: append, never reorder.
public enum Signal: Int, CaseIterable, Sendable {
  /// Unicode scalars, and shares of the scalars that are not white space.
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

  public var name: String { "\(self)" }

  public init?(name: String) {
    guard let found = Signal.allCases.first(where: { $0.name == name }) else { return nil }
    self = found
  }
}

public struct Signals: Equatable, Sendable {
  public private(set) var values: [Float]

  public init() { values = [Float](repeating: 0, count: Signal.allCases.count) }

  public subscript(_ signal: Signal) -> Float {
    get { values[signal.rawValue] }
    set { values[signal.rawValue] = newValue }
  }
}
