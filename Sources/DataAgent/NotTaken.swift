import Bytes
import Posix

/// A file under `incoming/` that is not taken, with the reason.
struct NotTaken {
  let path: Path
  let because: String
  /// How long it has been so.
  let seconds: Double

  var json: JSONValue {
    .object([
      "file": .string(path.description), "because": .string(because),
      "since": .string(Clock.stamp(Clock.wall() - seconds)), "seconds": .integer(Int(seconds)),
    ])
  }
}

/// Remembers since when something lies there that is no candidate: temporaries, folders that cannot be read.
struct LyingSince {
  private var entries: [Path: (because: String, since: Double)] = [:]

  /// What lies there now; what was there before keeps its time.
  mutating func update(_ found: [(path: Path, because: String)], now: Double) {
    var fresh: [Path: (because: String, since: Double)] = [:]
    for (path, because) in found { fresh[path] = (because, entries[path]?.since ?? now) }
    entries = fresh
  }

  func list(now: Double, atLeast seconds: Double) -> [NotTaken] {
    entries.compactMap { path, entry in
      now - entry.since < seconds ? nil : NotTaken(path: path, because: entry.because, seconds: now - entry.since)
    }
  }
}
