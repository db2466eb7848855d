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
  private let wakeup: Wakeup
  private let watcher: EventWatcher?
  private var readiness: Readiness
  private var lastScan = -Double.infinity
  private var nextLook: Double?
  /// Copied files whose originals could not be removed: not to be taken again as long as they are the same.
  private(set) var leftBehind: [Path: ClaimedStatus]
  private(set) var nextSequence: Int
  private(set) var unreadable: [(Path, SystemError)] = []
  /// Files that are not taken because their folder's options are wrong.
  private(set) var refused: [Path: String] = [:]

  init(
    layout: SpoolLayout, settings: SpoolSettings, journal: JournalFile, wakeup: Wakeup, useEvents: Bool,
    nextSequence: Int, leftBehind: [Path: ClaimedStatus]
  ) throws(SystemError) {
    self.leftBehind = leftBehind
    self.layout = layout
    self.settings = settings
    self.journal = journal
    self.wakeup = wakeup
    self.nextSequence = nextSequence
    self.leftBehind = leftBehind
    watcher = useEvents ? try EventWatcher(layout.incoming, wakeup: wakeup) : nil
    readiness = Readiness(settings, layout.incoming)
  }

  var watcherFailure: String? { watcher?.failure }
  var waiting: Int { readiness.waiting }

  func waitingReasons(now: Double) -> [(path: Path, reason: String, seconds: Double)] {
    readiness.waitingReasons(now: now)
  }

  /// Seconds until something here may have changed by itself.
  func secondsToNextLook(now: Double) -> Double {
    // Two looks must be able to agree within the settle time.
    let interval = watcher == nil ? min(settings.rescanSeconds, 1) : settings.rescanSeconds
    let scan = lastScan + interval - now
    return max(0, min(scan, (nextLook ?? .infinity) - now))
  }

  /// Takes every file that is whole now, in byte order of path.
  func takeReady(now: Double) throws(SystemError) -> [Claim] {
    look(now: now)
    let (files, next) = readiness.ready(now: now)
    nextLook = next
    var claims: [Claim] = []
    var index = 0
    // One group commit a group: the claims are durable before the first rename.
    while index < files.count {
      let group = files[index..<min(index + 64, files.count)].compactMap { plan($0) }
      try journal.write(group.map(\.journalRecord))
      for claim in group {
        if try move(claim) {
          claims.append(claim)
          removeManifest(of: claim)
        } else {
          // It changed or went between the look and the move: only another look can tell.
          lastScan = -.infinity
        }
        readiness.forget(claim.path)
      }
      index += 64
    }
    return claims
  }

  private func look(now: Double) {
    let interval = watcher == nil ? min(settings.rescanSeconds, 1) : settings.rescanSeconds
    let (events, rescan) = watcher?.take() ?? ([], false)
    for event in events { readiness.hint(event, now: now) }
    if rescan || now - lastScan >= interval {
      let scan = IncomingScan(layout.incoming)
      unreadable = scan.unreadable
      readiness.observe(scan, now: now)
      leftBehind = leftBehind.filter { layout.incoming.exists($0.key) }
      lastScan = now
    }
  }

  private func plan(_ found: IncomingScan.Found) -> Claim? {
    if let left = leftBehind[found.path], left.isSame(as: found.status) {
      readiness.forget(found.path)
      return nil
    }
    let options = sourceOptions(found.path)
    if let reason = Intake.refusal(options) {
      refused[found.path] = reason
      return nil
    }
    refused[found.path] = nil
    var status = ClaimedStatus(found.status)
    status.copied = found.status.kind == .regular && found.status.links > 1
    let claim = Claim(sequence: nextSequence, path: found.path, status: status, options: options)
    nextSequence += 1
    return claim
  }

  /// Files of a folder whose options are wrong are left where they are until the options are mended.
  private static func refusal(_ options: [UInt8]) -> String? {
    if options.isEmpty { return nil }
    do throws(SettingError) {
      _ = try SourceOptions.parse(options, file: ".source.json5")
      return nil
    } catch {
      return "\(error)"
    }
  }

  /// The nearest `.source.json5` on the way up.
  private func sourceOptions(_ path: Path) -> [UInt8] {
    var folder = path.parent
    while true {
      if let bytes = try? layout.incoming.read(folder / ".source.json5", limit: 1 << 20) { return bytes }
      if folder.isEmpty { return [] }
      folder = folder.parent
    }
  }

  /// Brings the file into `state/claimed/`; false when it is gone. Also what recovery does for a journalled claim whose
  /// file is not there.
  func move(_ claim: Claim) throws(SystemError) -> Bool {
    if try layout.claimed.isThere(claim.claimedName) {
      // Of a copy the original may still be there: a process died before it could remove it.
      let left = try? layout.incoming.status(claim.path)
      if let left, claim.status.isSame(as: left) { try removeOriginal(claim) }
      return true
    }
    guard let status = try? layout.incoming.status(claim.path), claim.status.isSame(as: status) else {
      return try giveBack(claim)
    }
    if !claim.status.copied {
      do throws(SystemError) {
        try layout.incoming.rename(claim.path, to: layout.claimed, claim.claimedName)
        return true
      } catch {
        if error.isMissing { return try move(claim) }
        if status.kind != .regular { throw error }
      }
    }
    return try copy(claim)
  }

  /// Nothing of it was read; when it is there, it is a new file to the next look.
  private func giveBack(_ claim: Claim) throws(SystemError) -> Bool {
    try journal.write(.object(["ev": .string("void"), "seq": .integer(claim.sequence)]))
    return false
  }

  /// `NAME.ok` has said what it had to say.
  private func removeManifest(of claim: Claim) {
    let name = claim.path + IncomingName.manifestSuffix
    if layout.incoming.exists(name) { try? layout.incoming.remove(name) }
  }

  /// False when it cannot be read: it stays where it is, the others go on.
  private func copy(_ claim: Claim) throws(SystemError) -> Bool {
    let to = try layout.claimed.createTemporary(claim.claimedName)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { buffer.deallocate() }
    var from: File?
    while true {
      let count: Int
      do throws(SystemError) {
        if from == nil { from = try layout.incoming.openFile(claim.path) }
        count = try from!.read(into: buffer)
      } catch {
        refused[claim.path] = "\(error)"
        leftBehind[claim.path] = claim.status
        try layout.claimed.remove(Directory.temporary(claim.claimedName))
        return try giveBack(claim)
      }
      if count == 0 { break }
      try to.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
    try to.sync()
    try layout.claimed.commit(claim.claimedName)
    try removeOriginal(claim)
    return true
  }

  /// Where that is not allowed, the journal remembers that the file was taken.
  private func removeOriginal(_ claim: Claim) throws(SystemError) {
    do throws(SystemError) {
      try layout.incoming.remove(claim.path)
    } catch {
      if leftBehind[claim.path] == claim.status { return }
      leftBehind[claim.path] = claim.status
      try journal.write(.object(["ev": .string("left"), "seq": .integer(claim.sequence)]))
    }
  }
}
