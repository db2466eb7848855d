import Bytes
import Glibc
import Posix
import Spool

/// What the trainer published about itself in `status/trainer.json`.
struct TrainerPosition {
  /// The last block it has begun; -1 before the first.
  let claimedThrough: Int
  let isRunning: Bool

  init(_ layout: SpoolLayout) {
    let value = (try? layout.status.read("trainer.json")).flatMap { try? JSONParser.parse($0) }
    claimedThrough = value?["claimed_through"]?.integer ?? -1
    let process = value?["pid"]?.integer ?? 0
    isRunning = process > 0 && kill(pid_t(process), 0) == 0
  }
}
