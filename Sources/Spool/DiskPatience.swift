import Posix

/// What a role does when there is no room (ENOSPC, EDQUOT), or when the machine is out of descriptors, memory or
/// processes: it keeps what it has, says that it is paused and why, and goes on by itself. One a process.
public final class DiskPatience {
  /// What stands still meanwhile.
  public enum Urgency {
    /// Work that may wait: a batch, a block, a checkpoint.
    case work
    /// A few bytes that make finished work count: journal, HEAD, answers. They may use the reserve.
    case finish
  }

  private let role: String
  private let folder: Directory
  private let reserve: DiskReserve?
  private let say: (String) -> Void
  private let shouldStop: () -> Bool
  /// Told once when a pause begins, each second while it lasts, and with nil when it is over.
  public var onPause: ((String?) -> Void)?
  private var isPaused = false
  private var isTelling = false
  private var failures = 0
  private var lastTended = -Double.infinity
  private static let longestPause = 60.0

  public init(
    _ role: String, _ layout: SpoolLayout, reserveMegabytes: Int, shouldStop: @escaping () -> Bool,
    say: @escaping (String) -> Void
  ) {
    self.role = role
    self.shouldStop = shouldStop
    self.say = say
    folder = layout.root
    reserve = reserveMegabytes == 0 ? nil : DiskReserve(layout, role: role, megabytes: reserveMegabytes)
  }

  /// Does the work, as often as it takes until there is room for it. It must be such that a failed attempt can be made
  /// again. Asked to leave meanwhile, it throws the last failure: what is on the disk then is as any start can use it.
  public func wait<Result, Failure: Error>(
    _ urgency: Urgency = .work, _ work: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    while true {
      do throws(Failure) {
        let result = try work()
        goOn()
        return result
      } catch {
        guard let cause = DiskPatience.scarcity(error), canTryAgain(urgency, cause) else { throw error }
      }
    }
  }

  /// Tries without waiting: for what is good to have, like a status file. May use the reserve.
  public func attempt(_ work: () throws(SystemError) -> Void) {
    while true {
      do throws(SystemError) { return try work() } catch {
        guard error.isNoSpace, let reserve, reserve.giveUp() else { return }
      }
    }
  }

  /// After a call that found no room or no means: waits until it is worth another try; false when asked to leave.
  public func canTryAgain(_ urgency: Urgency, _ cause: SystemError) -> Bool {
    if urgency == .finish, cause.isNoSpace, let reserve, reserve.giveUp() {
      say("\(role): \(cause); a piece of the reserve is used, \(reserve.bytes) bytes of it are left")
      return true
    }
    if shouldStop() { return false }
    tell("\(cause)")
    failures += 1
    return waitForRoom("\(cause)")
  }

  /// Makes the reserve again when there is room; for loops to call, it looks every ten seconds at most.
  public func tendReserve() {
    let now = Clock.monotonic()
    guard let reserve, !isPaused, now - lastTended >= 10 else { return }
    lastTended = now
    if let space = try? DiskSpace(of: folder) { reserve.restore(space) }
  }

  /// The failed call, when it is one that passes.
  public static func scarcity(_ error: any Error) -> SystemError? {
    guard let cause = (error as? any SystemFailure)?.systemError, cause.isScarce else { return nil }
    return cause
  }

  /// Looks each second whether room has come; where that does not show (a quota), tries again after ever longer.
  private func waitForRoom(_ reason: String) -> Bool {
    let before = try? DiskSpace(of: folder)
    let end = Clock.monotonic() + min(DiskPatience.longestPause, Double(1 << min(failures - 1, 6)))
    var nextLook = Clock.monotonic() + 1
    while Clock.monotonic() < end {
      if shouldStop() { return false }
      ServiceNotify.beat()
      Clock.sleep(min(0.1, max(0.01, end - Clock.monotonic())))
      guard Clock.monotonic() >= nextLook else { continue }
      nextLook += 1
      tell(reason)
      let now = try? DiskSpace(of: folder)
      if let before, let now, now.freeBytes > before.freeBytes || now.freeInodes > before.freeInodes { return true }
    }
    return !shouldStop()
  }

  private func tell(_ reason: String) {
    if !isPaused {
      say("\(role): paused: \(reason)")
      ServiceNotify.status("paused: \(reason)")
    }
    isPaused = true
    // What is told is written to a file, which may find no room either.
    if isTelling { return }
    isTelling = true
    onPause?(reason)
    isTelling = false
  }

  private func goOn() {
    failures = 0
    if !isPaused || isTelling { return }
    isPaused = false
    say("\(role): there is room again")
    onPause?(nil)
  }
}
