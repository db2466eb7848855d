import Glibc
import Posix

/// Proves from time to time that events come: a cookie file is made and removed in `incoming/` and must be seen.
/// Silence that means "nothing happened" and silence that means "nobody listens" look alike otherwise.
public struct WatcherHealth {
  private let interval: Double
  private var number = 0
  private var sentAt: Double?
  /// When it was found late, and how many events had come by then.
  private var late: (since: Double, seen: Int)?
  private var next: Double
  /// No cookie came back: the scan alone finds files.
  public private(set) var isDead = false

  /// Seconds within which a cookie must be seen.
  public static let patience = 5.0

  public init(_ settings: SpoolSettings, now: Double) {
    interval = settings.cookieSeconds
    next = interval == 0 ? .infinity : now
  }

  public mutating func turn(_ watcher: EventWatcher, _ incoming: Directory, now: Double) {
    if let sentAt {
      if watcher.lastCookie >= number {
        if isDead { watcher.postRescan() }
        isDead = false
        self.sentAt = nil
      } else if now - sentAt > WatcherHealth.patience {
        noteLate(watcher, for: now - sentAt, now)
      }
    }
    if sentAt == nil, now >= next, watcher.isArmed { send(incoming, now) }
  }

  /// The folder was replaced: the watch follows soon, a cookie on its way is not to be waited for.
  public mutating func postpone(now: Double) {
    sentAt = nil
    if next.isFinite { next = now + WatcherHealth.patience }
  }

  /// A cookie may be behind many events, and both of us may have slept: it is given another second after each sign of
  /// life, but not for ever.
  private mutating func noteLate(_ watcher: EventWatcher, for seconds: Double, _ now: Double) {
    let seen = watcher.seen
    if late == nil || (late?.seen != seen && seconds < 12 * WatcherHealth.patience) { late = (now, seen) }
    guard let late, now - late.since >= 1 else { return }
    isDead = true
    sentAt = nil
    watcher.restart()
    next = now + min(interval, WatcherHealth.patience)
  }

  private mutating func send(_ incoming: Directory, _ now: Double) {
    next = now + interval
    number += 1
    let name = Path("\(EventWatcher.cookiePrefix)\(getpid())-\(number)")
    // Where none can be made, nothing is proved and nothing is claimed.
    guard (try? incoming.createFile(name)) != nil else { return }
    try? incoming.remove(name)
    sentAt = now
    late = nil
  }

  /// Cookies that a dead process left.
  public static func clean(_ incoming: Directory) {
    for name in (try? incoming.names()) ?? [] where name.hasPrefix(EventWatcher.cookiePrefix) {
      try? incoming.remove(name)
    }
  }
}
