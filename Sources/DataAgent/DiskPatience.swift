import Blocks
import Posix

/// Work on files that waits while there is no room: paused, nothing lost, goes on by itself.
enum DiskPatience {
  static func wait(_ work: () throws -> Void) throws {
    var isWaiting = false
    while true {
      do {
        return try work()
      } catch {
        guard isNoSpace(error), !Signals.stopRequested else { throw error }
        if !isWaiting { tell(error) }
        isWaiting = true
        Clock.sleep(1)
      }
    }
  }

  private static func tell(_ error: any Error) {
    ServiceNotify.status("paused: \(error)")
    StandardStreams.say("\(Clock.stamp()) agent: paused: \(error)")
  }

  static func isNoSpace(_ error: any Error) -> Bool {
    if let error = error as? SystemError { return error.isNoSpace }
    if let error = error as? BlockError { return error.cause?.isNoSpace ?? false }
    return false
  }
}
