import Bytes
import Glibc
import Posix
import Spool

/// Whether more checkpoints may come, as far as the spool tells.
struct TrainerWatch {
  private let layout: SpoolLayout
  /// A trainer is known to work beside: then only its own word counts, for it may be between two lives.
  private let isBeside: Bool

  init(_ layout: SpoolLayout, isBeside: Bool) {
    self.layout = layout
    self.isBeside = isBeside
  }

  /// True when the trainer says that it is done or has left in order, or when no process holds its role. One that was
  /// killed says neither.
  var isDone: Bool {
    if let status = read(layout.status, "trainer.json") {
      if status["done"]?.bool == true || ["done", "stopped"].contains(status["state"]?.string) { return true }
    }
    if isBeside { return false }
    guard let process = read(layout.leases, "trainer.json")?["pid"]?.integer, process > 0 else { return true }
    return kill(pid_t(process), 0) != 0 && errno == ESRCH
  }

  private func read(_ folder: Directory, _ name: Path) -> JSONValue? {
    (try? folder.read(name)).flatMap { try? JSONParser.parse($0) }
  }
}
