import Posix

/// Decides when a file is whole. CLOSE_WRITE alone proves nothing (a killed `cp` emits it too), and a file that is
/// taken too early breaks the tool that copies it.
///
/// - renamed into place: `moved_ms` later, when nothing touched it since
/// - closed: `quiet_ms` after the last event, unchanged, and nobody holds it open for writing
/// - created without a close (hard links), or never seen to happen (after a restart, without inotify): unchanged for
///   `quiet_ms` and a read lease is granted, or, where leases are not to be had, two looks `poll_settle_s` apart agree
/// - `NAME.ok` names its size and digest: at once; as long as they do not fit, never
///
/// All times are monotonic; times of files are compared with each other only, never with a clock.
public struct Readiness {
  /// What was seen of how a file came.
  private enum Evidence { case none, closed, moved }

  private struct Candidate {
    var status: FileStatus
    let firstSeen: Double
    /// When `status` was seen first.
    var unchangedSince: Double
    var eventAt = -Double.infinity
    var evidence = Evidence.none
    /// The entry of the queue that counts.
    var due: Double
    var reason = Waiting.changing
    /// The file and the manifest that were compared last, and how they differ.
    var compared: (status: FileStatus, manifest: CompletionManifest, difference: String?)?
  }

  /// Why a file is not taken yet.
  private enum Waiting {
    case changing, open, unseen
    /// Somebody has to do something first.
    case blocked(String)

    var text: String {
      switch self {
      case .changing: "not whole yet: it changed lately"
      case .open: "not whole yet: a program holds it open for writing"
      case .unseen: "not whole yet: nothing tells that its writer is done, so two looks apart must agree"
      case .blocked(let reason): reason
      }
    }
  }

  private enum Answer {
    case ready, gone
    case wait(Double, Waiting)
  }

  private let settings: SpoolSettings
  private let lease: @Sendable (File) -> File.LeaseAnswer
  private var candidates: [Path: Candidate] = [:]
  private var queue = DueQueue()
  private var blocked: Set<Path> = []
  private var manifests: Set<Path> = []
  /// File systems by device: whether others may write there behind our back.
  private var sharedDevices: [UInt64: Bool] = [:]
  /// Followed when `incoming/` itself is replaced.
  public var incoming: Directory

  public init(
    _ settings: SpoolSettings, _ incoming: Directory,
    lease: @escaping @Sendable (File) -> File.LeaseAnswer = { $0.probeReadLease() }
  ) {
    self.settings = settings
    self.incoming = incoming
    self.lease = lease
  }

  private var quiet: Double { Double(settings.quietMilliseconds) / 1000 }

  /// Files that will be taken by themselves. Those that somebody has to do something about are not among them.
  public var waiting: Int { candidates.count - blocked.count }

  /// Notes what an event said. Unknown paths become candidates; a manifest is none, it only makes somebody look again.
  public mutating func hint(_ event: IncomingEvent, now: Double) {
    if IncomingName.isManifest(event.path.name) { return hintManifest(event.path, now: now) }
    guard let status = try? incoming.status(event.path), status.kind != .directory else { return forget(event.path) }
    let before = candidates[event.path]
    observe(event.path, status, now: now)
    var known = candidates[event.path]!
    known.eventAt = now
    switch event.kind {
    case .moved: known.evidence = .moved
    case .closed: known.evidence = .closed
    case .created: known.evidence = .none
    case .touched:
      // chmod or utime by the tool that closed it: its bytes are the same.
      let isSameFile = before?.status.inode == status.inode && before?.status.size == status.size
      known.evidence = isSameFile && before?.evidence != Evidence.none ? .closed : .none
    }
    candidates[event.path] = known
    let delay = known.evidence == .moved ? Double(settings.movedMilliseconds) / 1000 : quiet
    schedule(event.path, hasManifest(event.path) ? now : now + delay, .changing)
  }

  private mutating func hintManifest(_ path: Path, now: Double) {
    manifests.insert(path)
    let file = IncomingName.file(ofManifest: path)
    if let known = candidates[file] { schedule(file, now, known.reason) }
  }

  /// Notes what a full scan saw; candidates that are gone are forgotten.
  public mutating func observe(_ scan: IncomingScan, now: Double) {
    var seen: Set<Path> = []
    seen.reserveCapacity(scan.files.count)
    for found in scan.files {
      seen.insert(found.path)
      observe(found.path, found.status, now: now)
    }
    if seen.count < candidates.count {
      for path in candidates.keys where !seen.contains(path) { forget(path) }
    }
    for path in scan.manifests where !manifests.contains(path) { hintManifest(path, now: now) }
    manifests = scan.manifests
  }

  private mutating func observe(_ path: Path, _ status: FileStatus, now: Double) {
    if candidates[path] == nil {
      candidates[path] = Candidate(status: status, firstSeen: now, unchangedSince: now, due: now)
      schedule(path, hasManifest(path) ? now : now + quiet, .changing)
    } else if !candidates[path]!.status.isSame(as: status) {
      note(path, status, now: now)
      schedule(path, now + quiet, .changing)
    }
  }

  /// It changed and no event told: whatever was known about its completion is void.
  private mutating func note(_ path: Path, _ status: FileStatus, now: Double) {
    candidates[path]!.status = status
    candidates[path]!.unchangedSince = now
    candidates[path]!.evidence = .none
  }

  private mutating func schedule(_ path: Path, _ due: Double, _ reason: Waiting) {
    candidates[path]!.due = due
    candidates[path]!.reason = reason
    if case .blocked = reason { blocked.insert(path) } else { blocked.remove(path) }
    queue.add(path, due: due)
  }

