import Bytes

/// Conversations as text: each turn by `read.turn`, `read.turn_separator` between them.
struct DialogueTemplate: Sendable {
  private enum Part: Equatable {
    case literal([UInt8])
    case role, content
  }

  private let parts: [Part]
  private let separator: [UInt8]

  init(_ settings: ReadSettings) {
    parts = DialogueTemplate.parts(settings.turn)
    separator = Array(settings.turnSeparator.utf8)
  }

  private static func parts(_ template: String) -> [Part] {
    var parts: [Part] = []
    var rest = template[...]
    while !rest.isEmpty {
      let places: [(Part, Range<Substring.Index>)] = [(.role, "{role}"), (.content, "{content}")]
        .compactMap { part, mark in rest.firstRange(of: mark).map { (part, $0) } }
      guard let (part, range) = places.min(by: { $0.1.lowerBound < $1.1.lowerBound }) else {
        parts.append(.literal(Array(rest.utf8)))
        break
      }
      if range.lowerBound > rest.startIndex { parts.append(.literal(Array(rest[..<range.lowerBound].utf8))) }
      parts.append(part)
      rest = rest[range.upperBound...]
    }
    return parts
  }

  /// Members that hold a list of turns, and those that hold a question and its answer.
  private static let lists = ["messages", "conversations", "conversation"].map { Array($0.utf8) }
  private static let pairs = [
    ("prompt", "response"), ("prompt", "completion"), ("instruction", "output"), ("instruction", "response"),
    ("question", "answer"), ("query", "response"), ("input", "target"),
  ].map { (Array($0.utf8), Array($1.utf8)) }
  private static let inputKey = Array("input".utf8)
  private static let systemKey = Array("system".utf8)
  private static let historyKey = Array("history".utf8)

  /// The text and the members it was made of; nil when the record is no conversation.
  func text(
    _ object: JSONFields, _ line: UnsafeBufferPointer<UInt8>
  ) throws(JSONError) -> (text: [UInt8], keys: [[UInt8]])? {
    for key in DialogueTemplate.lists {
      guard let value = object.value(key, in: line) else { continue }
      let list = try JSONParser.parse(UnsafeBufferPointer(rebasing: line[value])).array ?? []
      var turns = list.compactMap(turn)
      if turns.isEmpty { return nil }
      var keys = [key]
      if let system = try member(DialogueTemplate.systemKey, object, line) {
        keys.append(DialogueTemplate.systemKey)
        if !system.isEmpty { turns.insert(turn("system", system), at: 0) }
      }
      return (joined(turns), keys)
    }
    for (question, answer) in DialogueTemplate.pairs {
      guard let prompt = try member(question, object, line), let response = try member(answer, object, line) else {
        continue
      }
      return try pair((question, prompt), (answer, response), object, line)
    }
    return nil
  }

  private func pair(
    _ question: (key: [UInt8], text: [UInt8]), _ answer: (key: [UInt8], text: [UInt8]), _ object: JSONFields,
    _ line: UnsafeBufferPointer<UInt8>
  ) throws(JSONError) -> (text: [UInt8], keys: [[UInt8]]) {
    var keys = [question.key, answer.key]
    var turns: [[UInt8]] = []
    if let system = try member(DialogueTemplate.systemKey, object, line) {
      keys.append(DialogueTemplate.systemKey)
      if !system.isEmpty { turns.append(turn("system", system)) }
    }
    // Earlier rounds, as lists of a question and its answer.
    if let value = object.value(DialogueTemplate.historyKey, in: line),
      let rounds = try JSONParser.parse(UnsafeBufferPointer(rebasing: line[value])).array
    {
      keys.append(DialogueTemplate.historyKey)
      for round in rounds {
        for (role, side) in zip(["user", "assistant"], round.array ?? []) {
          if let text = side.bytes, !text.isEmpty { turns.append(turn(role, text)) }
        }
      }
    }
    var prompt = question.text
    if question.key != DialogueTemplate.inputKey, let input = try member(DialogueTemplate.inputKey, object, line) {
      keys.append(DialogueTemplate.inputKey)
      if !input.isEmpty { prompt += [0x0A] + input }
    }
    turns += [turn("user", prompt), turn("assistant", answer.text)]
    return (joined(turns), keys)
  }

  private func member(
    _ key: [UInt8], _ object: JSONFields, _ line: UnsafeBufferPointer<UInt8>
  ) throws(JSONError) -> [UInt8]? {
    guard let value = object.value(key, in: line) else { return nil }
    return try JSONFields.text(value, in: line)
  }

  private func joined(_ turns: [[UInt8]]) -> [UInt8] { Array(turns.joined(separator: separator)) }

  private func turn(_ role: String, _ content: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    for part in parts {
      switch part {
      case .literal(let bytes): text += bytes
      case .role: text += Array(role.utf8)
      case .content: text += content
      }
    }
    return text
  }

  /// Names of the parts in the datasets people share.
  private static let usualRoles = ["human": "user", "gpt": "assistant", "bot": "assistant", "model": "assistant"]

  private func turn(_ value: JSONValue) -> [UInt8]? {
    guard let content = value["content"] ?? value["value"] else { return nil }
    let text = content.bytes ?? Array((content.array ?? []).compactMap { $0["text"]?.bytes }.joined(separator: [0x0A]))
    if text.isEmpty { return nil }
    let role = (value["role"] ?? value["from"])?.string ?? "user"
    return turn(DialogueTemplate.usualRoles[role] ?? role, text)
  }
}
