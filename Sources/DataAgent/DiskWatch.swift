import Posix
import Spool

/// Pauses intake while the disk is past its high-water mark, until it is below the low one.
final class DiskWatch {
  private let layout: SpoolLayout
  private let settings: SpoolSettings
  private var paused = false
  private var lastLook = -Double.infinity
  private(set) var message = ""

  init(_ layout: SpoolLayout, _ settings: SpoolSettings) {
    self.layout = layout
    self.settings = settings
  }

  func isFull() -> Bool {
    let now = Clock.monotonic()
    if now - lastLook < 1 { return paused }
    lastLook = now
    guard let space = try? DiskSpace(of: layout.root) else { return paused }
    let used = space.usedShare
    paused = used > settings.highWater || (paused && used > settings.lowWater)
    message = "the disk is \(Int(used * 100)) % full; intake goes on below \(Int(settings.lowWater * 100)) %"
    return paused
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
