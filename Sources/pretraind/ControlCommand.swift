import Bytes
import Console
import Posix
import Spool

enum ControlCommand {
  static let command = Command(
    "control", "VERB [KEY=VALUE ...]",
    "put a sentinel into control/: save, rollback, pause, stop, flush, discard, hold, eval ...",
    flags: [
      Flag("wait", "", "wait for the answer and print it"),
      Flag("timeout", "SECONDS", "how long to wait (default 3600)"),
      Flag("tag", "TAG", "the sentinel's tag (default: one of its own)"),
      Flag("remove", "", "take a level sentinel (pause, hold) away"),
    ],
    details: """
      trainer    save                     a checkpoint now
                 rollback [to=part-00010] back to before the present block, or to that state
                 pause                    wait while the file is there; `control resume` takes it away
                 stop                     a checkpoint, then leave
      agent      flush                    a short block of what there is
                 discard [block=part-00012] withdraw that block, or the newest, and all after it, and compose them
                                          anew; only while no trainer has begun it
                 hold                     take no new files while it is there; `control release` takes it away
      evaluator  eval [checkpoint=..] [suite=..]
      all        reload                   read the configuration again
      Everywhere reason=TEXT; at=step:N or at=block:K waits for that moment. The same by hand: touch control/save, or
      echo at=step:1000 >control/save.mine; the answer is control/ack/last-NAME.json.
      Exit codes of --wait: 0 done, 65 rejected or failed, 75 nobody took it or it takes longer than --timeout.
      """)

  /// Words that take a level sentinel away.
  private static let endings: [String: ControlVerb] = ["resume": .pause, "release": .hold]

  @Sendable static func run(_ context: Context) throws -> Int32 {
    guard let word = context.words.arguments.first else { throw UsageError(command.help) }
    let ending = endings[word]
    let name = try ending.map { ControlName($0) } ?? ControlName.parse(word).get()
    let pairs = try pairs(context.words.arguments.dropFirst())
    let client = ControlClient(layout: try context.existingSpool())
    // A level sentinel is one file for everybody, so it gets no tag of its own.
    let tag = context.words.value("tag") ?? (name.verb.isLevel || !name.tag.isEmpty ? name.tag : nil)
    if ending != nil || context.words.has("remove") {
      return try remove(ControlName(name.verb, tag: tag ?? ""), client, context)
    }
    let sent = try client.send(name.verb, tag: tag, arguments: ControlArguments(pairs, for: name.verb))
    guard context.words.has("wait") else {
      StandardStreams.print("control/\(sent.name)")
      return ExitCode.done
    }
    return try wait(sent, client, context)
  }

  private static func pairs(_ words: ArraySlice<String>) throws -> [(key: String, value: String)] {
    try words.map { word in
      guard let equal = word.firstIndex(of: "=") else { throw UsageError("'\(word)': write it as KEY=VALUE") }
      return (String(word[..<equal]), String(word[word.index(after: equal)...]))
    }
  }

  private static func timeout(_ context: Context) throws -> Double {
    Double(try context.words.integer("timeout") ?? 3600)
  }

  private static func remove(_ name: ControlName, _ client: ControlClient, _ context: Context) throws -> Int32 {
    guard name.verb.isLevel else {
      throw UsageError("only pause and hold lie in control/ until they are removed; '\(name.verb)' is taken at once")
    }
    let there = try client.remove(name)
    StandardStreams.print(there ? "removed" : "it was not there")
    let others = try client.levels(name.verb).map { "control/\($0)" }
    if !others.isEmpty { StandardStreams.say("still in force: \(others.joined(separator: ", "))") }
    guard there, context.words.has("wait") else { return ExitCode.done }
    if try client.waitForEnd(name, timeout: timeout(context)) { return ExitCode.done }
    StandardStreams.say("no \(name.verb.taker.rawValue) said yet that it goes on: is one running?")
    return ExitCode.tryAgain
  }

  private static func wait(_ sent: ControlClient.Sent, _ client: ControlClient, _ context: Context) throws -> Int32 {
    let start = Clock.monotonic()
    let timeout = try timeout(context)
    var lastSeen = start
    let role = sent.name.verb.taker.rawValue
    while true {
      // Between two lives of a process nobody holds its role for a moment.
      let answer = try client.wait(sent, timeout: min(1, timeout))
      if let answer, answer.state.isFinal || (sent.name.verb.isLevel && answer.state == .running) {
        return tell(answer)
      }
      let now = Clock.monotonic()
      let layout = try context.existingSpool()
      let runs = ControlRole.allCases.filter { Lease.isHeld($0.rawValue, in: layout) }
      if sent.name.verb == .reload ? !runs.isEmpty : runs.contains(sent.name.verb.taker) { lastSeen = now }
      if Signals.stopRequested || now - start >= timeout || now - lastSeen >= 10 {
        return try giveUp(sent, client, answer, isAlone: now > lastSeen, role)
      }
    }
  }

  private static func tell(_ answer: ControlAcknowledgement) -> Int32 {
    StandardStreams.print(String(decoding: JSONWriter.compact(answer.json), as: UTF8.self))
    if answer.state == .done || answer.state == .running { return ExitCode.done }
    StandardStreams.say("\(answer.name): \(answer.state.rawValue): \(answer.message)")
    return ExitCode.data
  }

  /// What nobody took is taken back, so that it comes as no surprise later; a level sentinel stays.
  private static func giveUp(
    _ sent: ControlClient.Sent, _ client: ControlClient, _ answer: ControlAcknowledgement?, isAlone: Bool,
    _ role: String
  ) throws -> Int32 {
    let who = isAlone ? "no \(role) runs on this spool" : "the \(role) is busy"
    if let answer {
      // An answer that says what it waits for needs no guess.
      let reason = answer.message.isEmpty || isAlone ? who : answer.message
      StandardStreams.say("\(sent.name) is \(answer.state.rawValue): \(reason); it will be answered")
    } else if sent.name.verb.isLevel {
      StandardStreams.say("\(who); control/\(sent.name) stays and holds for the next one")
    } else if (try? client.remove(sent.name)) == true {
      StandardStreams.say("\(who); nobody took control/\(sent.name), it was taken back")
    } else {
      StandardStreams.say("\(who); control/\(sent.name) was taken just now, see control/ack/last-\(sent.name).json")
    }
    return ExitCode.tryAgain
  }
}
