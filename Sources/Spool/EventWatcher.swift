import Posix
import Synchronization

/// Where events of one `incoming/` arrive; the library that brings them is served by `InotifyThread`. There is one
/// watcher at a time: a newer one takes the library over.
public final class EventWatcher: Sendable {
  private struct State {
    var events: [IncomingEvent] = []
    var rescan = true
    var lastCookie = 0
    var seen = 0
    var isArmed = false
    /// The whole tree is unwatched, or a part of it.
    var failure: String?
    var orders = Orders()
  }

  /// What the thread is asked to do.
  struct Orders {
    /// Folders as the last scan saw them, `incoming/` itself first.
    var folders: [IncomingScan.Found]?
    /// The library is to be started anew.
    var restart = false
  }

  private let state = Mutex(State())
  private let wakeup: Wakeup
  let root: Path
  let mostWatches: Int
  /// Events kept at most; beyond it a scan finds what they told.
  private static let mostEvents = 1 << 16

  /// Starts the library early, while its descriptor is certain to be a small number (it uses select).
  public static func prepare() throws(SystemError) { try InotifyThread.shared.start() }

  public init(_ incoming: Path, settings: SpoolSettings, wakeup: Wakeup) throws(SystemError) {
    root = incoming
    mostWatches = settings.mostWatches
    self.wakeup = wakeup
    try InotifyThread.shared.start()
    InotifyThread.shared.serve(self)
  }

  /// What came since the last call; `rescan` when events were lost or folders changed.
  public func take() -> (events: [IncomingEvent], rescan: Bool) {
    state.withLock { state in
      let taken = (state.events, state.rescan)
      state.events = []
      state.rescan = false
      return taken
    }
  }

  /// Why events do not come, or not of all folders: then the scan finds files.
  public var failure: String? { state.withLock { $0.failure } }

  /// Tells what a scan saw: folders that are new, gone or replaced get their watches, what failed is tried again.
  public func reconcile(_ folders: [IncomingScan.Found]) { state.withLock { $0.orders.folders = folders } }

  /// Asks for a new start of the library.
  public func restart() {
    state.withLock { state in
      state.orders.restart = true
      state.isArmed = false
    }
  }

  /// The number of the last health cookie that was seen.
  public var lastCookie: Int { state.withLock { $0.lastCookie } }

  /// The watches are there: what happens from now on makes events.
  public var isArmed: Bool { state.withLock { $0.isArmed } }

  /// How many events the library brought: while they come, a late cookie is only behind them.
  public var seen: Int { state.withLock { $0.seen } }

  /// `.cookie-PROCESS-NUMBER`: made and removed in `incoming/` to see whether events come.
  public static let cookiePrefix = ".cookie-"

  // MARK: The thread's side

  func takeOrders() -> Orders {
    state.withLock { state in
      let orders = state.orders
      state.orders = Orders()
      return orders
    }
  }

  func arm() { state.withLock { $0.isArmed = !$0.orders.restart } }

  func noteEvent() { state.withLock { $0.seen += 1 } }

  func post(_ event: IncomingEvent) {
    state.withLock { state in
      if state.events.count < EventWatcher.mostEvents {
        state.events.append(event)
      } else {
        state.rescan = true
      }
    }
    wakeup.signal()
  }

  func postRescan() {
    state.withLock { $0.rescan = true }
    wakeup.signal()
  }

  func post(cookie: Int) {
    state.withLock { $0.lastCookie = max($0.lastCookie, cookie) }
    wakeup.signal()
  }

  func setFailure(_ reason: String?) {
    let isNew = state.withLock { state in
      defer { state.failure = reason }
      return state.failure != reason
    }
    if isNew { wakeup.signal() }
  }
}
