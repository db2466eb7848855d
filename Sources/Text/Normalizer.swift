import Bytes

/// Cleans a text of what nobody can read and nothing means: control characters, terminal colours, zero-width and
/// direction marks where no script needs them, trailing white space, long runs of blank lines, foreign line ends.
/// Full-width forms, indentation, no-break spaces and private-use characters stay as they are. The result is in NFC.
public enum Normalizer {
  /// The text itself when it is clean already, without a copy.
  /// - Parameter text: well-formed UTF-8.
  public static func normalize(_ text: [UInt8]) -> [UInt8] {
    // Composition comes last: what was removed may have stood between a letter and its mark.
    CanonicalForm.composed(text.withUnsafeBufferPointer { CleanText.holds($0) } ? text : rewritten(text))
  }

  private static func rewritten(_ text: [UInt8]) -> [UInt8] {
    let source = Overstrike.isIn(text) ? Overstrike.resolved(text) : text
    var writer = CleanWriter(capacity: source.count)
    source.withUnsafeBufferPointer { writer.write($0) }
    return writer.finish()
  }
}
