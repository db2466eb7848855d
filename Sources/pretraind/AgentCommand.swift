import Console
import DataAgent
import Posix
import Spool

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
    guard let layout = try context.openSpoolPatiently() else { return ExitCode.done }
    let watch = try ConfigurationWatch(context, .agent, layout)
    var options = AgentOptions()
    options.untilIdle = context.words.has("until-idle")
    options.flush = context.words.has("flush")
    options.useEvents = !context.words.has("no-inotify")
    options.waitForTrainer = context.words.has("with-trainer")
    options.judgeReload = { watch.verdict() }
    options.isHungUp = { watch.isHungUp() }
    options.reports = {
      [
        StatusReport("status.txt", Array((StatusView(layout).text(bars: false) + "\n").utf8)),
        StatusReport("metrics.prom", StatusMetrics.text(layout)),
      ]
    }
    options.trial = TryRecordCommand.words(context)
    let stages = try context.agentStages(settings)
    let patience = context.patience("agent", layout, settings.spool)
    do {
      let agent = try patience.wait(.finish) {
        try DataAgent(
          layout: layout, settings: settings, options: options, stages: stages, process: context.process,
          patience: patience, say: Context.say)
      }
      return try ConfigurationWatch.follow(try agent.run())
    } catch {
      guard Signals.stopRequested, error is GivenUp || DiskPatience.scarcity(error) != nil else { throw error }
      Context.say("agent: \(error)")
      return ExitCode.done
    }
  }
}
