import CInotifyTools
import Glibc
import Posix

/// libinotifytools, with our own table of watches: the library's goes stale when folders are renamed or removed.
/// To be used on `InotifyThread` only.
final class InotifyLibrary {
  private struct Identity: Hashable {
    let device: UInt64
    let inode: UInt64

    init(_ status: FileStatus) {
      device = status.device
      inode = status.inode
    }
  }

  private struct Watch {
    let number: Int32
    let folder: Identity
  }

  private var watches: [Path: Watch] = [:]
  private var paths: [Int32: Path] = [:]
  private var pathOf: [Identity: Path] = [:]
  private var startFailure: String?
  private var watchFailure: String?
  private(set) var isStarted = false

  var failure: String? { startFailure ?? watchFailure }

  private static let mask =
    IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_ATTRIB | IN_MOVE_SELF | IN_DELETE_SELF | IN_ONLYDIR | IN_DONT_FOLLOW

  func start() {
    // Its select() ends the process for descriptors of 1024 and more.
    let probe = open("/dev/null", O_RDONLY | O_CLOEXEC)
    if probe >= 0 { close(probe) }
    guard probe >= 0, probe < 1000 else {
      startFailure = "inotify could not be started: too many files are open"
      return
    }
    isStarted = inotifytools_initialize() != 0
    guard isStarted else {
      let reason = String(cString: strerror(inotifytools_error()))
      startFailure = "inotify could not be started: \(reason) (raise fs.inotify.max_user_instances)"
      return
    }
    startFailure = nil
    keepFromChildren(probe)
    // Events of an earlier instance that the library still holds: there is no watch yet that they could be of.
    while inotifytools_next_events(0, 1) != nil {}
  }

  func restart() {
    if isStarted { inotifytools_cleanup() }
    isStarted = false
    watches = [:]
    paths = [:]
    pathOf = [:]
    watchFailure = nil
    start()
  }

  /// The library's descriptor is not closed on exec by itself; it is the number that was free a moment ago.
  private func keepFromChildren(_ number: Int32) {
    var target = [CChar](repeating: 0, count: 64)
    guard readlink("/proc/self/fd/\(number)", &target, 63) > 0, strstr(target, "inotify") != nil else { return }
    _ = fcntl(number, F_SETFD, FD_CLOEXEC)
  }

  // MARK: Watches

  /// Watches a folder and all below it.
  func watchTree(_ folder: Path, for watcher: EventWatcher) {
    guard isStarted, let directory = try? Directory(watcher.root / folder),
      let status = try? directory.status(".")
    else { return }
    guard watch(IncomingScan.Found(path: folder, status: status), for: watcher),
      let names = try? directory.names()
    else { return }
    for name in names where IncomingName.ignored(name) == nil {
      if let status = try? directory.status(name), status.kind == .directory {
        watchTree(folder / name, for: watcher)
      }
    }
  }

  /// Brings the watches in line with the folders that a scan saw; true when there are new ones.
  func reconcile(_ folders: [IncomingScan.Found], for watcher: EventWatcher) -> Bool {
    guard isStarted else { return false }
    watchFailure = nil
    var wanted: [Path: FileStatus] = [:]
    for folder in folders { wanted[folder.path] = folder.status }
    for (path, watch) in watches where wanted[path].map(Identity.init) != watch.folder { forget(path, watch) }
    var isChanged = false
    for folder in folders where watches[folder.path] == nil && watchFailure == nil {
      if watch(folder, for: watcher) { isChanged = true }
    }
    return isChanged
  }

  private func forget(_ path: Path, _ watch: Watch) {
    _ = inotifytools_forget_watch(watch.number)
    watches[path] = nil
    paths[watch.number] = nil
    pathOf[watch.folder] = nil
  }

  func forgetAll() {
    for (path, watch) in watches { forget(path, watch) }
    watchFailure = nil
  }

