import Bytes
import Decoding
import Posix
import Settings
import Spool

/// Notices files under `incoming/`, waits until they are whole, and takes them: journalled first, then moved into
/// `state/claimed/`. Events are hints; the scan is the truth.
final class Intake {
  private let layout: SpoolLayout
  private let settings: SpoolSettings
  private let journal: JournalFile
  private let incoming: IncomingFolder
  private let mover: ClaimMover
  private let watcher: EventWatcher?
  private var health: WatcherHealth
  /// Others than this kernel may write there: NFS, FUSE and the like.
  private var sharedKind: String?
  private var readiness: Readiness
  private var lastScan = -Double.infinity
  private var scanSeconds = 0.0
  private var wantsScan = true
  /// Scans in a row that could not see everything.
  private var incomplete = 0
  private var nextLook: Double?
  private var lying = LyingSince()
  /// Non-files that could not even be moved, by when that was tried: the journal must not fill with attempts.
  private var stuck: [Path: (status: FileStatus, reason: String, at: Double)] = [:]
  /// Files that were just taken: a manifest of theirs that comes late has nothing more to say.
  private var latelyTaken: Set<Path> = []
  private var told: (list: [NotTaken], at: Double, cost: Double)?
  private var optionsOf: (folder: Path, options: [UInt8], refusal: String?)?
  private(set) var nextSequence: Int
  /// Why nothing is taken at present, when nothing is.
  var pause: String?

  init(
    layout: SpoolLayout, settings: SpoolSettings, journal: JournalFile, wakeup: Wakeup, useEvents: Bool,
    nextSequence: Int, leftBehind: [Path: ClaimedStatus], patience: DiskPatience
  ) throws(SystemError) {
    self.layout = layout
    self.settings = settings
    self.journal = journal
    self.nextSequence = nextSequence
    incoming = IncomingFolder(layout)
    mover = ClaimMover(
      layout: layout, journal: journal, incoming: incoming, leftBehind: leftBehind, patience: patience)
    WatcherHealth.clean(layout.incoming)
    watcher = useEvents ? try EventWatcher(layout.incoming.path, settings: settings, wakeup: wakeup) : nil
    health = WatcherHealth(settings, now: Clock.monotonic())
    sharedKind = FileSystem(of: layout.incoming).sharedKind
    readiness = Readiness(settings, layout.incoming)
  }

  var waiting: Int { readiness.waiting }
  /// Nothing comes by itself any more: every file was looked at, and none of those that are there becomes ready.
  var isSettled: Bool { readiness.waiting == 0 && !wantsScan }
  var leftBehind: [Path: ClaimedStatus] { mover.leftBehind }

  // MARK: Noticing

  /// How files are noticed, for `status`.
  var watching: String {
    guard let reason = pollReason else { return "inotify" }
    return "polling (\(reason))"
  }

  private var pollReason: String? {
    guard let watcher else { return "--no-inotify" }
    if let failure = watcher.failure { return failure }
    if health.isDead { return "inotify is silent: a file made in incoming/ was not seen" }
    return sharedKind.map { "incoming/ is on \($0): what other machines write there makes no events" }
  }

  /// Seconds from scan to scan. Two looks must be able to agree within the settle time, and scans must not be all that
  /// is done.
  private var interval: Double {
    max(pollReason == nil ? settings.rescanSeconds : min(settings.rescanSeconds, 1), 4 * scanSeconds)
  }

  /// Seconds until something here may have changed by itself.
  func secondsToNextLook(now: Double) -> Double {
    let scan = lastScan + (wantsScan ? 2 * scanSeconds : interval)
    return max(0, min(scan, nextLook ?? .infinity) - now)
  }

  /// Takes note of what lies there; to be called at every turn, whether files are taken or not.
  func look(now: Double) throws {
    let (events, rescan) = watcher?.take() ?? ([], false)
    wantsScan = wantsScan || rescan
    for event in events { readiness.hint(event, now: now) }
    if let watcher { health.turn(watcher, incoming.directory, now: now) }
    if now - lastScan >= (wantsScan ? 2 * scanSeconds : interval) { try scan(now: now) }
  }

  private func scan(now: Double) throws {
    wantsScan = false
    if try incoming.follow() {
      readiness.incoming = incoming.directory
      health.postpone(now: now)
      sharedKind = FileSystem(of: incoming.directory).sharedKind
    }
    let scan = IncomingScan(incoming.directory)
    readiness.observe(scan, now: now)
    if let watcher, let root = try? incoming.directory.status(".") {
      watcher.reconcile([IncomingScan.Found(path: Path([]), status: root)] + scan.folders)
    }
    mover.refresh()
    removeLateManifests()
    stuck = stuck.filter { now - $0.value.at < 300 }
    lying.update(lyingThere(scan), now: now)
    // What could not be read just now may be read in a moment; what stays so is told.
    incomplete = scan.isIncomplete ? incomplete + 1 : 0
    if (1...3).contains(incomplete) { wantsScan = true }
    lastScan = now
    scanSeconds = Clock.monotonic() - now
  }

  private func removeLateManifests() {
    for manifest in readiness.orphanedManifests where latelyTaken.contains(IncomingName.file(ofManifest: manifest)) {
      removeManifest(manifest)
    }
    if latelyTaken.count > 1 << 16 { latelyTaken = [] }
  }

