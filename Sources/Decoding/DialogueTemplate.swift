import Bytes

/// Conversations as text: `role: content`, a blank line between the turns.
enum DialogueTemplate {
  /// Members that hold a list of turns, and those that hold a question and its answer.
  private static let lists = ["messages", "conversations", "conversation"].map { Array($0.utf8) }
  private static let pairs = [("prompt", "response"), ("prompt", "completion"), ("instruction", "output")]
    .map { (Array($0.0.utf8), Array($0.1.utf8)) }
  private static let inputKey = Array("input".utf8)

  /// The text and the members it was made of; nil when the record is no conversation.
  static func text(
    _ object: JSONFields, _ line: UnsafeBufferPointer<UInt8>
  ) throws(JSONError) -> (text: [UInt8], keys: [[UInt8]])? {
    for key in lists {
      guard let value = object.value(key, in: line) else { continue }
      let turns = try JSONParser.parse(UnsafeBufferPointer(rebasing: line[value])).array ?? []
      let text = Array(turns.compactMap(turn).joined(separator: [0x0A, 0x0A]))
      return text.isEmpty ? nil : (text, [key])
    }
    for (question, answer) in pairs {
      guard let first = object.value(question, in: line), let second = object.value(answer, in: line),
        var prompt = try JSONFields.text(first, in: line), let response = try JSONFields.text(second, in: line)
      else { continue }
      var keys = [question, answer]
      if let value = object.value(inputKey, in: line), let input = try JSONFields.text(value, in: line) {
        if !input.isEmpty { prompt += [0x0A] + input }
        keys.append(inputKey)
      }
      return (turn("user", prompt) + [0x0A, 0x0A] + turn("assistant", response), keys)
    }
    return nil
  }

  private static func turn(_ role: String, _ content: [UInt8]) -> [UInt8] { Array(role.utf8) + [0x3A, 0x20] + content }

  private static func turn(_ value: JSONValue) -> [UInt8]? {
    guard let content = value["content"] ?? value["value"] else { return nil }
    let text = content.bytes ?? Array((content.array ?? []).compactMap { $0["text"]?.bytes }.joined(separator: [0x0A]))
    if text.isEmpty { return nil }
    let role = (value["role"] ?? value["from"])?.string ?? "user"
    let usual = ["human": "user", "gpt": "assistant"]
    return turn(usual[role] ?? role, text)
  }
}
