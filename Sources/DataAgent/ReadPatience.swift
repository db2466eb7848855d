import Posix
import Spool

/// Reading a claimed file waits while the machine is short of something (room, descriptors, memory, processes): that is
/// no fault of the file's. One a file that is read.
final class ReadPatience {
  private let patience: DiskPatience?
  /// Asked to leave meanwhile: what was read since the last commit is read again by the next start, whatever the reader
  /// made of the end it saw.
  private(set) var isGivenUp = false

  /// - Parameter patience: nil waits for nothing.
  init(_ patience: DiskPatience?) { self.patience = patience }

  func wait<Result>(_ work: () throws(SystemError) -> Result) throws(SystemError) -> Result {
    do throws(SystemError) {
      guard let patience else { return try work() }
      return try patience.wait(.work, work)
    } catch {
      if error.isScarce { isGivenUp = true }
      throw error
    }
  }

  /// A program that gives nothing is not waited for when leaving was asked for long enough ago.
  var isWorthWaiting: Bool {
    if Signals.secondsSinceStop > GivenUp.patience { isGivenUp = true }
    return !isGivenUp
  }
}
