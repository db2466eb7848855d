import CInotifyTools
import Glibc
import Posix
import Synchronization

/// A hint that something happened under `incoming/`. Only the scan decides.
public struct IncomingEvent: Sendable {
  public enum Kind: Sendable { case movedIn, touched }

  /// Relative to `incoming/`.
  public let path: Path
  public let kind: Kind
}

/// libinotifytools on a thread of its own. The library is one global, non-reentrant instance whose descriptor is hidden,
/// so every call to it happens on this thread, and there is one watcher a process.
public final class EventWatcher: Sendable {
  private struct State {
    var events: [IncomingEvent] = []
    var rescan = false
    var failure: String?
    var watched = 0
  }

  private let state = Mutex(State())
  private let wakeup: Wakeup
  private let root: Path
  /// Directories watched at most; beyond it the periodic scan notices files.
  private static let mostWatches = 8192

  public init(_ incoming: Directory, wakeup: Wakeup) throws(SystemError) {
    self.wakeup = wakeup
    root = incoming.path
    try ServiceThread.start("watcher") { self.run() }
  }

  /// What came since the last call; `rescan` when events were lost or directories appeared.
  public func take() -> (events: [IncomingEvent], rescan: Bool) {
    state.withLock { state in
      let taken = (state.events, state.rescan)
      state.events = []
      state.rescan = false
      return taken
    }
  }

  /// Why events do not come, when they do not: then only the scan works.
  public var failure: String? { state.withLock { $0.failure } }

  private func run() {
    guard inotifytools_initialize() != 0 else {
      fail("inotify could not be started: \(String(cString: strerror(inotifytools_error())))")
      return
    }
    watchTree(root)
    post(rescan: true)
    while true {
      // More than one event a call makes the library spin, so always one.
      guard let event = inotifytools_next_event(1) else {
        if inotifytools_error() != 0 { post(rescan: true) }
        continue
      }
      handle(event)
    }
  }

  private func handle(_ event: UnsafeMutablePointer<inotify_event>) {
    let mask = event.pointee.mask
    if mask & UInt32(IN_Q_OVERFLOW) != 0 { return post(rescan: true) }
    if mask & UInt32(IN_IGNORED) != 0 {
      inotifytools_remove_watch_by_wd(event.pointee.wd)
      return
    }
    guard event.pointee.len > 0, let folder = inotifytools_filename_from_wd(event.pointee.wd) else { return }
    let nameStart = UnsafeRawPointer(event) + MemoryLayout<inotify_event>.size
    let name = Path(
      Array(UnsafeRawBufferPointer(start: nameStart, count: strlen(nameStart.assumingMemoryBound(to: CChar.self)))))
    let full = Path(Array(UnsafeRawBufferPointer(start: folder, count: strlen(folder)))) / name
    if IncomingName.ignored(name) != nil { return }
    if mask & UInt32(IN_ISDIR) != 0 {
      // The watch first, then the look: what came between is found by the scan.
      watchTree(full)
      return post(rescan: true)
    }
    let moved = mask & UInt32(IN_MOVED_TO) != 0
    post(IncomingEvent(path: relative(full), kind: moved ? .movedIn : .touched))
  }

  private func relative(_ path: Path) -> Path {
    var bytes = path.bytes.dropFirst(root.bytes.count)
    while bytes.first == UInt8(ascii: "/") { bytes = bytes.dropFirst() }
    return Path(Array(bytes))
  }

  private func watchTree(_ folder: Path) {
    let mask = IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_ATTRIB | IN_ONLYDIR | IN_DONT_FOLLOW
    let full = state.withLock { state in
      state.watched += 1
      return state.watched > EventWatcher.mostWatches
    }
    if full {
      return fail("more than \(EventWatcher.mostWatches) folders under incoming/: the rest is found by scanning")
    }
    var name = folder.bytes
    name.append(0)
    let watched = name.withUnsafeBytes {
      inotifytools_watch_file($0.baseAddress!.assumingMemoryBound(to: CChar.self), Int32(mask))
    }
    if watched == 0 {
      let code = inotifytools_error()
      if code == ENOSPC {
        fail("no inotify watches left (raise fs.inotify.max_user_watches): files are found by scanning")
      }
      return
    }
    guard let directory = try? Directory(folder), let names = try? directory.names() else { return }
    for name in names where IncomingName.ignored(name) == nil {
      if let status = try? directory.status(name), status.kind == .directory { watchTree(folder / name) }
    }
  }

  private func post(_ event: IncomingEvent) {
    state.withLock { $0.events.append(event) }
    wakeup.signal()
  }

  private func post(rescan: Bool) {
    state.withLock { $0.rescan = rescan }
    wakeup.signal()
  }

  private func fail(_ reason: String) {
    state.withLock { $0.failure = reason }
    wakeup.signal()
  }
}
