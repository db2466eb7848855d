import Bytes
import Console
import Posix
import Spool

enum ControlCommand {
  static let command = Command(
    "control", "VERB [KEY=VALUE ...]",
    "put a sentinel into control/: save, rollback, pause, stop, flush, hold, eval ...",
    flags: [
      Flag("wait", "", "wait for the answer and print it"),
      Flag("timeout", "SECONDS", "how long to wait (default 3600)"),
      Flag("tag", "TAG", "the sentinel's tag (default: one of its own)"),
      Flag("remove", "", "take a level sentinel (pause, hold) away"),
    ])

  @Sendable static func run(_ context: Context) throws -> Int32 {
    guard let word = context.words.arguments.first else {
      throw UsageError("usage: pretraind control VERB [KEY=VALUE ...]")
    }
    let name = try ControlName.parse(word).get()
    var pairs: [(key: String, value: String)] = []
    for argument in context.words.arguments.dropFirst() {
      guard let equal = argument.firstIndex(of: "=") else { throw UsageError("'\(argument)': write it as KEY=VALUE") }
      pairs.append((String(argument[..<equal]), String(argument[argument.index(after: equal)...])))
    }
    let client = ControlClient(layout: try context.existingSpool())
    // A level sentinel is one file for everybody, so it gets no tag of its own.
    let tag = context.words.value("tag") ?? (name.verb.isLevel || !name.tag.isEmpty ? name.tag : nil)
    if context.words.has("remove") {
      let there = try client.remove(ControlName(name.verb, tag: tag ?? ""))
      StandardStreams.print(there ? "removed" : "it was not there")
      return ExitCode.done
    }
    let sent = try client.send(name.verb, tag: tag, arguments: ControlArguments(pairs, for: name.verb))
    guard context.words.has("wait") else {
      StandardStreams.print("control/\(sent.name)")
      return ExitCode.done
    }
    let timeout = Double(try context.words.integer("timeout") ?? 3600)
    guard let answer = try client.wait(sent, timeout: timeout) else {
      StandardStreams.say("no answer after \(Int(timeout)) s: is the \(name.verb.taker.rawValue) running?")
      return ExitCode.tryAgain
    }
    StandardStreams.print(String(decoding: JSONWriter.compact(answer.json), as: UTF8.self))
    return answer.state == .done || answer.state == .running ? ExitCode.done : ExitCode.data
  }
}
