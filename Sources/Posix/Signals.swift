import CLinux
import Glibc
import Synchronization

/// Signals as flags that loops look at: SIGTERM and SIGINT ask to leave, SIGHUP asks to reload.
public enum Signals {
  private static let stop = Atomic<Int>(0)
  private static let hangup = Atomic<Int>(0)

  public static func install() {
    Glibc.signal(SIGPIPE, SIG_IGN)
    // A read lease that a writer breaks while we probe it is announced by SIGIO, whose default ends the process.
    Glibc.signal(SIGIO, SIG_IGN)
    for number in [SIGTERM, SIGINT] {
      Glibc.signal(number) { _ in
        // A second request does not wait for the work in hand.
        if Signals.stop.wrappingAdd(1, ordering: .relaxed).newValue > 1 { _exit(130) }
      }
    }
    Glibc.signal(SIGHUP) { _ in Signals.hangup.store(1, ordering: .relaxed) }
  }

  public static var stopRequested: Bool { stop.load(ordering: .relaxed) > 0 }
  /// For tests and for `up`, which ends its children in an orderly way.
  public static func requestStop() { stop.store(1, ordering: .relaxed) }
  public static func takeReload() -> Bool { hangup.exchange(0, ordering: .relaxed) == 1 }
}
