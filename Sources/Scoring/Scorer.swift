import Documents
import TextModels

/// Gives each document a quality score, 0...1, higher is better; code and math are never judged by a measure of prose.
///
/// Signals must have been measured before. The score is also recorded as the signal `qualityScore`.
public struct Scorer: Stage {
  private let settings: ScoreSettings
  private let model: LinearModel?

  /// - Parameter model: bytes of a `LinearModel` file; nil: the built-in formula.
  public init(_ settings: ScoreSettings = ScoreSettings(), model: [UInt8]? = nil) throws(LinearModelError) {
    self.settings = settings
    if let model { self.model = try LinearModel(model) } else { self.model = nil }
  }

  /// What judges, for status and logs.
  public var describe: String {
    guard let model else { return "built-in, untrained" }
    return "linear model, \(1 << model.bits) weights, n-grams up to \(model.orders)"
  }

  public func process(_ document: inout Document) {
    document.score = score(document)
    document.signals[.qualityScore] = document.score
  }

  private func score(_ document: Document) -> Float {
    let isProse = document.channel != .code && document.channel != .math
    guard settings.enabled, isProse else { return Float(settings.neutral) }
    if let model { return model.score(document.text) }
    return SignalFormula.score(document.signals, isChinese: document.channel == .chinese)
  }
}
