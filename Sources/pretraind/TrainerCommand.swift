import Bytes
import Console
import Posix
import Settings
import Spool
import TrainAgent
import Training

enum TrainerCommand {
  static let flags = [
    Flag("until-idle", "", "end when every block is eaten and the agent is done"),
    Flag("with-agent", "", "an agent works beside: only its own word says that it is done"),
  ]
  static let command = Command("trainer", "", "eat blocks, keep checkpoints, obey sentinels", flags: flags)

  @Sendable static func run(_ context: Context) throws -> Int32 {
    let tree = try context.settings()
    let spool = try tree.decode(SpoolSettings.self)
    let configuration = TrainConfiguration(
      run: spool.run, model: try tree.decode(ModelSettings.self), train: try tree.decode(TrainSettings.self),
      control: ControlRules(spool))
    guard let layout = try context.openSpoolPatiently() else { return ExitCode.done }
    let watch = try ConfigurationWatch(context, .trainer, layout)
    var options = TrainOptions(shouldStop: { Signals.stopRequested }, say: Context.say)
    options.judgeReload = { watch.verdict() }
    options.isHungUp = { watch.isHungUp() }
    options.untilIdle = context.words.has("until-idle")
    if context.words.has("with-agent") { options.agentIsDone = { RoleStatus.saysDone("agent", layout) } }
    let departure: Departure
    do throws(TrainFailure) {
      departure = try TrainAgent.run(
        layout: layout, configuration: configuration, options: options,
        patience: context.patience("trainer", layout, spool))
    } catch {
      StandardStreams.say("pretraind: \(error)")
      return error.exitCode
    }
    return try ConfigurationWatch.follow(departure)
  }
}

/// What a role says of itself in its status file.
enum RoleStatus {
  static func saysDone(_ role: String, _ layout: SpoolLayout) -> Bool {
    guard let bytes = try? layout.status.read(Path(role + ".json")), let value = try? JSONParser.parse(bytes) else {
      return false
    }
    return value["done"]?.bool == true
  }
}
