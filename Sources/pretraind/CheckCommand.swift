import Composition
import Console
import DataAgent
import Phases
import Posix
import Settings
import Tokenization
import Training

enum CheckCommand {
  static let command = Command("check", "", "check the configuration: names, values, what they mean together")

  @Sendable static func run(_ context: Context) throws -> Int32 {
    let tree = try context.settings()
    let settings = try context.check(tree)
    let model = try tree.decode(ModelSettings.self)
    StandardStreams.print("configuration: right")
    StandardStreams.print("model: \(model.described(vocabulary: settings.tokenize.vocabularySize))")
    StandardStreams.print(
      "blocks: \(settings.compose.blockTokens) tokens; phases: "
        + settings.phases.phases.map(\.name).joined(separator: ", "))
    return ExitCode.done
  }
}
