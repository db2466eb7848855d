import Posix
import Spool

/// Pauses intake while the disk is past its high-water mark, in bytes or in inodes, until it is below the low one.
final class DiskWatch {
  private let layout: SpoolLayout
  private let settings: SpoolSettings
  private let patience: DiskPatience
  private var paused = false
  private var lastLook = -Double.infinity
  private(set) var message = ""

  init(_ layout: SpoolLayout, _ settings: SpoolSettings, _ patience: DiskPatience) {
    self.layout = layout
    self.settings = settings
    self.patience = patience
  }

  func isFull() -> Bool {
    let now = Clock.monotonic()
    if now - lastLook < 1 { return paused }
    lastLook = now
    guard let space = try? DiskSpace(of: layout.root) else { return paused }
    let used = space.usedShare
    paused = used > settings.highWater || (paused && used > settings.lowWater)
    if paused { message = DiskWatch.reason(space, settings) } else { patience.tendReserve() }
    return paused
  }

  /// Which of the two is short, with the figures that `df` and `df -i` show.
  static func reason(_ space: DiskSpace, _ settings: SpoolSettings) -> String {
    let isInodes = space.usedInodesShare > space.usedBytesShare
    let used = Int((100 * space.usedShare).rounded(.down))
    let room =
      isInodes
      ? "\(space.freeInodes) of \(space.totalInodes) inodes free"
      : "\(megabytes(space.freeBytes)) of \(megabytes(space.totalBytes)) MB free"
    return "the disk is \(used) % full in \(isInodes ? "inodes" : "bytes") (\(room)); intake goes on below "
      + "\(Int((100 * settings.lowWater).rounded())) %"
  }

  private static func megabytes(_ bytes: Int) -> String {
    bytes < 10 << 20 ? "\(Double(bytes * 10 >> 20) / 10)" : "\(bytes >> 20)"
  }
}

/// `incoming/incoming.FULL` tells people who only look at the folder that intake pauses, and why.
final class IntakeNotice {
  private let root: Directory
  private var shown: String?
  /// By name at each time: somebody may have replaced it.
  private var incoming: Directory? { try? root.open("incoming") }

  init(_ layout: SpoolLayout) {
    root = layout.root
    // One left by an earlier process is no longer true.
    remove()
  }

  private func remove() {
    if let incoming, incoming.exists(IncomingName.fullNotice) { try? incoming.remove(IncomingName.fullNotice) }
  }

  /// Shows the reason; nil takes the notice away. A courtesy: on a full disk it may fail, status says it too.
  func show(_ reason: String?) {
    if reason == shown { return }
    shown = reason
    if let reason {
      try? incoming?.replaceFile(IncomingName.fullNotice, with: Array((reason + "\n").utf8), durable: false)
    } else {
      remove()
    }
  }
}