  /// True when the folder has a new watch of its own.
  private func watch(_ folder: IncomingScan.Found, for watcher: EventWatcher) -> Bool {
    let identity = Identity(folder.status)
    if let known = watches[folder.path] {
      if known.folder == identity { return false }
      forget(folder.path, known)
    }
    // The kernel has one watch for one folder, whatever its paths; the library's tables do not bear a second name.
    if let other = pathOf[identity], let watch = watches[other] {
      let there = (try? Directory(watcher.root / other)).flatMap { try? $0.status(".") }
      if there.map(Identity.init) == identity { return false }
      forget(other, watch)
    }
    if watches.count >= watcher.mostWatches {
      watchFailure = "more than \(watcher.mostWatches) folders under incoming/ (spool.max_watches)"
      return false
    }
    guard let number = addWatch(watcher.root / folder.path) else { return false }
    watches[folder.path] = Watch(number: number, folder: identity)
    paths[number] = folder.path
    pathOf[identity] = folder.path
    return true
  }

  private func addWatch(_ path: Path) -> Int32? {
    // The library adds the slash itself and keeps the name with it.
    let name = path.bytes + [UInt8(ascii: "/"), 0]
    let number = name.withUnsafeBytes { bytes -> Int32 in
      let text = bytes.baseAddress!.assumingMemoryBound(to: CChar.self)
      guard inotifytools_watch_file(text, Int32(InotifyLibrary.mask)) != 0 else { return -1 }
      return inotifytools_wd_from_filename(text)
    }
    if number >= 0 { return number }
    note(failure: inotifytools_error())
    return nil
  }

  private func note(failure code: Int32) {
    switch code {
    // It went meanwhile, or is another's: the scan tells.
    case ENOENT, ENOTDIR, ELOOP, EACCES: break
    case ENOSPC: watchFailure = "no inotify watches left (raise fs.inotify.max_user_watches)"
    default: watchFailure = "a folder cannot be watched: \(String(cString: strerror(code)))"
    }
  }

  // MARK: Events

  /// Waits up to a second for one event. More than one a call makes the library spin.
  func next(for watcher: EventWatcher) {
    if let event = inotifytools_next_event(1) {
      watcher.noteEvent()
      return handle(event, watcher)
    }
    if inotifytools_error() != 0 {
      watcher.postRescan()
      Clock.sleep(0.05)
    }
  }

  private func handle(_ event: UnsafeMutablePointer<inotify_event>, _ watcher: EventWatcher) {
    let mask = event.pointee.mask
    let number = event.pointee.wd
    if mask & UInt32(IN_IGNORED) != 0 {
      if let path = paths[number], let watch = watches[path] { forget(path, watch) }
      return watcher.postRescan()
    }
    // Overflow, a folder that was renamed or removed, a watch that is no longer ours: the scan tells.
    guard mask & UInt32(IN_Q_OVERFLOW) == 0, event.pointee.len > 0, let folder = paths[number] else {
      return watcher.postRescan()
    }
    let start = UnsafeRawPointer(event) + MemoryLayout<inotify_event>.size
    let length = strlen(start.assumingMemoryBound(to: CChar.self))
    let name = Path(Array(UnsafeRawBufferPointer(start: start, count: length)))
    if folder.isEmpty, name.hasPrefix(EventWatcher.cookiePrefix) { return noteCookie(name, watcher) }
    if IncomingName.ignored(name) != nil || (folder.isEmpty && name == IncomingName.fullNotice) { return }
    if mask & UInt32(IN_ISDIR) != 0 {
      if mask & UInt32(IN_CREATE | IN_MOVED_TO) != 0 { watchTree(folder / name, for: watcher) }
      return watcher.postRescan()
    }
    watcher.post(IncomingEvent(path: folder / name, kind: kind(mask)))
  }

  private func kind(_ mask: UInt32) -> IncomingEvent.Kind {
    if mask & UInt32(IN_MOVED_TO) != 0 { return .moved }
    if mask & UInt32(IN_CLOSE_WRITE) != 0 { return .closed }
    return mask & UInt32(IN_CREATE) != 0 ? .created : .touched
  }

  /// `.cookie-PROCESS-NUMBER`
  private func noteCookie(_ name: Path, _ watcher: EventWatcher) {
    let parts = name.bytes.split(separator: UInt8(ascii: "-"))
    guard parts.count == 3, let process = Int(String(decoding: parts[1], as: UTF8.self)),
      let number = Int(String(decoding: parts[2], as: UTF8.self)), process == Int(getpid())
    else { return }
    watcher.post(cookie: number)
  }
}
