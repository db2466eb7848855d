import Settings

/// Section `clean`: which rules drop documents, and what is watched about them.
public struct CleanSettings: SettingsSection {
  public static let name = "clean"
  public static let summary = "Named rules over measured signals that drop documents, per channel and genre."

  public var enabled = true
  public var sets = ["default"]
  public var rules = ""
  public var keywords = ""
  public var keywordFolder = ""
  public var advertisementModel = ""
  public var off: [String] = []
  public var silentAfter = 1_000_000
  public var mostShare = 0.3
  public var bias = "warn"
  public var biasShare = 0.2
  public var biasRatio = 3.0
  public var biasDocuments = 500

  public init() {}

  public static let keys: [SettingKey<CleanSettings>] = [
    .flag("enabled", \.enabled, "false: signals are measured, nothing is dropped"),
    .texts("sets", \.sets, "built-in sets of rules: default gopher c4 fineweb chinese code math plain"),
    .text("rules", \.rules, "JSON5 file of rules instead of the sets; etc/rules has them to copy"),
    .text("keywords", \.keywords, "file of promotion phrases, one a line; empty: the built-in ones"),
    .text(
      "keyword_folder", \.keywordFolder,
      "folder of lists of phrases: promotion.txt dated.txt adult.txt gambling.txt political.txt; what is not there is built in"
    ),
    .text(
      "advertisement_model", \.advertisementModel,
      "file of a model made by `classifier train --task quality` from folders good and bad; empty: the built-in one; none: not judged"
    ),
    .texts("off", \.off, "names of rules that are switched off"),
    .integer(
      "silent_after", \.silentAfter, 1_000...1_000_000_000,
      "an alert when a rule hit none of so many documents that it was asked about"),
    .number("most_share", \.mostShare, 0...1, "an alert when a rule removes more than this of what it is asked about"),
    .text(
      "bias", \.bias, oneOf: ["off", "warn", "hold"],
      "a rule that removes one channel or script out of proportion: nothing, an alert, or the batch waits"),
    .number("bias_share", \.biasShare, 0...1, "share of a channel and script that one rule may remove without a word"),
    .number(
      "bias_ratio", \.biasRatio, 1...1000, "and how many times its share of all other documents that must be to matter"),
    .integer(
      "bias_documents", \.biasDocuments, 20...10_000_000, "documents of a channel and script before it is judged"),
  ]
}
