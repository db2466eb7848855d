import Bytes

/// A block in words and bars, for `pretraind block info`.
public enum BlockReport {
  private static let barWidth = 40

  public static func text(_ manifest: BlockManifest) -> String {
    let bytes = manifest.files.reduce(0) { $0 + $1.size }
    let phase = manifest.phase["name"]?.string ?? "?"
    let hash = manifest.phase["hash"]?.string?.prefix(8) ?? "?"
    let revision = manifest.revision > 1 ? " revision \(manifest.revision)" : ""
    var lines = [
      "\(BlockName.part(manifest.number))\(revision)\(manifest.short ? "  (short: composed by a flush)" : "")",
      "  tokens     \(grouped(manifest.tokens))  (\(manifest.tokenType.rawValue), \(grouped(bytes)) bytes in all files)",
      "  sequences  \(grouped(manifest.documents)): \(grouped(manifest.continuations)) continue an earlier block,"
        + " \(grouped(manifest.unfinished)) go on in a later one",
      "  phase      \(phase) (\(hash)), seq_len \(manifest.phase["seq_len"]?.integer ?? 0), order \(manifest.order)",
      "  cut        document \(grouped(manifest.cut)), seed \(manifest.seed)",
      "  tokenizer  \(manifest.tokenizerSHA256.prefix(16)), \(grouped(manifest.vocabulary)) ids",
    ]
    let channels = zip(manifest.channels, manifest.tokensPerChannel).filter { $0.1 > 0 }.map { ($0, $1) }
    lines += plot("mix (tokens)", channels)
    lines += plot(
      "sources (tokens)",
      manifest.sources.sorted { ($1.tokens, $0.name) < ($0.tokens, $1.name) }.map { ($0.name, $0.tokens) })
    let uses = manifest.uses.enumerated().filter { $0.element > 0 }
    lines += plot("uses (sequences)", uses.map { ($0.offset == 1 ? "first use" : "use \($0.offset)", $0.element) })
    let clusters = manifest.weights["rehydration"]?.array ?? []
    lines += plot(
      "cluster size (sequences)",
      clusters.map { ("from \($0["size"]?.integer ?? 0) on", $0["sequences"]?.integer ?? 0) })
    let parts = manifest.composition["parts"]?.members ?? []
    lines += plot("parts of the mix (tokens)", parts.map { ($0.name, $0.value.integer ?? 0) })
    if let injected = manifest.composition["injected"] {
      lines.append(
        "injected: \(grouped(injected["sequences"]?.integer ?? 0)) sequences, \(grouped(injected["tokens"]?.integer ?? 0))"
          + " tokens")
    }
    if manifest.composition["rebalanced"]?.bool == true {
      lines.append("rebalanced: parts of the mix had run dry and left their share to the others")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// One bar a row; its length is the row's share of all.
  static func plot(_ title: String, _ rows: [(name: String, count: Int)]) -> [String] {
    let total = rows.reduce(0) { $0 + $1.count }
    if total == 0 { return [] }
    let nameWidth = rows.map(\.name.count).max() ?? 0
    let countWidth = rows.map { grouped($0.count).count }.max() ?? 0
    return [title]
      + rows.map { row in
        let thousandths = (row.count * 1000 + total / 2) / total
        let filled = row.count > 0 ? max(1, (row.count * barWidth + total / 2) / total) : 0
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: barWidth - filled)
        let name = row.name + String(repeating: " ", count: nameWidth - row.name.count)
        let percent = leftPadded("\(thousandths / 10).\(thousandths % 10)", 5)
        return "  \(name)  \(bar) \(percent) %  \(leftPadded(grouped(row.count), countWidth))"
      }
  }

  static func grouped(_ number: Int) -> String {
    var text = ""
    for (index, digit) in String(number).reversed().enumerated() {
      if index > 0 && index % 3 == 0 && digit != "-" { text.append(",") }
      text.append(digit)
    }
    return String(text.reversed())
  }

  private static func leftPadded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
