import Bytes
import Settings

/// Reads a suite from the bytes of its files. Strict: what is not understood is refused with its line.
extension Suite {
  /// - Parameters:
  ///   - name: the file's name without its extension.
  ///   - items: the `.jsonl` file.
  ///   - settings: the `.json5` beside it, for benchmarks only.
  public static func read(
    kind: SuiteKind, name: String, items: [UInt8], settings: [UInt8]? = nil
  ) throws(SuiteError) -> Suite {
    let file = "\(kind.rawValue)/\(name).jsonl"
    try checkName(name, file: file)
    let sha256 = Digest.hex(Digest.sha256(items + (settings ?? [])))
    let content: Content
    switch kind {
    case .ppl: content = .ppl(try readPerplexity(items, file: file))
    case .probe: content = .probe(try readProbes(items, file: file))
    case .benchmark:
      let read = try readBenchmark(items, file: file)
      content = .benchmark(read, try readSettings(settings, items: read, name: name))
    }
    return Suite(name: name, sha256: sha256, content: content)
  }

  /// The name becomes part of result and trend files.
  private static func checkName(_ name: String, file: String) throws(SuiteError) {
    let bad = name.utf8.contains { $0 <= 0x20 || $0 == 0x7F || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "/") }
    if name.isEmpty || bad {
      throw SuiteError(
        file: file, reason: "a suite's name must not be empty nor have blanks or dots before .jsonl",
        remedy: "rename the file")
    }
  }

  private static func readPerplexity(_ bytes: [UInt8], file: String) throws(SuiteError) -> [PerplexityItem] {
    try SuiteLine.readAll(bytes, file: file, id: \PerplexityItem.id) { (line) throws(SuiteError) in
      try line.checkKeys(["id", "text", "channel"])
      return PerplexityItem(id: try line.identifier(), text: try line.text("text"), channel: try line.label("channel"))
    }
  }

  private static func readProbes(_ bytes: [UInt8], file: String) throws(SuiteError) -> [ProbeItem] {
    try SuiteLine.readAll(bytes, file: file, id: \ProbeItem.id) { (line) throws(SuiteError) in
      try line.checkKeys(["id", "group", "prompt", "target", "text", "better", "worse"])
      return ProbeItem(id: try line.identifier(), group: try line.label("group"), probe: try readProbe(line))
    }
  }

  /// Exactly one of the three shapes.
  private static func readProbe(_ line: SuiteLine) throws(SuiteError) -> ProbeItem.Probe {
    let target = line.has("prompt") || line.has("target")
    let text = line.has("text")
    let comparison = line.has("better") || line.has("worse")
    guard [target, text, comparison].filter({ $0 }).count == 1 else {
      throw line.error(
        "a probe has one of three shapes", "write {prompt, target} or {text} or {better, worse}, one of them a line")
    }
    if target { return .target(prompt: try line.text("prompt"), target: try line.text("target")) }
    if text { return .text(try line.text("text")) }
    let (better, worse) = (try line.text("better"), try line.text("worse"))
    if better == worse {
      throw line.error("'better' and 'worse' are the same", "change one of them or remove the line")
    }
    return .comparison(better: better, worse: worse)
  }
}
