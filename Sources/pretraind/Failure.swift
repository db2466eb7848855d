import Blocks
import Console
import DataAgent
import Journal
import Posix
import Settings
import Spool
import Tokens

/// Errors become a line on standard error and an exit code of sysexits.h, in one place.
enum Failure {
  static func tell(_ error: any Error, _ words: [String]) -> Int32 {
    let asked = words.isEmpty || ["--help", "-h", "help"].contains(words[0])
    if error is UsageError, asked {
      StandardStreams.print("\(error)")
      return words.isEmpty ? ExitCode.usage : ExitCode.done
    }
    StandardStreams.say(error is UsageError ? "\(error)" : "pretraind: \(error)")
    return code(error)
  }

  private static func code(_ error: any Error) -> Int32 {
    switch error {
    case is UsageError, is ControlRefusal, is FaultPlan.Misspelt: ExitCode.usage
    case is SettingError: ExitCode.configuration
    case let error as SystemError: error.isScarce || error.isSuperseded ? ExitCode.tryAgain : ExitCode.inputOutput
    case is Lease.Lost, is CommandScorer.GaveUp: ExitCode.tryAgain
    case let error as Lease.Failure: if case .held = error { ExitCode.tryAgain } else { ExitCode.inputOutput }
    case is JournalFile.Failure: ExitCode.data
    case let error as BlockError: error.cause.map { code($0) } ?? ExitCode.data
    case is TokenizerError: ExitCode.data
    default: ExitCode.data
    }
  }
}
