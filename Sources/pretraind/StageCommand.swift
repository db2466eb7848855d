import Bytes
import Console
import DataAgent
import Decoding
import Documents
import Parallel
import Posix
import Scoring

/// The per-document stages as filters: JSON lines in, JSON lines out, one for one, in order; a dropped document comes
/// back as a line with `drop`. The same code that the agent runs.
enum StageCommand {
  private static let flags = [
    Flag("threads", "N", "threads (default 1)"),
    Flag("stats", "", "MB of text a second of one thread, by stage, to stderr"),
  ]
  static let classify = Command("classify", "", "filter: adds channel, genre and what is carved out", flags: flags)
  static let clean = Command(
    "clean", "[FILE...]",
    "filter: all that the agent does to one document; `drop` names the rule, `redactions` what is masked", flags: flags,
    details:
      "Texts are made well-formed and normalized, classified, carved, measured, scored, judged by the rules, and desensitized.\n"
      + "Switches: --set redact.enabled=false leaves personal data, clean.enabled=false drops nothing, score.enabled=false\n"
      + "gives everything the same score, classify.carve=false judges code and tables like prose, read.normalize=false leaves\n"
      + "the text as it came.\n"
      + "With FILEs it reads these, of any kind the agent reads, in place of lines from standard input: one line a\n"
      + "document comes out. What cannot be used is told on standard error, and the exit code is 65.")
  static let redact = Command(
    "redact", "", "filter: masks personal data; `redactions` has type, offset, length", flags: flags)
  static let score = Command(
    "score", "", "filter: adds the quality score",
    flags: flags + [
      Flag("command", "COMMAND", "a program that answers JSON lines gives the score of prose, in place of the model")
    ])

  @Sendable static func runClassify(_ context: Context) throws -> Int32 {
    let settings = try context.agentSettings()
    let stages = try context.agentStages(settings)
    return try StageFilter(context, settings, [stages.classifier], [.channel, .genre, .segments, .segmentList]).run()
  }

  @Sendable static func runClean(_ context: Context) throws -> Int32 {
    let settings = try context.agentSettings()
    let stages = try context.agentStages(settings)
    let own: LineMembers = [.channel, .genre, .score, .redactions, .drop, .segments, .ruleFlags, .droppedLines]
    // What is read from files is normalized by its reader.
    let finish = context.words.arguments.isEmpty ? [TextFinish(settings.read)] : []
    guard settings.score.enabled, !settings.score.command.isEmpty else {
      return try StageFilter(context, settings, finish + stages.inOrder, own).run()
    }
    // Rules are to see the score that the agent would have.
    let (before, after) = stages.aroundScore
    let scores = CommandScores(try LineCommand(settings.score.command), settings.score, settings.channels)
    let filter = try StageFilter(context, settings, finish + before, own) { documents in
      try scores.score(&documents)
      for index in documents.indices { for stage in after { stage.process(&documents[index]) } }
    }
    let code = try filter.run()
    try scores.finish()
    return code
  }

  @Sendable static func runRedact(_ context: Context) throws -> Int32 {
    let settings = try context.agentSettings()
    let stages = try context.agentStages(settings)
    return try StageFilter(context, settings, [stages.classifier, stages.redactor], [.redactions, .segments]).run()
  }

  @Sendable static func runScore(_ context: Context) throws -> Int32 {
    let settings = try context.agentSettings()
    let stages = try context.agentStages(settings)
    let list: [any Stage] = [stages.classifier, stages.meter, stages.scorer]
    let command = context.words.value("command") ?? settings.score.command
    if command.isEmpty { return try StageFilter(context, settings, list, [.channel, .score]).run() }
    let scores = CommandScores(try LineCommand(command), settings.score, settings.channels)
    let code = try StageFilter(context, settings, list, [.channel, .score], after: scores.score).run()
    try scores.finish()
    return code
  }
}
