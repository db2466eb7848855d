import Console
import DataAgent

enum AgentCommand {
  static let flags = [
    Flag("until-idle", "", "end when nothing is left to do"),
    Flag("flush", "", "with --until-idle: compose the last short block"),
    Flag("no-inotify", "", "find files by scanning only"),
    Flag("with-trainer", "", "do not end while blocks wait for a trainer"),
  ]
  static let command = Command("agent", "", "watch incoming/, clean what comes, compose blocks", flags: flags)

  @Sendable static func run(_ context: Context) throws -> Int32 {
    let settings = try context.agentSettings()
    var options = AgentOptions()
    options.untilIdle = context.words.has("until-idle")
    options.flush = context.words.has("flush")
    options.useEvents = !context.words.has("no-inotify")
    options.waitForTrainer = context.words.has("with-trainer")
    options.trial = TryRecordCommand.words(context)
    let agent = try DataAgent(
      layout: context.openSpool(), settings: settings, options: options, stages: context.agentStages(settings),
      process: context.process, say: Context.say)
    try agent.run()
    return ExitCode.done
  }
}
