import Console
import Glibc
import Posix

/// The door: every command is a line here and a file beside.
@main
struct Pretraind {
  static let commands: [(command: Command, run: @Sendable (Context) throws -> Int32)] = [
    (UpCommand.command, UpCommand.run),
    (AgentCommand.command, AgentCommand.run),
    (TrainerCommand.command, TrainerCommand.run),
    (EvaluatorCommand.command, EvaluatorCommand.run),
    (StatusCommand.command, StatusCommand.run),
    (InitCommand.command, InitCommand.run),
    (CheckCommand.command, CheckCommand.run),
    (TryRecordCommand.command, TryRecordCommand.run),
    (WhyCommand.command, WhyCommand.run),
    (ControlCommand.command, ControlCommand.run),
    (ExplainCommand.command, ExplainCommand.run),
    (StageCommand.classify, StageCommand.runClassify),
    (StageCommand.clean, StageCommand.runClean),
    (StageCommand.redact, StageCommand.runRedact),
    (StageCommand.score, StageCommand.runScore),
    (DedupeCommand.sketch, DedupeCommand.runSketch),
    (DedupeCommand.dedupe, DedupeCommand.runDedupe),
    (PlanDedupCommand.command, PlanDedupCommand.run),
    (PlanBoilerplateCommand.command, PlanBoilerplateCommand.run),
    (TokenizerTrainCommand.command, TokenizerTrainCommand.run),
    (TokenizerConvertCommand.command, TokenizerConvertCommand.run),
    (TokenizerCommand.encode, TokenizerCommand.runEncode),
    (TokenizerCommand.decode, TokenizerCommand.runDecode),
    (TokenizerReportCommand.command, TokenizerReportCommand.run),
    (TokenizerLintCommand.lint, TokenizerLintCommand.runLint),
    (TokenizerLintCommand.extend, TokenizerLintCommand.runExtend),
    (ClassifierCommand.train, ClassifierCommand.runTrain),
    (ClassifierCommand.test, ClassifierCommand.runTest),
    (BlockCommand.info, BlockCommand.runInfo),
    (BlockCommand.verify, BlockCommand.runVerify),
    (BlockCommand.export, BlockCommand.runExport),
    (CheckpointCommand.info, CheckpointCommand.runInfo),
    (CheckpointCommand.logits, CheckpointCommand.runLogits),
    (CheckpointCommand.generate, CheckpointCommand.runGenerate),
  ]

  static func main() {
    let isMember = ParentDeath.obey()
    ServiceNotify.adopt()
    Signals.install(isMember: isMember)
    exit(run(Array(Swift.CommandLine.arguments.dropFirst())))
  }

  static func run(_ words: [String]) -> Int32 {
    do {
      let parsed = try ParsedCommand(words, commands: commands.map(\.command))
      if parsed.has("help") {
        StandardStreams.print(parsed.command.help)
        return ExitCode.done
      }
      let entry = commands.first { $0.command.name == parsed.command.name }!
      return try entry.run(Context(parsed))
    } catch {
      return Failure.tell(error, words)
    }
  }
}
