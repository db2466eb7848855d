import Console
import DataAgent
import Posix

enum WhyCommand {
  static let command = Command("why", "ID|FILE", "what became of a document or a file, and why")

  @Sendable static func run(_ context: Context) throws -> Int32 {
    guard let query = context.words.arguments.first else { throw UsageError("usage: pretraind why ID|FILE") }
    let history = try DocumentHistory(context.existingSpool(), channels: context.agentSettings().channels)
    for line in try history.explain(query) { StandardStreams.print(line) }
    return ExitCode.done
  }
}