  /// The files that are whole now, in byte order of path, and when to look again (nil when nothing waits). Whoever
  /// does not take one of them sees it again a second later.
  public mutating func ready(now: Double) -> (files: [IncomingScan.Found], next: Double?) {
    var files: [IncomingScan.Found] = []
    while let entry = queue.take(by: now) {
      guard let known = candidates[entry.path], known.due == entry.due else { continue }
      switch look(entry.path, now: now) {
      case .gone: forget(entry.path)
      case .wait(let due, let reason): schedule(entry.path, max(due, now + 0.01), reason)
      case .ready:
        files.append(IncomingScan.Found(path: entry.path, status: candidates[entry.path]!.status))
        schedule(entry.path, now + 1, .changing)
      }
    }
    files.sort { $0.path < $1.path }
    return (files, candidates.isEmpty ? nil : queue.next)
  }

  public mutating func forget(_ path: Path) {
    candidates[path] = nil
    blocked.remove(path)
  }

  /// The file cannot be taken before somebody does what the reason says; it is looked at again from time to time.
  public mutating func block(_ path: Path, _ reason: String, now: Double) {
    guard let known = candidates[path] else { return }
    schedule(path, now + backOff(known, now), .blocked(reason))
  }

  public func hasManifest(_ path: Path) -> Bool {
    !manifests.isEmpty && manifests.contains(path + IncomingName.manifestSuffix)
  }

  /// Manifests whose file is not there.
  public var orphanedManifests: [Path] {
    manifests.filter { candidates[IncomingName.file(ofManifest: $0)] == nil }
  }

  public mutating func forgetManifest(_ path: Path) { manifests.remove(path) }

  /// Paths that wait for at least `seconds`, with the reason: for `status`.
  public func waitingReasons(now: Double, atLeast seconds: Double) -> [(path: Path, reason: String, seconds: Double)] {
    candidates.compactMap { path, known in
      now - known.firstSeen < seconds ? nil : (path, known.reason.text, now - known.firstSeen)
    }
  }

  /// Looks at a file whose time has come.
  private mutating func look(_ path: Path, now: Double) -> Answer {
    let status: FileStatus
    do {
      guard let there = try incoming.statusIfThere(path) else { return .gone }
      status = there
    } catch {
      return failed(candidates[path]!, error, now)
    }
    if !status.isSame(as: candidates[path]!.status) { note(path, status, now: now) }
    if status.kind == .regular, let answer = manifestAnswer(path, now: now) { return answer }
    let known = candidates[path]!
    let due =
      known.evidence == .moved
      ? max(known.eventAt, known.unchangedSince) + Double(settings.movedMilliseconds) / 1000
      : max(known.eventAt, known.unchangedSince) + quiet
    if now < due { return .wait(due, .changing) }
    if status.kind != .regular { return .ready }
    let file: File
    do {
      file = try incoming.openFile(path)
    } catch {
      return error.isMissing ? .gone : failed(known, error, now)
    }
    switch answer(file, status) {
    case .granted: return .ready
    case .openForWriting: return .wait(now + backOff(known, now), .open)
    case .unsupported:
      let settled = known.unchangedSince + settings.pollSettleSeconds
      return known.evidence != .none || now >= settled ? .ready : .wait(settled, .unseen)
    }
  }

  /// What cannot be looked at is tried again; when that does not help soon, somebody has to.
  private func failed(_ known: Candidate, _ error: SystemError, _ now: Double) -> Answer {
    let isLasting = error.isLasting || now > known.firstSeen + settings.pollSettleSeconds
    return .wait(now + backOff(known, now), isLasting ? .blocked("\(error)") : .changing)
  }

  /// The longer nothing changed, the less often one looks; an event brings the next look forward.
  private func backOff(_ known: Candidate, _ now: Double) -> Double {
    max(quiet, min(2, (now - known.unchangedSince) / 4), 0.05)
  }

  /// A lease where it says something: on shared file systems it knows nothing of other machines' writers.
  private mutating func answer(_ file: File, _ status: FileStatus) -> File.LeaseAnswer {
    let answer = lease(file)
    guard answer == .granted else { return answer }
    let shared = sharedDevices[status.device] ?? (FileSystem(of: file).sharedKind != nil)
    sharedDevices[status.device] = shared
    return shared ? .unsupported : .granted
  }

  /// What `NAME.ok` says: nil when there is none that can be understood.
  private mutating func manifestAnswer(_ path: Path, now: Double) -> Answer? {
    guard hasManifest(path) else { return nil }
    let name = path + IncomingName.manifestSuffix
    guard let bytes = try? incoming.read(name, limit: 4096) else {
      if !incoming.exists(name) { manifests.remove(name) }
      return nil
    }
    guard let claim = CompletionManifest(bytes), let file = try? incoming.openFile(path) else { return nil }
    let known = candidates[path]!
    let difference: String?
    if let last = known.compared, last.status.isSame(as: known.status), last.manifest == claim {
      difference = last.difference
    } else {
      difference = claim.difference(file)
      candidates[path]!.compared = (known.status, claim, difference)
    }
    guard let difference else { return .ready }
    // The manifest may have come first: whoever writes the file is given time.
    let next = now + backOff(known, now)
    if now < known.unchangedSince + settings.pollSettleSeconds { return .wait(next, .changing) }
    let remedy = "copy it again, or rm \(name.name) to have it taken as it is"
    return .wait(next, .blocked("\(difference): \(remedy)"))
  }
}
