import Console
import Posix
import Spool

enum InitCommand {
  static let command = Command("init", "DIR", "make a spool: its folders, each with a README")

  @Sendable static func run(_ context: Context) throws -> Int32 {
    guard context.words.arguments.count == 1 else { throw UsageError("usage: pretraind init DIR") }
    let layout = try SpoolLayout(Path(context.words.arguments[0]))
    try SpoolReadme.write(layout)
    StandardStreams.print(
      "\(layout.root.path) is ready; drop documents into \(layout.incoming.path)/SOURCE/ and run: pretraind up --spool \(layout.root.path)"
    )
    return ExitCode.done
  }
}
