import Bytes
import Documents

/// The JSON line of a document in its batch: what a person or another program reads.
enum DocumentLine {
  /// - Parameter withText: false leaves the text out and says `pruned`.
  static func encode(
    _ document: Document, textID: Identifier, channels: ChannelTable, withText: Bool = true
  ) -> [UInt8] {
    var writer = JSONWriter()
    writer.beginObject()
    writer.key("id")
    writer.value(.string(document.id.description))
    writer.key("text_id")
    writer.value(.string(textID.description))
    writer.key("source")
    writer.value(.string(document.source))
    writer.key("origin")
    writer.value(.string(document.origin))
    writer.key("channel")
    writer.value(.string(channels.name(document.channel)))
    writer.key("genre")
    writer.value(.string(document.genre.name))
    writer.key("score")
    writer.value(.number(Double((document.score * 10_000).rounded()) / 10_000))
    if !document.scoredBy.isEmpty {
      writer.key("scored_by")
      writer.value(.string(document.scoredBy))
    }
    if document.encoding != "utf-8" {
      writer.key("encoding")
      writer.value(.string(document.encoding))
    }
    if !document.flags.names.isEmpty {
      writer.key("flags")
      writer.value(.array(document.flags.names.map { .string($0) }))
    }
    encodeVerdict(document.verdict, &writer)
    encodeRules(document, &writer)
    if !document.redactions.isEmpty {
      writer.key("redactions")
      writer.value(
        .array(document.redactions.map { .array([.string($0.type), .integer($0.offset), .integer($0.length)]) }))
    }
    if !document.segments.isEmpty {
      writer.key("segments")
      writer.value(document.segments.json)
    }
    if !document.userID.isEmpty {
      writer.key("user_id")
      writer.raw(document.userID)
    }
    if !document.metadata.isEmpty {
      writer.key("metadata")
      writer.raw(document.metadata)
    }
    if !withText {
      writer.key("pruned")
      writer.value(.bool(true))
    }
    writer.key("text")
    writer.text(withText ? document.text : [])
    writer.endObject()
    return writer.bytes + [0x0A]
  }

  private static func encodeVerdict(_ verdict: Verdict, _ writer: inout JSONWriter) {
    switch verdict {
    case .kept: return
    case .filtered(let hit):
      writer.key("filtered")
      var members = [
        JSONMember("rule", .string(hit.rule)), JSONMember("value", .number(Double(hit.value))),
        JSONMember("threshold", .number(Double(hit.threshold))),
      ]
      if !hit.signal.isEmpty { members.append(JSONMember("signal", .string(hit.signal))) }
      writer.value(.object(members))
    case .rejected(let reason):
      writer.key("rejected")
      writer.value(.string(reason))
    }
  }

  /// Flags by name; dropped lines by rule, as many as there were.
  private static func encodeRules(_ document: Document, _ writer: inout JSONWriter) {
    if !document.ruleFlags.isEmpty {
      writer.key("rule_flags")
      writer.value(.array(document.ruleFlags.map { .string($0) }))
    }
    if document.droppedLines.isEmpty { return }
    writer.key("dropped_lines")
    writer.value(.object(document.droppedLines.map { JSONMember($0.first.rule, .integer($0.count)) }))
  }

  /// The text of a line; nil when the line is damaged.
  static func text(_ line: [UInt8]) -> [UInt8]? {
    line.withUnsafeBufferPointer { line in
      guard let fields = try? JSONFields(line), let value = fields.value(Array("text".utf8), in: line) else {
        return nil
      }
      return (try? JSONFields.text(value, in: line)) ?? nil
    }
  }
}
