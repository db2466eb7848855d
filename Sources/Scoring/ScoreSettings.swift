import Settings

/// Section `score`: the quality score, one signal among others.
public struct ScoreSettings: SettingsSection {
  public static let name = "score"
  public static let summary =
    "Quality score 0...1 of prose, by a linear n-gram model or, without one, by a formula over signals."

  public var enabled = true
  public var model = ""
  public var neutral = 0.5
  public var minimumProseBytes = 64

  public init() {}

  public static let keys: [SettingKey<ScoreSettings>] = [
    .flag("enabled", \.enabled, "false: every document gets the neutral score"),
    .text(
      "model", \.model,
      "file of a model made by `classifier train --task quality`; empty: the built-in formula, which is not trained"),
    .number("neutral", \.neutral, 0...1, "score of code, math and what is not judged"),
    .integer("min_prose_bytes", \.minimumProseBytes, 0...1_000_000, "documents with less prose get the neutral score"),
  ]
}
