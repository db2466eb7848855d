import Console
import DataAgent
import Filtering
import Parallel
import Posix
import Settings
import Tokenization
import Tokens

enum TokenizerReportCommand {
  static let command = Command(
    "tokenizer report", "[FILE ...]",
    "how well a tokenizer fits a text, and which of its tokens a person should look at",
    flags: [
      TokenizerCommand.file, Flag("against", "NAME=FILE", "another tokenizer beside it; may be repeated"),
      Flag("suspects", "FILE", "phrases no token should hold; may be repeated (default: clean.keyword_folder)"),
      Flag("most", "N", "tokens shown of each kind (default 20)"),
      Flag("suspects-out", "FILE", "the suspects as a list for tokenize.banned, to be looked through"),
    ],
    details: "FILEs as for `tokenizer train`; without one the spool's kept documents, up to tokenize.train_mb.")

  @Sendable static func run(_ context: Context) throws -> Int32 {
    let own = try TokenizerCommand.tokenizer(context)
    var tokenizers = [(name: "this", tokenizer: own)]
    for pair in context.words.values("against") {
      let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { throw UsageError("--against takes NAME=FILE, not '\(pair)'") }
      tokenizers.append((parts[0], try Tokenizer(json: try context.readFile(Path(parts[1])))))
    }
    let report = VocabularyReport(tokenizers)
    let limit = try context.settings().decode(TokenizeSettings.self).trainMegabytes * 1_000_000
    var bytes = 0
    try TrainingText(context, WorkerPool(threads: 1)).forEach { text, channel in
      report.add(text, channel: channel.isEmpty ? "text" : channel)
      bytes += text.count
      return !context.words.arguments.isEmpty || bytes < limit
    }
    let most = try context.words.integer("most") ?? 20
    show(report)
    showCoverage(report, most)
    showTokens(report, most)
    let suspects = report.suspects(try lists(context))
    showSuspects(suspects, most, own)
    if let file = context.words.value("suspects-out") {
      let (folder, name) = try context.place(Path(file))
      let lines = suspects.flatMap { suspect -> [UInt8] in
        Array("# \(suspect.reason), \(suspect.uses) uses\n=".utf8) + trimmed(own, suspect.id) + [0x0A]
      }
      try folder.replaceFile(name, with: lines)
    }
    return ExitCode.done
  }

  private static func lists(_ context: Context) throws -> [(name: String, phrases: BannedTokens)] {
    let files = context.words.values("suspects")
    if !files.isEmpty { return try files.map { ($0, BannedTokens(list: try context.readFile(Path($0)))) } }
    let clean = try context.agentSettings().clean
    guard !clean.keywordFolder.isEmpty else { return [] }
    let folder = try Directory(Path(clean.keywordFolder))
    return try PhraseLists.signals.compactMap { name, _ in
      guard let list = try folder.readIfThere(Path("\(name).txt")) else { return nil }
      return (name, BannedTokens(list: list))
    }
  }

  private static func show(_ report: VocabularyReport) {
    StandardStreams.print("channel        MB  bytes/token  chars/token  tokens/word  han/token")
    for (channel, row) in report.channels.sorted(by: { $0.key < $1.key }) {
      for (index, name) in report.names.enumerated() {
        let (units, tokens) = (row.units, max(1, row.tokens[index]))
        let ratio = { (part: Int, whole: Int) in padded(Double(part) / Double(max(1, whole)), 11) }
        // Of a text that is not Chinese the last column would say nothing.
        let han = units.han * 2 > units.characters ? ratio(units.han, tokens) : ""
        StandardStreams.print(
          "\(left(channel, 10))\(padded(Double(units.bytes) / 1e6, 7))  \(ratio(units.bytes, tokens))  "
            + "\(ratio(units.characters, tokens))  \(ratio(tokens, units.words))\(han)  \(name)")
      }
    }
  }

  private static func showCoverage(_ report: VocabularyReport, _ most: Int) {
    let coverage = report.coverage
    let share = (Double(coverage.covered) / Double(max(1, coverage.met)) * 10_000).rounded() / 100
    let missing = coverage.missing.prefix(most).compactMap { entry in
      Unicode.Scalar(entry.code).map { "\(Character($0)) \(entry.count)" }
    }
    StandardStreams.print(
      "\ncoverage: \(share) % of \(coverage.met) characters outside ASCII are one token; \(coverage.missing.count) distinct "
        + "ones are not" + (missing.isEmpty ? "" : ": " + missing.joined(separator: ", ")))
  }

  private static func showTokens(_ report: VocabularyReport, _ most: Int) {
    let line = { (token: (id: Int32, bytes: [UInt8], uses: Int)) in
      StandardStreams.print("  \(token.id)  \(token.uses)  \(quoted(token.bytes))")
    }
    StandardStreams.print("\nlongest tokens (id, uses, text):")
    report.longest(most).forEach(line)
    let rarest = report.rarest(most)
    StandardStreams.print("\nrarest tokens; \(rarest.unused) were never used:")
    rarest.used.forEach(line)
  }

  private static func showSuspects(_ suspects: [VocabularyReport.Suspect], _ most: Int, _ tokenizer: Tokenizer) {
    StandardStreams.print("\n\(suspects.count) suspects (id, uses, text, why):")
    for suspect in suspects.prefix(most) {
      StandardStreams.print(
        "  \(suspect.id)  \(suspect.uses)  \(quoted(Array(tokenizer.bytes(of: suspect.id))))  \(suspect.reason)")
    }
  }

  private static func trimmed(_ tokenizer: Tokenizer, _ id: Int32) -> [UInt8] {
    Array(tokenizer.bytes(of: id).drop { $0 == 0x20 })
  }

  private static func quoted(_ bytes: [UInt8]) -> String {
    "\""
      + String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
      .joined(separator: "\\n") + "\""
  }

  private static func left(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private static func padded(_ number: Double, _ width: Int) -> String {
    let hundredths = Int((number * 100).rounded())
    let text = "\(hundredths / 100)." + String("\(hundredths % 100 + 100)".dropFirst())
    return String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
