import Documents
import TextModels

/// Gives each document a quality score, 0...1, higher is better; code, math and what was carved out are never judged by
/// a measure of prose.
///
/// Signals must have been measured before. The score is also recorded as the signal `qualityScore`, a model's raw
/// margin as `qualityMargin`.
public struct Scorer: Stage {
  private let settings: ScoreSettings
  private let model: NgramModel?
  private let channels: ChannelTable

  /// - Parameter model: bytes of a model made by `classifier train --task quality`; nil: the built-in formula.
  public init(
    _ settings: ScoreSettings = ScoreSettings(), model: [UInt8]? = nil, channels: ChannelTable = ChannelTable()
  ) throws(NgramModelError) {
    self.settings = settings
    self.channels = channels
    if let model { self.model = try Scorer.qualityModel(model) } else { self.model = nil }
  }

  private static func qualityModel(_ bytes: [UInt8]) throws(NgramModelError) -> NgramModel {
    let model = try NgramModel(bytes)
    guard model.task == "quality", model.outputs == 1, model.factCount == 0 else {
      throw NgramModelError(
        "score.model: made for \(model.task); train one with: pretraind classifier train --task quality")
    }
    return model
  }

  /// What judges, for status and logs.
  public var describe: String {
    guard let model else { return "built-in, untrained" }
    return "n-gram model of \(model.documents) documents, \(1 << model.bits) weights"
  }

  public func process(_ document: inout Document) {
    document.score = Scorer.withPrior(score(&document), document)
    document.signals[.qualityScore] = document.score
  }

  /// A score with what the document's folder says of its quality.
  static func withPrior(_ score: Float, _ document: Document) -> Float {
    min(1, max(0, score + document.qualityPrior))
  }

  private func score(_ document: inout Document) -> Float {
    let isProse = document.channel != .code && document.channel != .math
    guard settings.enabled, isProse else { return Float(settings.neutral) }
    guard let model else { return SignalFormula.score(document.signals, isChinese: document.channel == .chinese) }
    let spans = document.proseSpans
    // What holds next to no prose has no quality of prose.
    guard spans.reduce(0, { $0 + $1.count }) >= settings.minimumProseBytes else { return Float(settings.neutral) }
    let margin = document.text.withUnsafeBufferPointer { model.margins($0, spans: spans)[0] }
    document.signals[.qualityMargin] = margin
    return model.percentile(margin, channel: channels.name(document.channel))
  }
}
