import Posix
import Synchronization

/// The one thread on which libinotifytools is called: the library is one global, non-reentrant instance whose
/// descriptor is hidden. It lives as long as the process and serves the newest watcher.
final class InotifyThread: Sendable {
  static let shared = InotifyThread()

  private struct State {
    weak var watcher: EventWatcher?
    /// Tells one watcher from the next.
    var generation = 0
    var isStarted = false
  }

  private let state = Mutex(State())

  /// Starts the thread once.
  func start() throws(SystemError) {
    let isFirst = state.withLock { state in
      defer { state.isStarted = true }
      return !state.isStarted
    }
    if isFirst { try ServiceThread.start("watcher") { self.run() } }
  }

  func serve(_ watcher: EventWatcher) {
    state.withLock { state in
      state.watcher = watcher
      state.generation += 1
    }
  }

  private func run() {
    let library = InotifyLibrary()
    library.start()
    var served = 0
    while true {
      let (watcher, generation) = state.withLock { ($0.watcher, $0.generation) }
      if generation != served || watcher == nil { library.forgetAll() }
      guard let watcher else {
        Clock.sleep(0.1)
        continue
      }
      if generation != served {
        served = generation
        library.watchTree(Path([]), for: watcher)
        watcher.arm()
        watcher.postRescan()
      }
      serve(watcher, library)
    }
  }

  /// What was ordered, then one event or a second of silence.
  private func serve(_ watcher: EventWatcher, _ library: InotifyLibrary) {
    let orders = watcher.takeOrders()
    if orders.restart || (orders.folders != nil && !library.isStarted) {
      library.restart()
      library.watchTree(Path([]), for: watcher)
      watcher.arm()
      if library.isStarted { watcher.postRescan() }
    }
    // Watches first, then the look: what came between is found by it.
    if let folders = orders.folders, library.reconcile(folders, for: watcher) { watcher.postRescan() }
    watcher.setFailure(library.failure)
    guard library.isStarted else { return Clock.sleep(0.2) }
    library.next(for: watcher)
  }
}
