import Documents
import Text

/// The last steps of every decoded text: a wrong decoding undone, what the user asked to be mended, normalization.
struct TextFinish: Sendable {
  private let undoesMojibake: Bool
  private let mendsTags: Bool
  private let wordsEmoji: Bool

  init(_ settings: ReadSettings) {
    undoesMojibake = settings.undoMojibake
    mendsTags = settings.mendTags
    wordsEmoji = settings.emojiToText
  }

  /// - Parameter text: well-formed UTF-8.
  func finish(_ text: [UInt8]) -> (text: [UInt8], flags: DocumentFlags) {
    var text = text
    var flags: DocumentFlags = []
    // Before anything else: control characters are part of what a wrong decoding leaves.
    if undoesMojibake, let undone = MojibakeRepair.undone(text) {
      text = undone
      flags.insert(.undone)
    }
    if mendsTags { text = TagMending.mended(text) }
    if wordsEmoji { text = EmojiText.worded(text) }
    text = Normalizer.normalize(text)
    if Mojibake.isIn(text) { flags.insert(.mojibake) }
    return (text, flags)
  }
}
