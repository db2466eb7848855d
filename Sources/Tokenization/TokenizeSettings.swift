import Settings
import Tokens

/// Section `tokenize`: the vocabulary that is trained when the spool has none.
public struct TokenizeSettings: SettingsSection {
  public static let name = "tokenize"
  public static let summary =
    "The tokenizer trained over the first clean text, unless tokenizer/tokenizer.json was dropped."

  public var vocabularySize = 64_000
  public var reservedIDs = 1_000
  public var trainMegabytes = 200
  public var pattern = SplitPattern.qwen2.rawValue
  public var mix: [ChannelShare] = []
  public var special: [String] = []
  public var characterCoverage = 0.999
  public var spaceRun = 16
  public var terms = ""
  public var banned = ""
  public var memoryMegabytes = 4_096

  public init() {}

  public static let keys: [SettingKey<TokenizeSettings>] = [
    .integer(
      "vocab_size", \.vocabularySize, 384...1_048_576, "all ids: bytes, merges, special and reserved; a multiple of 128"
    ),
    .integer(
      "reserved_ids", \.reservedIDs, 0...100_000, "ids kept free at the end, for tokens that later training wants"),
    .integer("train_mb", \.trainMegabytes, 1...4_000, "MB of clean text, in document order, to train over"),
    .text(
      "pattern", \.pattern, oneOf: SplitPattern.allCases.map(\.rawValue),
      "how text is cut before merging; qwen2 lets every digit stand alone"),
    shares,
    .texts("special", \.special, "special tokens behind the end of a document, which is always there"),
    .number(
      "character_coverage", \.characterCoverage, 0...1,
      "the most frequent characters outside ASCII that make up this share are one token each, for a quarter of the ids "
        + "at most; 0: as learned"),
    .integer(
      "space_run", \.spaceRun, 0...256, "runs of up to so many spaces, and a quarter as many tabs, are one token each"),
    .text("terms", \.terms, "file of texts that are one token each, one a line; empty: none"),
    .text(
      "banned", \.banned, "file of phrases that no token may hold, one a line, =word for a whole token; empty: none"),
    .integer(
      "train_memory_mb", \.memoryMegabytes, 64...1_000_000, "memory for training; past it the rarest words are left out"
    ),
  ]

  private static let shares = SettingKey<TokenizeSettings>(
    "mix", "shares of train_mb that channels may fill, as {zh: 4, en: 4, code: 2}; empty: text as it comes",
    allowed: "channels with weights"
  ) { section in
    "{" + section.mix.map { "\($0.channel): \($0.weight)" }.joined(separator: ", ") + "}"
  } apply: { value, section throws(SettingError) in
    guard let table = value.table else { throw .wrong("mix", "channels with weights", value) }
    section.mix = []
    for (channel, weight) in table {
      guard let number = weight.number, number > 0 else { throw .wrong("mix.\(channel)", "a number above 0", weight) }
      section.mix.append(ChannelShare(channel: channel, weight: number))
    }
  }

  public func validate() throws(SettingError) {
    if let reason = VocabularySize.refusal(vocabularySize) { throw SettingError("tokenize.vocab_size \(reason)") }
    let room = vocabularySize - reservedIDs - 1 - special.count
    if room < 256 {
      throw SettingError(
        "tokenize.reserved_ids leaves \(room) of \(vocabularySize) ids to the model; the 256 bytes alone need 256")
    }
    for text in special where text.isEmpty || special.count(where: { $0 == text }) > 1 {
      throw SettingError("tokenize.special: '\(text)' is empty or stands there twice")
    }
  }

  /// The special tokens, the end of a document first.
  public var specialTokens: [String] { ["<|endoftext|>"] + special.filter { $0 != "<|endoftext|>" } }
}

/// Vocabulary sizes that the big frameworks refuse or read in different ways.
public enum VocabularySize {
  /// Why a size will not do and what would; nil when it will.
  public static func refusal(_ size: Int) -> String? {
    if size % 128 != 0 {
      let below = size / 128 * 128
      return "must be a multiple of 128: \(below) or \(below + 128), not \(size)"
    }
    if (65_500...65_536).contains(size) {
      return "must not be \(size): readers of Megatron data disagree whether such ids take two bytes or four; take "
        + "65408 or 65664"
    }
    return nil
  }
}
