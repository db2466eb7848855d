import Documents
import Settings

/// Section `dedupe`: which documents count as the same.
public struct DedupeSettings: SettingsSection {
  public static let name = "dedupe"
  public static let summary = "Exact and near duplicates: of documents that are alike only the best stays."

  public var enabled = true
  public var url = "best"
  public var threshold = 0.80
  /// News is printed again with small changes; two versions of knowledge are both worth reading.
  public var thresholds = [
    "*/news=0.70", "*/encyclopedia=0.85", "*/book=0.85", "*/paper=0.85", "*/manual=0.85", "*/law=0.85",
  ]
  public var targetTokens = TokenTargets()
  public var minimumShingles = 16
  public var mostCandidates = 1000
  public var boilerplate = ""
  public var leastLeft = 30
  public var cacheMegabytes = 64
  public var indexMegabytes = 512.0

  public init() {}

  public static let keys: [SettingKey<DedupeSettings>] = [
    .flag("enabled", \.enabled, "look for duplicates at all"),
    .text(
      "url", \.url, oneOf: ["best", "newest", "off"],
      "documents of one normalised URL are duplicates: the best stays; `newest`: the date goes before the score; `off`: no matter"
    ),
    .number(
      "threshold", \.threshold, 0.5...1, "documents are duplicates from this Jaccard similarity of their shingles on"),
    .texts(
      "thresholds", \.thresholds,
      "other thresholds as \"channel/genre=value\", `*` for any, the last that fits wins; of two documents the higher holds"
    ),
    SettingKey(
      "target_tokens",
      "tokens to be left instead of a threshold, in all or by channel (\"*\": of all others together): the lowest threshold "
        + "in hundredths that leaves them is chosen, and no block is cut before there are as many",
      allowed: TokenTargets.allowed, shown: { $0.targetTokens.shown }
    ) { value, section throws(SettingError) in section.targetTokens = try TokenTargets(value) },
    .integer(
      "minimum_shingles", \.minimumShingles, 1...1000,
      "documents with fewer shingles are duplicates only when equal but for case, width, spaces and punctuation"),
    .number(
      "index_mb", \.indexMegabytes, 0.001...65_536,
      "memory for the index of young documents, in MB; what does not fit lies on disk, below `state/index`"),
    .integer(
      "candidates", \.mostCandidates, 1...1_000_000,
      "a document is compared with at most so many others, those that have most keys in common with it first"),
    .text(
      "boilerplate", \.boilerplate,
      "file of lines, paragraphs and sentences that are cut out of all documents of a source, made by `plan boilerplate`; empty: none"
    ),
    .integer(
      "least_left", \.leastLeft, 1...100_000,
      "a document of which fewer words (or Han characters) are left when boilerplate was cut is dropped"),
    .integer("cache_mb", \.cacheMegabytes, 1...65_536, "memory for the shingles of documents compared lately, in MB"),
  ]

  public func validate() throws(SettingError) {
    for text in thresholds where ThresholdOverride(text) == nil {
      throw SettingError(
        "dedupe.thresholds: '\(text)' is not \"channel/genre=value\" with a known genre or * and a value in 0.5...1")
    }
  }
}

/// One entry of `dedupe.thresholds`; nil stands for any.
struct ThresholdOverride: Equatable {
  let channel: String?
  let genre: Genre?
  let value: Double

  init?(_ text: String) {
    let sides = text.split(separator: "=", omittingEmptySubsequences: false)
    guard sides.count == 2, let value = Double(String(sides[1])), (0.5...1).contains(value) else { return nil }
    let names = sides[0].split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard names.count == 2, !names[0].isEmpty else { return nil }
    let genre = Genre(name: names[1])
    guard genre != nil || names[1] == "*" else { return nil }
    self.channel = names[0] == "*" ? nil : names[0]
    self.genre = genre
    self.value = value
  }
}
