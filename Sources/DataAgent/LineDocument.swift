import Bytes
import Documents

/// A document as a JSON line of a batch or of a filter tells it: what is needed to cut its text.
enum LineDocument {
  private static let members = ["text", "source", "channel", "segments", "redactions"].map { Array($0.utf8) }

  /// nil when the line has no text.
  /// - Parameter channel: where the line names none.
  static func read(_ line: UnsafeBufferPointer<UInt8>, _ channels: ChannelTable, channel: Channel) -> Document? {
    guard let fields = try? JSONFields(line) else { return nil }
    func value(_ member: Int) -> Range<Int>? { fields.value(members[member], in: line) }
    func string(_ member: Int) -> [UInt8]? {
      value(member).flatMap { range in (try? JSONFields.text(range, in: line)) ?? nil }
    }
    guard let text = string(0) else { return nil }
    let source = string(1).map { String(decoding: $0, as: UTF8.self) } ?? ""
    var document = Document(id: Identifier(high: 0, low: 0), text: text, source: source, origin: "")
    document.channel = string(2).flatMap { channels.channel(String(decoding: $0, as: UTF8.self)) } ?? channel
    for (kind, range) in spans(value(3), line, within: text.count) {
      if let kind = Segment.Kind.allCases.first(where: { $0.name == kind }) {
        document.segments.append(Segment(kind, range))
      }
    }
    for (type, range) in spans(value(4), line, within: text.count) {
      document.redactions.append(RedactedSpan(type: type, offset: range.lowerBound, length: range.count))
    }
    return document
  }

  /// `[["name", offset, length], ...]`; what does not lie in the text is passed over.
  private static func spans(
    _ value: Range<Int>?, _ line: UnsafeBufferPointer<UInt8>, within count: Int
  ) -> [(name: String, range: Range<Int>)] {
    guard let value, let list = try? JSONParser.parse(UnsafeBufferPointer(rebasing: line[value])) else { return [] }
    return (list.array ?? []).compactMap { span in
      guard let parts = span.array, parts.count == 3, let name = parts[0].string, let offset = parts[1].integer,
        let length = parts[2].integer, offset >= 0, length >= 0, offset <= count - length
      else { return nil }
      return (name, offset..<(offset + length))
    }
  }
}
