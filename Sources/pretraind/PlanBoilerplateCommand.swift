import Console
import DataAgent
import Deduplication
import Posix

enum PlanBoilerplateCommand {
  static let command = Command(
    "plan boilerplate", "", "lines, paragraphs or sentences that many kept documents of a source share",
    flags: [
      Flag("grain", "GRAIN", "line (default), paragraph, or sentence: three sentences in a row"),
      Flag("least", "N", "documents of one source that have it (default 10)"),
      Flag("top", "N", "shown of each source (default 20)"),
      Flag("write", "FILE", "all of them, as dedupe.boilerplate reads them"),
    ],
    details:
      "Nothing is changed. Strike out of FILE what is no boilerplate, then --set dedupe.boilerplate=FILE: the agent and `clean`\n"
      + "cut what is left in it out of every document of its source that comes from then on (source `*`: of any). Code,\n"
      + "formulas, tables and headings are not looked at.")

  @Sendable static func run(_ context: Context) throws -> Int32 {
    let word = context.words.value("grain") ?? "line"
    guard let grain = Grain(rawValue: word) else {
      throw UsageError("--grain is line, paragraph or sentence, not '\(word)'")
    }
    let least = try context.words.integer("least") ?? 10
    guard least >= 2 else { throw UsageError("--least takes 2 documents or more") }
    let rule = BoilerplateFinder.Rule(grain: grain, least: least, keepsBest: false)
    let plan = try BoilerplatePlan(context.existingSpool(), settings: context.agentSettings(), rule: rule)
    let entries = try plan.entries()
    if let file = context.words.value("write") {
      let (folder, name) = try context.place(Path(file))
      try folder.replaceFile(name, with: entries.flatMap(\.line))
    }
    show(entries, top: try context.words.integer("top") ?? 20)
    return ExitCode.done
  }

  private static func show(_ entries: [BoilerplateList.Entry], top: Int) {
    var source: String?
    var shown = 0
    for entry in entries {
      if entry.source != source {
        let count = entries.count { $0.source == entry.source }
        StandardStreams.print("\(entry.source): \(count)")
        (source, shown) = (entry.source, 0)
      }
      shown += 1
      if shown > top { continue }
      let number = String(entry.documents)
      let excerpt = String(decoding: RepeatedPieces.excerpt(entry.text, 0..<entry.text.count), as: UTF8.self)
      let line = excerpt.split(separator: "\n").joined(separator: " / ")
      StandardStreams.print(String(repeating: " ", count: max(0, 8 - number.count)) + number + "  " + line)
    }
    if entries.isEmpty { StandardStreams.say("no piece is in so many documents of one source") }
  }
}
