import Bytes
import Documents
import Text

/// The last steps of every decoded text: a wrong decoding undone, what the user asked to be mended, normalization.
public struct TextFinish: Sendable {
  private let undoesMojibake: Bool
  private let mendsTags: Bool
  private let wordsEmoji: Bool
  private let normalizes: Bool

  public init(_ settings: ReadSettings) {
    undoesMojibake = settings.undoMojibake
    mendsTags = settings.mendTags
    wordsEmoji = settings.emojiToText
    normalizes = settings.normalize
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
    if normalizes { text = Normalizer.normalize(text) }
    if Mojibake.isIn(text) { flags.insert(.mojibake) }
    return (text, flags)
  }
}

/// For texts that no reader has seen: what is no UTF-8 is decoded as the encoding that it looks like, or repaired.
extension TextFinish: Stage {
  public func process(_ document: inout Document) {
    if UTF8Text.firstInvalid(document.text) != nil { makeWellFormed(&document) }
    let (text, flags) = finish(document.text)
    document.text = text
    document.flags.formUnion(flags)
  }

  private func makeWellFormed(_ document: inout Document) {
    if let decoded = try? TextDecoder.utf8(document.text) {
      document.text = decoded.text
      document.flags.formUnion(decoded.flags)
      return
    }
    var text: [UInt8] = []
    document.text.withUnsafeBufferPointer { TextDecoder.repair($0, into: &text) }
    document.text = text
    document.flags.insert(.repaired)
  }
}
