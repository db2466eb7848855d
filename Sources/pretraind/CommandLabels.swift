import Bytes
import Posix

/// Labels that a command gives, an LLM for example: asked once for a text, then read from a file.
///
/// The command reads lines `{"id", "text"}` and answers `{"label"}` for each, in order; the file holds lines
/// `{"text_id", "label"}` and may be edited.
struct CommandLabels {
  let command: String
  let cache: Path

  /// The texts with their labels; what is not in the file yet is asked for and appended to it batch by batch.
  func label(_ texts: [[UInt8]]) throws -> [LabelledText] {
    let folder = try Directory(cache.parent.isEmpty ? "." : cache.parent)
    let file = try folder.appendFile(cache.name)
    var known = try CommandLabels.read(try file.readAll(), cache)
    let identified = texts.map { (id: Identifier(of: $0), text: $0) }
    let unknown = identified.filter { known[$0.id] == nil }
    if !unknown.isEmpty {
      let program = try LineCommand(command)
      for first in stride(from: 0, to: unknown.count, by: LineCommand.batch) {
        let some = Array(unknown[first..<min(unknown.count, first + LineCommand.batch)])
        let answers = try program.ask(some.map { CommandLabels.question($0.id, $0.text) })
        var lines: [UInt8] = []
        for (asked, answer) in zip(some, answers) {
          guard let label = answer["label"]?.string, !label.isEmpty else {
            throw LabelError("command '\(command)': an answer without a \"label\": \(answer)")
          }
          known[asked.id] = label
          lines +=
            JSONWriter.compact(.object(["text_id": .string(asked.id.description), "label": .string(label)])) + [0x0A]
        }
        // Answers may have cost money: they are on disk before more are asked for.
        try file.write(lines)
        try file.sync()
      }
      try program.finish()
    }
    return identified.map { LabelledText(text: $0.text, id: $0.id, label: known[$0.id] ?? "") }
  }

  private static func question(_ id: Identifier, _ text: [UInt8]) -> [UInt8] {
    JSONWriter.compact(.object(["id": .string(id.description), "text": .text(text)]))
  }

  private static func read(_ bytes: [UInt8], _ path: Path) throws -> [Identifier: String] {
    var known: [Identifier: String] = [:]
    for (number, line) in bytes.split(separator: 0x0A).enumerated() {
      guard let value = try? JSONParser.parse(Array(line)), let id = value["text_id"]?.string.flatMap(Identifier.init),
        let label = value["label"]?.string
      else { throw LabelError("\(path):\(number + 1): not a line of labels; mend it or remove the file") }
      known[id] = label
    }
    return known
  }
}
