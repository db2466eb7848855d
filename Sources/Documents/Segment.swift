import Bytes

/// A part of a document that is no prose: it keeps its place in the text and is left out where prose is judged.
public struct Segment: Equatable, Sendable {
  public enum Kind: UInt8, CaseIterable, Sendable {
    case code, table, math

    public var name: String { "\(self)" }
  }

  public let kind: Kind
  /// Byte offset and length in the text.
  public let offset: Int
  public let length: Int

  public init(_ kind: Kind, _ range: Range<Int>) {
    self.kind = kind
    offset = range.lowerBound
    length = range.count
  }

  public var range: Range<Int> { offset..<(offset + length) }
}

extension Document {
  /// The byte ranges between the carved segments, in order; none is empty.
  public var proseSpans: [Range<Int>] {
    if segments.isEmpty { return text.isEmpty ? [] : [0..<text.count] }
    var spans: [Range<Int>] = []
    var place = 0
    for segment in segments {
      if segment.offset > place { spans.append(place..<segment.offset) }
      place = segment.range.upperBound
    }
    if place < text.count { spans.append(place..<text.count) }
    return spans
  }

  /// The text without the carved segments: what rules for prose and scorers see.
  public var prose: [UInt8] {
    if segments.isEmpty { return text }
    var prose: [UInt8] = []
    prose.reserveCapacity(text.count)
    for span in proseSpans { prose += text[span] }
    return prose
  }

  /// Bytes in carved segments.
  public var carvedBytes: Int { segments.reduce(0) { $0 + $1.length } }
}

extension [Segment] {
  /// `[["code", offset, length], ...]`, as in the lines of batches and filters.
  public var json: JSONValue {
    .array(map { .array([.string($0.kind.name), .integer($0.offset), .integer($0.length)]) })
  }
}
