import Bytes
import Deduplication
import Documents

/// One line of a filter: the document in it, and its other members, which go out as they came.
struct StageLine {
  /// Why a line is no document.
  struct Refusal: Error {
    let reason: String
  }

  private static let source = Array("source".utf8)

  var document: Document
  /// Valid as long as the chunk it stands in.
  private let line: UnsafeBufferPointer<UInt8>
  private let fields: [JSONFields.Field]
  private let textValue: Range<Int>
  /// The text as it came; nil when it is to be written anew whatever the stages do.
  private let text: [UInt8]?

  init(_ line: UnsafeBufferPointer<UInt8>, _ channels: ChannelTable) throws(Refusal) {
    do throws(JSONError) {
      let object = try JSONFields(line)
      guard let value = object.value(LineMember.text.key, in: line),
        let (text, isPlain) = try JSONFields.plainText(value, in: line)
      else { throw JSONError(offset: 0, reason: "no string field 'text'") }
      self.line = line
      fields = object.fields
      textValue = value
      self.text = isPlain ? text : nil
      document = Document(id: Identifier(high: 0, low: 0), text: text, source: "stdin", origin: "")
      if let given = object.value(StageLine.source, in: line), let name = try JSONFields.text(given, in: line) {
        document.source = String(decoding: name, as: UTF8.self)
      }
      if let given = object.value(LineMember.channel.key, in: line),
        let name = try JSONFields.text(given, in: line),
        let channel = channels.channel(String(decoding: name, as: UTF8.self))
      {
        document.channel = channel
        document.flags.insert(.channelGiven)
      }
    } catch {
      throw Refusal(reason: error.offset > 0 ? "\(error)" : error.reason)
    }
  }

  /// - Parameter own: members that the filter itself gives; others pass through.
  func write(_ own: LineMembers, _ channels: ChannelTable, to writer: inout JSONWriter) {
    writer.beginObject()
    let hasDrop = writeOthers(own, to: &writer)
    if own.contains(.channel) {
      writer.key("channel")
      writer.string(channels.name(document.channel))
    }
    if own.contains(.genre) {
      writer.key("genre")
      writer.string(document.genre.name)
    }
    if own.contains(.score) {
      writer.key("score")
      writer.value(.number(Double(document.score)))
    }
    if !hasDrop { writeDrop(to: &writer) }
    if own.contains(.ruleFlags) { writeRules(to: &writer) }
    if own.contains(.segmentList) {
      writer.key("segments")
      writer.value(document.segments.json)
    }
    if own.contains(.redactions) {
      writer.key("redactions")
      writer.value(
        .array(document.redactions.map { .array([.string($0.type), .integer($0.offset), .integer($0.length)]) }))
    }
    writeText(to: &writer)
    writer.endObject()
    writer.newline()
  }

  /// True when a filter before this one dropped the document, and this one does not judge that anew.
  private func writeOthers(_ own: LineMembers, to writer: inout JSONWriter) -> Bool {
    var hasDrop = false
    for field in fields {
      let key = UnsafeBufferPointer(rebasing: line[field.key])
      if let member = LineMember(key) {
        if own.contains(LineMembers(member)) || member == .text { continue }
        if member == .flags && !document.flags.names.isEmpty { continue }
        if member == .drop { hasDrop = true }
      }
      writer.member(key, UnsafeBufferPointer(rebasing: line[field.value]))
    }
    if !document.flags.names.isEmpty {
      writer.key("flags")
      writer.value(.array(document.flags.names.map { .string($0) }))
    }
    return hasDrop
  }

  private func writeDrop(to writer: inout JSONWriter) {
    guard case .filtered(let hit) = document.verdict else { return }
    writer.key("drop")
    writer.value(
      .object([
        "stage": .string(StageLine.stage(of: hit.rule)), "rule": .string(hit.rule),
        "value": .number(Double(hit.value)), "threshold": .number(Double(hit.threshold)),
      ]))
  }

  private static func stage(of rule: String) -> String {
    if rule.hasPrefix("redact.") { return "redact" }
    return rule == BoilerplateCutter.stumpRule ? "dedupe" : "filter"
  }

  private func writeRules(to writer: inout JSONWriter) {
    if !document.ruleFlags.isEmpty {
      writer.key("rule_flags")
      writer.value(.array(document.ruleFlags.map { .string($0) }))
    }
    if !document.droppedLines.isEmpty {
      writer.key("dropped_lines")
      writer.value(.object(document.droppedLines.map { JSONMember($0.first.rule, .integer($0.count)) }))
    }
  }

  /// As it was written where nothing changed it: most texts.
  private func writeText(to writer: inout JSONWriter) {
    writer.key("text")
    if let text, StageLine.isSameArray(text, document.text) {
      writer.raw(UnsafeBufferPointer(rebasing: line[textValue]))
    } else {
      writer.text(document.text)
    }
  }

  private static func isSameArray(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { a.baseAddress == $0.baseAddress && a.count == $0.count }
    }
  }
}

/// Members of a line that the filters read or write.
enum LineMember: Int, CaseIterable {
  case text, channel, genre, score, drop, redactions, segments, ruleFlags, droppedLines, flags

  private static let keys: [[UInt8]] = allCases.map { member in
    switch member {
    case .ruleFlags: Array("rule_flags".utf8)
    case .droppedLines: Array("dropped_lines".utf8)
    default: Array("\(member)".utf8)
    }
  }

  var key: [UInt8] { LineMember.keys[rawValue] }

  init?(_ written: UnsafeBufferPointer<UInt8>) {
    let found = LineMember.keys.firstIndex { $0.count == written.count && written.elementsEqual($0) }
    guard let found, let member = LineMember(rawValue: found) else { return nil }
    self = member
  }
}

/// What a filter gives.
struct LineMembers: OptionSet {
  let rawValue: Int

  init(rawValue: Int) { self.rawValue = rawValue }
  init(_ member: LineMember) { self.init(rawValue: 1 << member.rawValue) }

  static let channel = LineMembers(.channel)
  static let genre = LineMembers(.genre)
  static let score = LineMembers(.score)
  static let drop = LineMembers(.drop)
  static let redactions = LineMembers(.redactions)
  /// Taken off the line: they are offsets in a text that may be another now.
  static let segments = LineMembers(.segments)
  static let ruleFlags = LineMembers(.ruleFlags)
  static let droppedLines = LineMembers(.droppedLines)
  /// Also written.
  static let segmentList = LineMembers(rawValue: 1 << LineMember.allCases.count)
}
