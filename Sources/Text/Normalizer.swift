import Bytes
import Glibc

/// Cleans a text of what nobody can read and nothing means: control characters, terminal colours, zero-width and
/// direction marks where no script needs them, trailing white space, long runs of blank lines, foreign line ends.
/// Full-width forms, indentation, no-break spaces and private-use characters stay as they are. The result is in NFC.
public enum Normalizer {
  /// Blank lines in a row that are kept.
  static let blankLines = 2

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

/// Backspaces as terminals show them: `x BS x` is one letter. Printed manual pages hold them.
enum Overstrike {
  static func isIn(_ text: [UInt8]) -> Bool {
    text.withUnsafeBufferPointer { $0.baseAddress.map { memchr($0, 0x08, text.count) != nil } ?? false }
  }

  static func resolved(_ text: [UInt8]) -> [UInt8] {
    var kept: [UInt8] = []
    kept.reserveCapacity(text.count)
    for byte in text {
      if byte != 0x08 {
        kept.append(byte)
        continue
      }
      guard let last = kept.last, last != 0x0A else { continue }
      while let tail = kept.popLast(), tail & 0xC0 == 0x80 {}
    }
    return kept
  }
}
