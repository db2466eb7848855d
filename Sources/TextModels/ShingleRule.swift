/// How many units a shingle has, by script.
public struct ShingleRule: Equatable, Sendable {
  /// Units of a shingle that holds words (or tokens of code) only.
  public let wordLength: Int
  /// Units of a shingle that holds an ideograph; a word among ideographs counts as one unit.
  public let ideographLength: Int
  /// Operators and punctuation are units: code and formulas.
  public let keepsOperators: Bool

  /// - Parameter wordLength: 1...16; so is `ideographLength`.
  public init(wordLength: Int, ideographLength: Int, keepsOperators: Bool) {
    precondition((1...16).contains(wordLength) && (1...16).contains(ideographLength), "shingles have 1...16 units")
    self.wordLength = wordLength
    self.ideographLength = ideographLength
    self.keepsOperators = keepsOperators
  }

  public static let prose = ShingleRule(wordLength: 5, ideographLength: 5, keepsOperators: false)
  public static let code = ShingleRule(wordLength: 7, ideographLength: 5, keepsOperators: true)
}
