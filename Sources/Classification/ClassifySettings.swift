import Settings

/// Section `classify`: channel and genre of documents that do not say theirs.
public struct ClassifySettings: SettingsSection {
  public static let name = "classify"
  public static let summary = "Channel (zh, en, code, math) and genre of documents whose source does not give them."

  public var hanShare = 0.04
  public var codeLineShare = 0.5
  public var mathShare = 0.03
  public var sampleKilobytes = 96
  public var ngramKilobytes = 6
  public var channelModel = ""
  public var genreModel = ""
  public var genreProbability = 0.6
  public var carve = true

  public init() {}

  public static let keys: [SettingKey<ClassifySettings>] = [
    .number("han_share", \.hanShare, 0...1, "Han characters among visible ones from which a text is Chinese"),
    .number("code_line_share", \.codeLineShare, 0...1, "lines that look like code from which a document is code"),
    .number(
      "math_share", \.mathShare, 0...1, "TeX commands and dollar signs a visible character from which it is math"),
    .integer(
      "sample_kb", \.sampleKilobytes, 1...16_384,
      "longer documents are judged by their head, middle and tail, this much together"),
    .integer("ngram_kb", \.ngramKilobytes, 1...16_384, "the same for the n-grams of the models"),
    .text(
      "channel_model", \.channelModel,
      "file of a model made by `classifier train --task channel`; empty: the built-in one; rules: plain rules"),
    .text("genre_model", \.genreModel, "the same for genre"),
    .number(
      "genre_probability", \.genreProbability, 0...1,
      "below this probability the plain rules say the genre: law, poetry, manual, book or unknown"),
    .flag("carve", \.carve, "false: code, tables and math in prose stay in what rules and scorers see"),
  ]
}
