import Documents

/// The untrained default: a plain product of doubts over signals. 1 means that nothing speaks against the text.
enum SignalFormula {
  static func score(_ signals: Signals, isChinese: Bool) -> Float {
    var score = length(signals[.characters], isChinese: isChinese)
    // Each line: value up to which there is no doubt, value from which there is full doubt, what full doubt leaves.
    score *= doubt(signals[.duplicateLineCharacterShare], 0.05, 0.5, leaves: 0.3)
    score *= doubt(signals[.duplicateTengramShare], 0.1, 0.6, leaves: 0.3)
    score *= doubt(signals[.topFourgramShare], 0.06, 0.2, leaves: 0.5)
    score *= doubt(signals[.symbolShare], 0.05, 0.25, leaves: 0.4)
    score *= doubt(signals[.digitShare], 0.1, 0.4, leaves: 0.5)
    score *= doubt(signals[.urlShare], 0.1, 0.5, leaves: 0.5)
    score *= doubt(signals[.keywordShare], 0.01, 0.1, leaves: 0.3)
    score *= doubt(signals[.replacementShare], 0, 0.02, leaves: 0.2)
    score *= doubt(0.5 - signals[.endPunctuationLineShare], 0, 0.45, leaves: 0.6)
    let running = isChinese ? signals[.stopCharacterShare] : signals[.stopWordShare]
    score *= doubt(0.12 - running, 0, 0.12, leaves: 0.5)
    return score
  }

  /// Very short texts say little: from 0.4 up to 1 at 600 characters (200 Chinese ones).
  private static func length(_ characters: Float, isChinese: Bool) -> Float {
    0.4 + 0.6 * min(1, characters / (isChinese ? 200 : 600))
  }

  private static func doubt(_ value: Float, _ none: Float, _ full: Float, leaves: Float) -> Float {
    let part = min(1, max(0, (value - none) / (full - none)))
    return 1 - part * (1 - leaves)
  }
}
