import Bytes
import Composition
import Posix

/// `compose.command`: asked about documents of one block, in the order of the draw, some at a time. It should answer
/// the same to the same question: a block that was interrupted is made again, and is to be the same.
struct ComposeCommand {
  struct Failure: Error, CustomStringConvertible {
    let reason: String
    var description: String {
      "compose.command: \(reason); mend it, or let the phase's order be one that needs no command"
    }
  }

  private static let atOnce = 64
  /// A child that dies is started again so often.
  private static let attempts = 3

  private let settings: ComposeSettings

  init(_ settings: ComposeSettings) { self.settings = settings }

  /// The member `want` of each answer; null where an answer has none.
  func ask(_ want: String, _ ordinals: [Int], document: (Int) -> (id: String, text: [UInt8])) throws -> [JSONValue] {
    var answers: [JSONValue] = []
    var child: ScoreChild?
    var deaths = 0
    while answers.count < ordinals.count {
      try GivenUp.check("asking compose.command")
      let slice = ordinals[answers.count..<min(answers.count + ComposeCommand.atOnce, ordinals.count)]
      let questions = slice.map { question(want, document($0)) }
      do {
        let running = try child ?? started()
        child = running
        for line in try running.ask(questions) {
          guard let answer = try? JSONParser.parse(line) else {
            throw ScoreChild.Trouble(description: "printed no JSON")
          }
          answers.append(answer[want] ?? .null)
        }
      } catch let trouble as ScoreChild.Trouble {
        child = nil
        deaths += 1
        if deaths == ComposeCommand.attempts { throw Failure(reason: trouble.description) }
        answers.removeLast(answers.count % ComposeCommand.atOnce)
      }
    }
    return answers
  }

  private func started() throws -> ScoreChild {
    try ScoreChild(
      settings.command, setting: "compose.command", seconds: settings.commandSeconds,
      megabytes: settings.commandMegabytes)
  }

  private func question(_ want: String, _ document: (id: String, text: [UInt8])) -> [UInt8] {
    var line = JSONWriter()
    line.beginObject()
    line.key("id")
    line.value(.string(document.id))
    line.key("want")
    line.value(.string(want))
    line.key("text")
    line.text(document.text)
    line.endObject()
    return line.bytes
  }
}
