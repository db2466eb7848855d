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
    let layout = try context.openSpool()
    let watch = try ConfigurationWatch(context, .evaluator, layout)
    let threads = settings.threads > 0 ? settings.threads : 1
    let source = NativeModelSource(pool: WorkerPool(threads: threads), tokenizers: layout.tokenizer)
    let evaluator = try Evaluator(
      layout: layout, settings: settings, source: source, trainerBeside: context.words.has("with-trainer"),
      control: ControlRules(try tree.decode(SpoolSettings.self)))
    evaluator.judgeReload = { watch.verdict() }
    evaluator.isHungUp = { watch.isHungUp() }
    return try ConfigurationWatch.follow(try evaluator.run(untilIdle: context.words.has("until-idle")))
  }
}
