import Bytes
import Documents
import TextModels

/// Goes through the pieces of a document that may be looked for elsewhere.
public enum RepeatedPieces {
  /// One or two words or characters in a line are anybody's: `Yes.`, `II`, `Description`.
  static let leastUnits = 3

  /// Calls `body` with each piece: its key, how many units it has, and where it is. Code, formulas, tables, headings
  /// and what was carved out are no pieces: what is common there is grammar.
  public static func forEach(_ document: Document, _ grain: Grain, _ body: (MatchKey, Range<Int>) -> Void) {
    if document.channel == .code || document.channel == .math { return }
    let carved = SortedRanges(document.segments.map(\.range))
    document.text.withUnsafeBufferPointer { bytes in
      for group in TextPieces(bytes).groups(grain) {
        for first in group.indices.dropLast(grain.together - 1) {
          let range = group[first].lowerBound..<group[first + grain.together - 1].upperBound
          if isStructure(bytes, range) || carved.overlaps(range) { continue }
          guard let key = MatchKey(UnsafeBufferPointer(rebasing: bytes[range])), key.units >= leastUnits else {
            continue
          }
          body(key, range)
        }
      }
    }
  }

  /// A heading, a row of a table, the fence of a block.
  private static func isStructure(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
    let first = text[range.lowerBound]
    return first == UInt8(ascii: "#") || first == UInt8(ascii: "|") || first == UInt8(ascii: "`")
      || first == UInt8(ascii: "~")
  }

  /// What became of a document when pieces were cut.
  public struct Outcome: Sendable {
    public private(set) var document: Document
    public let pieces: Int
    /// So few units are left that it is none any more.
    public let isStump: Bool
    public let unitsLeft: Int

    /// With the pieces counted among what rules took out of the text.
    /// - Parameters:
    ///   - first: where the first of them was in `text`.
    ///   - documents: that have the first.
    public func noted(_ first: Range<Int>, _ documents: Int, threshold: Int, in text: [UInt8]) -> Outcome {
      var noted = self
      noted.document.noteDropped(
        DroppedLines(
          first: RuleHit(
            rule: BoilerplateCutter.rule, value: Float(documents), threshold: Float(threshold), signal: "documents"),
          offset: first.lowerBound, count: pieces, excerpt: excerpt(text, first)))
      return noted
    }
  }

  /// Cuts pieces out of a document, sentences kept whole.
  /// - Parameters:
  ///   - least: units of a document that is worth keeping.
  ///   - isCut: of a piece, whether it goes.
  /// - Returns: nil when nothing went.
  public static func cut(
    _ document: Document, _ grain: Grain, least: Int, _ isCut: (MatchKey, Range<Int>) -> Bool
  ) -> Outcome? {
    var pieces: [Range<Int>] = []
    forEach(document, grain) { key, range in if isCut(key, range) { pieces.append(range) } }
    if pieces.isEmpty { return nil }
    let left = TextCut(document, pieces: pieces, grain: grain).applied()
    if left.text.count == document.text.count { return nil }
    let units = left.text.withUnsafeBufferPointer { MatchKey($0)?.units ?? 0 }
    return Outcome(document: left, pieces: pieces.count, isStump: units < least, unitsLeft: units)
  }

  /// The beginning of a piece, for people.
  public static func excerpt(_ text: [UInt8], _ range: Range<Int>) -> [UInt8] {
    var end = min(range.upperBound, range.lowerBound + 200)
    while end < range.upperBound, end > range.lowerBound, text[end] & 0xC0 == 0x80 { end -= 1 }
    return Array(text[range.lowerBound..<end])
  }
}

extension Document {
  fileprivate mutating func noteDropped(_ lines: DroppedLines) {
    if let index = droppedLines.firstIndex(where: { $0.first.rule == lines.first.rule }) {
      droppedLines[index].count += lines.count
    } else {
      droppedLines.append(lines)
    }
  }
}
