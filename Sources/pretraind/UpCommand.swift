import Console
import Glibc
import Posix
import Spool

/// `up`: the three processes in the foreground, for one person on one machine. They know each other only by the spool.
enum UpCommand {
  static let command = Command(
    "up", "", "agent, trainer and evaluator together", flags: AgentCommand.flags.filter { $0.name != "with-trainer" })

  private struct Member {
    let role: String
    let arguments: [String]
    var child: Child?
    var starts: [Double] = []
    var end: Int32?
  }

  @Sendable static func run(_ context: Context) throws -> Int32 {
    let layout = try context.openSpool()
    try SpoolReadme.write(layout)
    _ = try context.agentStages(context.agentSettings())
    // What an earlier run said of itself must not be taken for the present.
    for role in ["agent", "trainer", "evaluator"] where !Lease.isHeld(role, in: layout) {
      try layout.status.removeAll(Path(role + ".json"))
    }
    var members = ["agent", "trainer", "evaluator"].map { Member(role: $0, arguments: arguments($0, context)) }
    for index in members.indices { try start(&members[index]) }
    ServiceNotify.ready("agent, trainer and evaluator work")
    while members.contains(where: { $0.end == nil }) {
      ServiceNotify.beat()
      if Signals.stopRequested { return leave(members) }
      if Signals.takeReload() { reload(members) }
      for index in members.indices { try look(at: &members[index]) }
      if let failed = members.first(where: { $0.end != nil && $0.end != 0 }) {
        Context.say("\(failed.role) ended with \(failed.end!); ending the others")
        _ = leave(members)
        return failed.end!
      }
      Clock.sleep(0.05)
    }
    return ExitCode.done
  }

  private static func arguments(_ role: String, _ context: Context) -> [String] {
    var words = ["/proc/self/exe", role, "--spool", context.spoolPath.description]
    if let file = context.words.value("config") { words += ["--config", file] }
    for assignment in context.words.values("set") { words += ["--set", assignment] }
    if context.words.has("until-idle") { words.append("--until-idle") }
    let beside = ["agent": "--with-trainer", "trainer": "--with-agent", "evaluator": "--with-trainer"]
    words.append(beside[role]!)
    if role == "agent" {
      for flag in ["flush", "no-inotify"] where context.words.has(flag) { words.append("--\(flag)") }
    }
    return words
  }

  private static func start(_ member: inout Member) throws {
    member.starts.append(Clock.monotonic())
    member.child = try Child.start(member.arguments, dieWithParent: true)
  }

  /// A member that was killed is started again, and so is one that asks to try again, for the lease of a dying
  /// predecessor; one that keeps ending, or that ended with an error, ends all.
  private static func look(at member: inout Member) throws {
    guard member.end == nil, let status = member.child?.poll() else { return }
    let recent = member.starts.filter { Clock.monotonic() - $0 < 10 }.count
    if status > 128 && recent < 5 && !Signals.stopRequested {
      Context.say("\(member.role) was ended by signal \(status - 128); starting it again")
      try start(&member)
    } else if status == ExitCode.tryAgain && recent < 5 && !Signals.stopRequested {
      Clock.sleep(0.2)
      try start(&member)
    } else {
      member.end = status
    }
  }

  /// Each member reads the configuration for itself; the manager has its answer when all have been told.
  private static func reload(_ members: [Member]) {
    ServiceNotify.reloading()
    for member in members where member.end == nil { member.child?.signal(SIGHUP) }
    ServiceNotify.ready("agent, trainer and evaluator work")
  }

  /// Each finishes or checkpoints what it has in hand.
  private static func leave(_ members: [Member]) -> Int32 {
    ServiceNotify.stopping("waiting for agent, trainer and evaluator")
    for member in members { member.child?.signal(SIGTERM) }
    while members.contains(where: { $0.child != nil && $0.child?.poll() == nil }) {
      ServiceNotify.beat()
      Clock.sleep(0.02)
    }
    return ExitCode.done
  }
}
