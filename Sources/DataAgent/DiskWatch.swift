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
    let wasPaused = paused
    paused = used > settings.highWater || (paused && used > settings.lowWater)
    message = "the disk is \(Int(used * 100)) % full; intake goes on below \(Int(settings.lowWater * 100)) %"
    if paused != wasPaused { announce() }
    return paused
  }

  /// `incoming.FULL` tells people who only look at the folder.
  private func announce() {
    if paused {
      try? layout.incoming.replaceFile(IncomingName.fullNotice, with: Array((message + "\n").utf8), durable: false)
    } else if layout.incoming.exists(IncomingName.fullNotice) {
      try? layout.incoming.remove(IncomingName.fullNotice)
    }
  }
}
