import Bytes
import Posix
import Spool

/// Whether more checkpoints may come, as far as the spool tells.
struct TrainerWatch {
  private let layout: SpoolLayout

  init(_ layout: SpoolLayout) { self.layout = layout }

  /// True when the trainer says that it is done, or when nobody holds its lease.
  var isDone: Bool {
    if let bytes = try? layout.status.read("trainer.json"), let status = try? JSONParser.parse(bytes),
      status["state"]?.string == "done"
    {
      return true
    }
    guard layout.leases.exists("trainer.lock") else { return true }
    // The lock is only tried; it goes again with the file.
    guard let lock = try? layout.leases.openFile("trainer.lock"), let isFree = try? lock.tryLock() else { return false }
    return isFree
  }
}
