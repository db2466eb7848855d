import Posix

/// Asked to leave, long work was given up: the next start does it again, with the same outcome.
public struct GivenUp: Error, CustomStringConvertible {
  let work: String
  public var description: String { "asked to leave: \(work) is given up and done again at the next start" }

  /// Work that is nearly done is finished; one that takes longer than this is not waited for.
  static let patience = 20.0

  /// Called at every piece of long work: a sign of life, and the end of it when leaving was asked for long enough ago.
  static func check(_ work: @autoclosure () -> String) throws(GivenUp) {
    ServiceNotify.beat()
    if Signals.secondsSinceStop > patience { throw GivenUp(work: work()) }
  }
}
