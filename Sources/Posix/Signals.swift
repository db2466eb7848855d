import CLinux
import Glibc
import Synchronization

/// Signals as flags that loops look at: SIGTERM and SIGINT ask to leave, SIGHUP asks to reload.
public enum Signals {
  private static let stop = Atomic<Int>(0)
  private static let hangup = Atomic<Int>(0)
  /// Milliseconds of CLOCK_MONOTONIC when leaving was asked for first.
  private static let stopped = Atomic<Int>(0)
  private static let restarting = Atomic<Int>(0)

  /// - Parameter isMember: started by `up`, which ends us itself: an interrupt from the keyboard goes to the whole
  ///   group and would count twice.
  public static func install(isMember: Bool = false) {
    // Made here, not by a handler.
    stopped.store(0, ordering: .relaxed)
    stop.store(0, ordering: .relaxed)
    Glibc.signal(SIGPIPE, SIG_IGN)
    // A read lease that a writer breaks while we probe it is announced by SIGIO, whose default ends the process.
    Glibc.signal(SIGIO, SIG_IGN)
    // Ignored by whoever started us, or by the image of this process that began anew: it stays so.
    var before = sigaction()
    sigaction(SIGINT, nil, &before)
    let isIgnored = before.__sigaction_handler.sa_handler.map { unsafeBitCast($0, to: Int.self) == 1 } ?? false
    for number in [SIGTERM, SIGINT] {
      Glibc.signal(number) { _ in
        // All work is put away and the process is about to begin anew: it ends instead.
        if Signals.restarting.load(ordering: .relaxed) != 0 { _exit(0) }
        // A second request does not wait for the work in hand.
        if Signals.stop.wrappingAdd(1, ordering: .relaxed).newValue > 1 { _exit(130) }
        Signals.stopped.store(Signals.milliseconds(), ordering: .relaxed)
      }
    }
    if isMember || isIgnored { Glibc.signal(SIGINT, SIG_IGN) }
    Glibc.signal(SIGHUP) { _ in Signals.hangup.store(1, ordering: .relaxed) }
    // A process that began anew kept them back until here.
    setBlocked(false)
  }

  /// From here to `install` in the new image signals wait; a request to stop is then found pending, or ends this image.
  static func holdForRestart() {
    setBlocked(true)
    restarting.store(1, ordering: .sequentiallyConsistent)
  }

  /// The new image could not be started.
  static func releaseAfterRestart() {
    restarting.store(0, ordering: .sequentiallyConsistent)
    setBlocked(false)
  }

  private static func setBlocked(_ blocked: Bool) {
    var set = sigset_t()
    sigemptyset(&set)
    for number in [SIGTERM, SIGINT, SIGHUP] { sigaddset(&set, number) }
    pthread_sigmask(blocked ? SIG_BLOCK : SIG_UNBLOCK, &set, nil)
  }

  public static var stopRequested: Bool { stop.load(ordering: .relaxed) > 0 }

  /// Seconds since leaving was asked for; 0 before. Work that can be done again gives up when it takes too long.
  public static var secondsSinceStop: Double {
    if !stopRequested { return 0 }
    let since = stopped.load(ordering: .relaxed)
    return since == 0 ? 0 : Double(milliseconds() - since) / 1000
  }

  /// For tests and for `up`, which ends its children in an orderly way.
  public static func requestStop() { stop.store(1, ordering: .relaxed) }
  public static func takeReload() -> Bool { hangup.exchange(0, ordering: .relaxed) == 1 }

  private static func milliseconds() -> Int {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return now.tv_sec * 1000 + now.tv_nsec / 1_000_000
  }
}
