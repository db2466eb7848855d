import Composition
import Console
import DataAgent
import Phases
import Posix
import Settings
import Spool
import Tokenization
import Training

enum CheckCommand {
  static let command = Command(
    "check", "", "check the configuration; with --spool a spool too: is it whole, what would the next start do",
    flags: [
      Flag("spool", "[DIR]", "look at this spool (default ./spool) and change nothing in it"),
      Flag("deep", "", "with --spool: decompress every document, compare every digest"),
      Flag("json", "", "with --spool: one JSON object for programs"),
    ])

  @Sendable static func run(_ context: Context) throws -> Int32 {
    let tree = try context.settings()
    let settings = try context.check(tree)
    let model = try tree.decode(ModelSettings.self)
    if context.words.has("spool") { return try SpoolCheck(context, run: settings.spool.run).run() }
    StandardStreams.print("configuration: right")
    StandardStreams.print("model: \(model.described(vocabulary: settings.tokenize.vocabularySize))")
    StandardStreams.print(
      "blocks: \(settings.compose.blockTokens) tokens; phases: "
        + settings.phases.phases.map(\.name).joined(separator: ", "))
    return ExitCode.done
  }
}
