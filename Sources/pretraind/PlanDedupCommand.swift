import Console
import DataAgent
import Documents
import Posix

enum PlanDedupCommand {
  static let command = Command(
    "plan dedup", "", "what each threshold of the deduplication would leave of the corpus, by channel",
    flags: [
      Flag("target-tokens", "N", "also the threshold that leaves this many tokens"),
      Flag("svg", "FILE", "the curve as a picture"),
    ],
    details:
      "Judges the whole corpus anew at every threshold, from the sketches and texts that are there; nothing is changed.\n"
      + "Until the tokenizer is there four bytes of text are taken for a token.")

  /// Hundredths from a threshold that is shown to the next.
  private static let step = 5

  @Sendable static func run(_ context: Context) throws -> Int32 {
    let target = try context.words.integer("target-tokens")
    let plan = try DedupPlan(context.existingSpool(), settings: context.agentSettings())
    let rows = try plan.rows()
    let shown = rows.indices.filter { $0 % step == 0 }.map { point(rows[$0]) }
    let curve = ThresholdCurve(names: plan.channels.names, before: point(plan.before), points: shown)
    if !plan.areTokensCounted { StandardStreams.say("no token files yet: four bytes of text are taken for a token") }
    for line in curve.table + curve.plot() { StandardStreams.print(line) }
    let configured = try plan.configured()
    StandardStreams.print("\nas configured: \(configured.allTokens) tokens of \(configured.documents) documents left")
    if let file = context.words.value("svg") {
      let (folder, name) = try context.place(Path(file))
      try folder.replaceFile(name, with: Array(curve.svg.utf8))
    }
    guard let target else { return ExitCode.done }
    if let row = plan.threshold(leaving: target, rows: rows) {
      StandardStreams.print("dedupe.threshold=\(row.threshold) leaves \(row.allTokens) tokens")
      return ExitCode.done
    }
    StandardStreams.say("even with equal texts alone removed there are fewer than \(target) tokens")
    return ExitCode.data
  }

  private static func point(_ row: DedupPlan.Row) -> ThresholdCurve.Point {
    ThresholdCurve.Point(threshold: row.threshold, tokens: row.tokens, documents: row.documents)
  }
}
