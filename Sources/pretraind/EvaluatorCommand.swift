import Console
import EvalAgent
import Parallel
import Posix
import Settings
import Spool
import Training

enum EvaluatorCommand {
  static let flags = [
    Flag("until-idle", "", "end when every result is there and the trainer is done"),
    Flag("with-trainer", "", "a trainer works beside: only its own word says that it is done"),
  ]
  static let command = Command("evaluator", "", "evaluate checkpoints against the suites of eval/suites/", flags: flags)

  @Sendable static func run(_ context: Context) throws -> Int32 {
    let tree = try context.settings()
    let settings = try tree.decode(EvaluateSettings.self)
    let spool = try tree.decode(SpoolSettings.self)
    guard let layout = try context.openSpoolPatiently() else { return ExitCode.done }
    let watch = try ConfigurationWatch(context, .evaluator, layout)
    let threads = settings.threads > 0 ? settings.threads : 1
    let pool = WorkerPool(threads: threads, progress: { ServiceNotify.beat() })
    let source = NativeModelSource(pool: pool, tokenizers: layout.tokenizer)
    let patience = context.patience("evaluator", layout, spool)
    do {
      let evaluator = try patience.wait(.finish) {
        try Evaluator(
          layout: layout, settings: settings, source: source, trainerBeside: context.words.has("with-trainer"),
          patience: patience, control: ControlRules(spool))
      }
      evaluator.judgeReload = { watch.verdict() }
      evaluator.isHungUp = { watch.isHungUp() }
      return try ConfigurationWatch.follow(try evaluator.run(untilIdle: context.words.has("until-idle")))
    } catch {
      guard Signals.stopRequested, DiskPatience.scarcity(error) != nil else { throw error }
      Context.say("evaluator: \(error)")
      return ExitCode.done
    }
  }
}
