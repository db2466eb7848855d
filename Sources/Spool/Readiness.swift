import Posix

/// Decides when a file is whole. CLOSE_WRITE alone proves nothing (a killed `cp` emits it too), and a file that is
/// taken
/// too early breaks the tool that copies it.
///
/// - renamed into place: `moved_ms` later
/// - closed, touched or created: `quiet_ms` after the last event, unchanged, and nobody holds it open for writing
/// - never seen to happen (after a restart, without inotify): unchanged for `quiet_ms` and a read lease is granted, or,
///   where leases are not to be had, two looks `poll_settle_s` apart agree
public struct Readiness {
  private struct Candidate {
    var status: FileStatus
    var unchangedSince: Double
    var eventAt: Double?
    var movedAt: Double?
  }

  private let settings: SpoolSettings
  private var candidates: [Path: Candidate] = [:]
  private let incoming: Directory

  public init(_ settings: SpoolSettings, _ incoming: Directory) {
    self.settings = settings
    self.incoming = incoming
  }

  public var waiting: Int { candidates.count }

  /// Notes what an event said. Unknown paths become candidates; a manifest is none, it only makes somebody look again.
  public mutating func hint(_ event: IncomingEvent, now: Double) {
    if IncomingName.isManifest(event.path.name) { return }
    guard let status = try? incoming.status(event.path), status.kind != .directory else {
      candidates[event.path] = nil
      return
    }
    observe(event.path, status, now: now)
    switch event.kind {
    case .movedIn: candidates[event.path]!.movedAt = now
    case .touched: candidates[event.path]!.eventAt = now
    }
  }

  /// Notes what a full scan saw; candidates that are gone are forgotten.
  public mutating func observe(_ scan: IncomingScan, now: Double) {
    var seen: Set<Path> = []
    for found in scan.files where !IncomingName.isManifest(found.path.name) {
      seen.insert(found.path)
      observe(found.path, found.status, now: now)
    }
    candidates = candidates.filter { seen.contains($0.key) }
  }

  private mutating func observe(_ path: Path, _ status: FileStatus, now: Double) {
    if IncomingName.isManifest(path.name) { return }
    if var known = candidates[path] {
      if known.status.isSame(as: status) { return }
      known.status = status
      known.unchangedSince = now
      candidates[path] = known
    } else {
      candidates[path] = Candidate(status: status, unchangedSince: now)
    }
  }

  /// The files that are whole now, in byte order of path, and when to look again (nil when nothing waits).
  public mutating func ready(now: Double) -> (files: [IncomingScan.Found], next: Double?) {
    var files: [IncomingScan.Found] = []
    var next: Double?
    for path in candidates.keys.sorted() {
      let wait = remaining(path, now: now)
      if wait <= 0, let known = candidates[path] {
        files.append(IncomingScan.Found(path: path, status: known.status))
      } else {
        next = min(next ?? .infinity, now + max(wait, 0.01))
      }
    }
    return (files, next)
  }

  public mutating func forget(_ path: Path) { candidates[path] = nil }

  /// Paths that wait, with the reason: for `status`.
  public func waitingReasons(now: Double) -> [(path: Path, reason: String, seconds: Double)] {
    candidates.sorted { $0.key < $1.key }.map { path, known in
      (path, "not whole yet: it changed lately or is held open for writing", now - known.unchangedSince)
    }
  }

  /// Seconds until the file may be taken; looks at the file again when its time has come.
  private mutating func remaining(_ path: Path, now: Double) -> Double {
    guard let known = candidates[path] else { return 1 }
    if hasMatchingManifest(path) {
      // What was last seen may be older than the manifest: writing without closing makes no event.
      if let status = try? incoming.status(path) { observe(path, status, now: now) }
      return 0
    }
    let quiet = Double(settings.quietMilliseconds) / 1000
    let due =
      known.movedAt.map { $0 + Double(settings.movedMilliseconds) / 1000 }
      ?? max(known.unchangedSince, known.eventAt ?? 0) + quiet
    if now < due { return due - now }
    guard let status = try? incoming.status(path) else {
      candidates[path] = nil
      return 1
    }
    if !status.isSame(as: known.status) {
      observe(path, status, now: now)
      return quiet
    }
    if status.kind != .regular { return 0 }
    switch lease(path) {
    case .granted: return 0
    case .openForWriting: return quiet
    case .unsupported:
      if known.movedAt != nil || known.eventAt != nil { return 0 }
      return known.unchangedSince + settings.pollSettleSeconds - now
    }
  }

  private func lease(_ path: Path) -> File.LeaseAnswer {
    guard let file = try? incoming.openFile(path) else { return .unsupported }
    return file.probeReadLease()
  }

  /// `NAME.ok` with "SIZE SHA256" (either order, other words ignored) that fits the file.
  private func hasMatchingManifest(_ path: Path) -> Bool {
    guard let bytes = try? incoming.read(path + IncomingName.manifestSuffix, limit: 4096),
      let claim = CompletionManifest(bytes), let file = try? incoming.openFile(path)
    else { return false }
    return claim.matches(file)
  }
}
