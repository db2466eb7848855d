import Blocks
import Posix

/// Work on files that waits while there is no room: paused, nothing lost, goes on by itself.
enum DiskPatience {
  static func wait(_ announce: () -> Void = {}, _ work: () throws -> Void) throws {
    while true {
      do {
        return try work()
      } catch where isNoSpace(error) && !Signals.stopRequested {
        announce()
        Clock.sleep(1)
      }
    }
  }

  static func isNoSpace(_ error: any Error) -> Bool {
    if let error = error as? SystemError { return error.isNoSpace }
    if let error = error as? BlockError { return error.cause?.isNoSpace ?? false }
    return false
  }
}
