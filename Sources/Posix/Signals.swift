import CLinux
import Glibc
import Synchronization

/// Signals as flags that loops look at: SIGTERM and SIGINT ask to leave, SIGHUP asks to reload.
public enum Signals {
  private static let stop = Atomic<Int>(0)
  private static let hangup = Atomic<Int>(0)
  private static let restarting = Atomic<Int>(0)

  public static func install() {
    Glibc.signal(SIGPIPE, SIG_IGN)
    // A read lease that a writer breaks while we probe it is announced by SIGIO, whose default ends the process.
    Glibc.signal(SIGIO, SIG_IGN)
    for number in [SIGTERM, SIGINT] {
      Glibc.signal(number) { _ in
        // All work is put away and the process is about to begin anew: it ends instead.
        if Signals.restarting.load(ordering: .relaxed) != 0 { _exit(0) }
        // A second request does not wait for the work in hand.
        if Signals.stop.wrappingAdd(1, ordering: .relaxed).newValue > 1 { _exit(130) }
      }
    }
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
  /// For tests and for `up`, which ends its children in an orderly way.
  public static func requestStop() { stop.store(1, ordering: .relaxed) }
  public static func takeReload() -> Bool { hangup.exchange(0, ordering: .relaxed) == 1 }
}
