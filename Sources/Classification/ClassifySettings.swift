import Settings

/// Section `classify`: channel and genre of documents that do not say theirs.
public struct ClassifySettings: SettingsSection {
  public static let name = "classify"
  public static let summary = "Channel (zh, en, code, math) and genre of documents whose source does not give them."

  public var hanShare = 0.04
  public var codeLineShare = 0.5
  public var mathShare = 0.03
  public var sampleKilobytes = 96

  public init() {}

  public static let keys: [SettingKey<ClassifySettings>] = [
    .number("han_share", \.hanShare, 0...1, "Han characters among visible ones from which a text is Chinese"),
    .number("code_line_share", \.codeLineShare, 0...1, "lines that look like code from which a document is code"),
    .number(
      "math_share", \.mathShare, 0...1, "TeX commands and dollar signs a visible character from which it is math"),
    .integer(
      "sample_kb", \.sampleKilobytes, 1...16_384,
      "longer documents are judged by their head, middle and tail, this much together"),
  ]
}
