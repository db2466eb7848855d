import Documents
import Posix
import Synchronization

/// How fast each stage of a filter command was: bytes of text and seconds inside the stage, over all threads.
final class StageStats: Sendable {
  private struct Entry {
    var name: String
    var seconds = 0.0
    var bytes = 0
  }

  private let entries = Mutex<[Entry]>([])

  func add(_ name: String, _ seconds: Double, _ bytes: Int) {
    entries.withLock { entries in
      let index = entries.firstIndex { $0.name == name } ?? entries.count
      if index == entries.count { entries.append(Entry(name: name)) }
      entries[index].seconds += seconds
      entries[index].bytes += bytes
    }
  }

  /// A line a stage: MB of text a second of one thread.
  var report: String {
    entries.withLock { entries in
      entries.map { entry in
        let megabytes = Double(entry.bytes) / 1e6
        let rate = Int((megabytes / max(entry.seconds, 1e-9)).rounded())
        return "\(entry.name): \(rate) MB/s of text, one thread (\(Int(megabytes.rounded())) MB)"
      }.joined(separator: "\n")
    }
  }
}

/// A stage with a stop watch.
struct TimedStage: Stage {
  private let stage: any Stage
  private let name: String
  private let stats: StageStats

  init(_ stage: any Stage, _ stats: StageStats) {
    self.stage = stage
    self.stats = stats
    name = "\(type(of: stage))".lowercased()
  }

  func process(_ document: inout Document) {
    let bytes = document.text.count
    let start = Clock.monotonic()
    stage.process(&document)
    stats.add(name, Clock.monotonic() - start, bytes)
  }
}
