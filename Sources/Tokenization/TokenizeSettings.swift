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
  ]

  public func validate() throws(SettingError) {
    if vocabularySize % 128 != 0 {
      let below = vocabularySize / 128 * 128
      throw SettingError(
        "tokenize.vocab_size must be a multiple of 128: \(below) or \(below + 128), not \(vocabularySize)")
    }
    if (65_500...65_536).contains(vocabularySize) {
      throw SettingError(
        "tokenize.vocab_size must not be \(vocabularySize): readers of Megatron data disagree whether such ids take two "
          + "bytes or four; take 65408 or 65664")
    }
    let room = vocabularySize - reservedIDs - 1
    if room < 256 {
      throw SettingError(
        "tokenize.reserved_ids leaves \(room) of \(vocabularySize) ids to the model; the 256 bytes alone need 256")
    }
  }
}