  // MARK: Taking

  /// Takes every file that is whole now, in byte order of path.
  func takeReady(now: Double) throws -> [Claim] {
    let (files, next) = readiness.ready(now: now)
    nextLook = next
    optionsOf = nil
    var claims: [Claim] = []
    var index = 0
    // One group commit a group: the claims are durable before the first rename.
    while index < files.count, !Signals.stopRequested {
      let group = files[index..<min(index + 64, files.count)].compactMap { plan($0, now: now) }
      if !group.isEmpty { claims += try take(group, now: now) }
      index += 64
      ServiceNotify.beat()
    }
    return claims
  }

  private func take(_ group: [(claim: Claim, status: FileStatus)], now: Double) throws -> [Claim] {
    var taken: [Claim] = []
    let records = group.map { $0.claim.journalRecord }
    try journal.write(records)
    for (claim, status) in group {
      switch try mover.move(claim) {
      case .moved:
        taken.append(claim)
        if readiness.hasManifest(claim.path) { removeManifest(claim.path + IncomingName.manifestSuffix) }
        latelyTaken.insert(claim.path)
        readiness.forget(claim.path)
      case .gone:
        // It changed or went between the look and the move: only another look can tell.
        wantsScan = true
        readiness.forget(claim.path)
      case .stuck(let reason):
        stuck[claim.path] = (status, reason, now)
        readiness.block(claim.path, reason, now: now)
      }
    }
    return taken
  }

  private func plan(_ found: IncomingScan.Found, now: Double) -> (claim: Claim, status: FileStatus)? {
    if mover.wasTaken(found) {
      readiness.forget(found.path)
      return nil
    }
    if let known = stuck[found.path], known.status.isSame(as: found.status) {
      readiness.block(found.path, known.reason, now: now)
      return nil
    }
    let (options, refusal) = sourceOptions(found.path.parent)
    if let refusal {
      readiness.block(found.path, refusal, now: now)
      return nil
    }
    var status = ClaimedStatus(found.status)
    status.copied = found.status.kind == .regular && found.status.links > 1
    let claim = Claim(sequence: nextSequence, path: found.path, status: status, options: options)
    nextSequence += 1
    return (claim, found.status)
  }

  /// The nearest `.source.json5` on the way up, and why it is wrong: files of a folder whose options are wrong are left
  /// where they are until the options are mended.
  private func sourceOptions(_ folder: Path) -> (options: [UInt8], refusal: String?) {
    if let known = optionsOf, known.folder == folder { return (known.options, known.refusal) }
    let (options, refusal) = SourceOptionsFile.nearest(folder, in: incoming.directory)
    optionsOf = (folder, options, refusal)
    return (options, refusal)
  }

  /// What recovery does for a journalled claim whose file is not in `state/claimed/`; false when it could not be had.
  func move(_ claim: Claim) throws -> Bool { try mover.move(claim) == .moved }

  /// `NAME.ok` has said what it had to say.
  private func removeManifest(_ path: Path) {
    guard let folder = try? incoming.folder(of: path) else { return }
    if folder.exists(path.name) { try? folder.remove(path.name) }
    readiness.forgetManifest(path)
  }

  // MARK: Telling

  private func lyingThere(_ scan: IncomingScan) -> [(path: Path, because: String)] {
    var found = scan.passed.map { ($0.path, $0.because) }
    for path in readiness.orphanedManifests {
      found.append((path, "it says that a file is whole, but the file is not there: bring the file, or rm this one"))
    }
    for path in mover.leftBehind.keys {
      found.append((path, "it was taken by copy and could not be removed: rm it, or let the agent do it"))
    }
    return found
  }

  /// What has not been taken for longer than `spool.report_s`, longest first; a list of a hundred thousand is not made
  /// anew at every turn.
  func notTaken(now: Double) -> [NotTaken] {
    if let told, now - told.at < 20 * told.cost { return told.list }
    let waiting = readiness.waitingReasons(now: now, atLeast: settings.reportSeconds).map { path, reason, seconds in
      NotTaken(path: path, because: pause ?? reason, seconds: seconds)
    }
    let list = (waiting + lying.list(now: now, atLeast: settings.reportSeconds)).sorted {
      $0.seconds == $1.seconds ? $0.path < $1.path : $0.seconds > $1.seconds
    }
    told = (list, now, Clock.monotonic() - now)
    return list
  }
}

/// `.source.json5` of a folder or the nearest one above it.
enum SourceOptionsFile {
  static func nearest(_ start: Path, in incoming: Directory) -> (options: [UInt8], refusal: String?) {
    var folder = start
    while true {
      let name = folder / ".source.json5"
      do throws(SystemError) {
        let options = try incoming.read(name, limit: 1 << 20)
        return (options, refusal(options, name))
      } catch {
        if !error.isMissing { return ([], "\(error)") }
      }
      if folder.isEmpty { return ([], nil) }
      folder = folder.parent
    }
  }

  private static func refusal(_ options: [UInt8], _ name: Path) -> String? {
    if options.isEmpty { return nil }
    do throws(SettingError) {
      _ = try SourceOptions.parse(options, file: name.description)
      return nil
    } catch {
      return "\(error)"
    }
  }
}
