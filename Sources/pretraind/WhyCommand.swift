import Console
import DataAgent
import Posix

enum WhyCommand {
  static let command = Command("why", "ID|FILE", "what became of a document or a file, and why")

  @Sendable static func run(_ context: Context) throws -> Int32 {
    guard let query = context.words.arguments.first else { throw UsageError("usage: pretraind why ID|FILE") }
    let settings = try context.agentSettings()
    let rules = try context.cleanRules(settings)
    let history = try DocumentHistory(context.existingSpool(), channels: settings.channels, rules: rules)
    for line in try history.explain(query) { StandardStreams.print(line) }
    return ExitCode.done
  }
}
