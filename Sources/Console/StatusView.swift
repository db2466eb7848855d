import Bytes
import Posix
import Spool

/// `pretraind status`: the three status files as text, with progress bars on a terminal.
public struct StatusView {
  private let layout: SpoolLayout

  public init(_ layout: SpoolLayout) { self.layout = layout }

  private func read(_ name: Path) -> JSONValue? {
    (try? layout.status.read(name)).flatMap { try? JSONParser.parse($0) }
  }

  /// All status files in one JSON object.
  public func json() -> [UInt8] {
    let members = ["agent", "trainer", "evaluator"].compactMap { name in
      read(Path(name + ".json")).map { JSONMember(name, $0) }
    }
    return JSONWriter.pretty(.object(members))
  }

  public func text(bars: Bool) -> String {
    var lines: [String] = []
    lines += agentLines(read("agent.json"))
    lines += trainerLines(read("trainer.json"), bars: bars)
    lines += evaluatorLines(read("evaluator.json"))
    return lines.joined(separator: "\n")
  }

  private func headline(_ role: String, _ value: JSONValue?) -> String {
    guard let value else { return "\(role): never ran on this spool" }
    let state = value["state"]?.string ?? "unknown"
    let message = value["message"]?.string ?? ""
    return "\(role): \(state)" + (message.isEmpty ? "" : " - \(message)")
      + (value["time"]?.string.map { "  (\($0))" } ?? "")
  }

  private func agentLines(_ value: JSONValue?) -> [String] {
    var lines = [headline("agent", value)]
    guard let value else { return lines }
    for source in value["sources"]?.members ?? [] {
      let counts = ["in", "kept", "duplicate", "superseded", "filtered", "contaminated", "rejected"].map {
        "\($0) \(source.value[$0]?.integer ?? 0)"
      }
      lines.append("  \(source.name): " + counts.joined(separator: ", "))
    }
    if let blocks = value["blocks"] {
      lines.append("  blocks: \(blocks["ready"]?.integer ?? 0) ready, next is \(blocks["next"]?.integer ?? 0)")
    }
    for target in value["thresholds"]?.members ?? [] {
      let threshold = target.value["threshold"]?.number ?? 1
      let wanted = target.value["target_tokens"]?.integer ?? 0
      lines.append(
        "  duplicates of \(target.name): from similarity \(threshold) on, for \(wanted) tokens"
          + (target.value["tokens"]?.integer.map { ", which left \($0)" } ?? ", which are not there yet"))
    }
    for channel in value["supply"]?.members ?? [] {
      let available = channel.value["available"]?.integer ?? 0
      let missing = channel.value["missing"]?.integer ?? 0
      lines.append(
        "  supply of \(channel.name): \(available) tokens" + (missing > 0 ? ", \(missing) more for the next block" : "")
      )
    }
    return lines + notTakenLines(value)
  }

  private static let shown = 20

  private func notTakenLines(_ value: JSONValue) -> [String] {
    var lines: [String] = []
    if let watcher = value["watcher"]?.string, watcher != "inotify" {
      lines.append("  files are noticed by \(watcher)")
    }
    let files = value["not_taken"]?.array ?? []
    for file in files.prefix(StatusView.shown) {
      lines.append(
        "  not taken for \(file["seconds"]?.integer ?? 0) s: \(file["file"]?.string ?? "") because "
          + "\(file["because"]?.string ?? "")")
    }
    let more = (value["not_taken_count"]?.integer ?? files.count) - min(files.count, StatusView.shown)
    if more > 0 { lines.append("  and \(more) more are not taken: pretraind why NAME tells of each") }
    return lines
  }

  private func trainerLines(_ value: JSONValue?, bars: Bool) -> [String] {
    var lines = [headline("trainer", value)]
    guard let value else { return lines }
    let step = value["step"]?.integer ?? 0
    let loss = value["loss"]?.number.map { "\(($0 * 1000).rounded() / 1000)" } ?? "-"
    let speed = value["tokens_per_s"]?.number.map { "\(Int($0))" } ?? "-"
    lines.append(
      "  lineage \(value["lineage"]?.integer ?? 0), step \(step), block \(value["block"]?.integer ?? 0), "
        + "\(value["tokens"]?.integer ?? 0) tokens eaten, loss \(loss), \(speed) tokens/s")
    if bars, let share = value["block_share"]?.number { lines.append("  " + ProgressBar.line(share: share, width: 40)) }
    return lines
  }

  private func evaluatorLines(_ value: JSONValue?) -> [String] {
    var lines = [headline("evaluator", value)]
    guard let value else { return lines }
    if let done = value["done"]?.integer {
      lines.append("  \(done) results" + (value["pending"]?.integer.map { ", \($0) to go" } ?? ""))
    }
    return lines
  }
}

/// `[#####.....] 50 %`
public enum ProgressBar {
  public static func line(share: Double, width: Int) -> String {
    let whole = max(0, min(1, share))
    let filled = Int((whole * Double(width)).rounded())
    return "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled) + "] "
      + "\(Int((whole * 100).rounded())) %"
  }
}
