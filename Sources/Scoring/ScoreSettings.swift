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
  public var command = ""
  public var commandSeconds = 120
  public var commandMegabytes = 0
  public var commandKilobytes = 16

  public init() {}

  public static let keys: [SettingKey<ScoreSettings>] = [
    .flag("enabled", \.enabled, "false: every document gets the neutral score"),
    .text(
      "model", \.model,
      "file of a model made by `classifier train --task quality`; empty: the built-in formula, which is not trained"),
    .number("neutral", \.neutral, 0...1, "score of code, math and what is not judged"),
    .integer("min_prose_bytes", \.minimumProseBytes, 0...1_000_000, "documents with less prose get the neutral score"),
    .text(
      "command", \.command,
      "a program that scores prose in place of the model: reads lines {id, channel, text}, prints {score} for each; empty: none"
    ),
    .integer(
      "command_s", \.commandSeconds, 1...86_400,
      "an answer that takes longer is the command's death, its start included; it is started again and the documents wait"
    ),
    .integer(
      "command_mb", \.commandMegabytes, 0...16_777_216, "address space of the command at most, in MiB; 0: no limit"),
    .integer(
      "command_kb", \.commandKilobytes, 1...1024,
      "the command is shown this much of a document, in KiB: 16 are about 4,096 tokens"),
  ]
}
