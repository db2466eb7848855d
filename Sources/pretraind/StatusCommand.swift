import Console
import Posix

enum StatusCommand {
  static let command = Command(
    "status", "", "how agent, trainer and evaluator are",
    flags: [Flag("json", "", "the status files as one JSON object"), Flag("watch", "", "show it anew each second")])

  @Sendable static func run(_ context: Context) throws -> Int32 {
    let view = StatusView(try context.existingSpool())
    if context.words.has("json") {
      StandardStreams.print(String(decoding: view.json(), as: UTF8.self))
      return ExitCode.done
    }
    guard context.words.has("watch") else {
      StandardStreams.print(view.text(bars: StandardStreams.outputIsTerminal))
      return ExitCode.done
    }
    let clear = StandardStreams.outputIsTerminal ? "\u{1B}[H\u{1B}[J" : ""
    while !Signals.stopRequested {
      StandardStreams.print(clear + view.text(bars: true))
      Clock.sleep(1)
    }
    return ExitCode.done
  }
}
