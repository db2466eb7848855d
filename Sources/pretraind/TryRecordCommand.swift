import Console
import DataAgent
import Posix

/// Started by the agent alone: one record, in a process that may die of it.
enum TryRecordCommand {
  static let command = Command(
    "try-record", "", "runs the record that state/trial.json names, its file on standard input", isHidden: true)

  @Sendable static func run(_ context: Context) throws -> Int32 {
    let settings = try context.agentSettings()
    let trial = try LoneRecord(
      layout: context.existingSpool(), settings: settings, stages: context.agentStages(settings))
    try trial.run(StandardStreams.input)
    return ExitCode.done
  }

  /// The words that start it with the configuration of this process.
  static func words(_ context: Context) -> [String] {
    var words = ["/proc/self/exe", "try-record", "--spool", context.spoolPath.description]
    if let file = context.words.value("config") { words += ["--config", file] }
    for assignment in context.words.values("set") { words += ["--set", assignment] }
    return words
  }
}
