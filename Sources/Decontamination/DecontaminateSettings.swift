import CKernels
import Settings

/// Section `decontaminate`: what of a suite counts as found in a document.
public struct DecontaminateSettings: SettingsSection, Equatable {
  public static let name = "decontaminate"
  public static let summary = "Documents that hold an evaluation: every suite under eval/suites/ is looked for."

  public var enabled = true
  public var words = 13
  public var ideographs = 26
  public var minimumWords = 8
  public var minimumIdeographs = 12
  public var pplShare = 0.1
  public var commonShare = 0.001
  public var commonDocuments = 10

  public init() {}

  /// The longest n-gram, in units: so many are kept in front of those looked at.
  static let longest = 64

  public static let keys: [SettingKey<DecontaminateSettings>] = [
    .flag("enabled", \.enabled, "look for suites at all; without it documents that were found are given back"),
    .integer("words", \.words, 8...longest, "words in a row that are a hit, in scripts with spaces"),
    .integer(
      "ideographs", \.ideographs, 12...longest, "the same for Han and kana; a word among them counts as one"),
    .integer("min_words", \.minimumWords, 4...longest, "shorter items are looked for whole, from so many words on"),
    .integer("min_ideographs", \.minimumIdeographs, 8...longest, "the same for items with Han or kana"),
    .number("ppl_share", \.pplShare, 0...1, "share of a ppl text's n-grams from which a document holds it"),
    .number(
      "common_share", \.commonShare, 0...1,
      "n-grams in more than this share of the documents are common: not looked for"
    ),
    .integer(
      "common_documents", \.commonDocuments, 1...1_000_000_000,
      "and in more documents than this, equal ones counted once"),
  ]

  public func validate() throws(SettingError) {
    if minimumWords > words { throw SettingError("decontaminate.min_words is above decontaminate.words") }
    if minimumIdeographs > ideographs {
      throw SettingError("decontaminate.min_ideographs is above decontaminate.ideographs")
    }
    if minimumWords > minimumIdeographs {
      throw SettingError("decontaminate.min_words is above decontaminate.min_ideographs: it must not be")
    }
  }

  /// Anchors in a row that every n-gram spans.
  var window: Int { min(words - minimumWords, ideographs - minimumIdeographs, CK_MATCH_WINDOW - 1) + 1 }

  /// Without filters.
  var search: ck_match_search {
    ck_match_search(
      words: UInt32(minimumWords), ideographs: UInt32(minimumIdeographs), window: UInt32(window),
      least: ck_match_filter(bits: nil, shift: 63), every: ck_match_filter(bits: nil, shift: 63))
  }

  /// What hits depend on, in short: another one is another search.
  public var fingerprint: String {
    "\(words)/\(ideographs)/\(minimumWords)/\(minimumIdeographs)/\(pplShare)/\(commonShare)/\(commonDocuments)"
  }
}
