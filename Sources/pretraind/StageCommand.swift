import Bytes
import Console
import DataAgent
import Documents
import Parallel
import Posix
import Scoring

/// The per-document stages as filters: JSON lines in, JSON lines out, one for one, in order; a dropped document comes
/// back
/// as a line with `drop`. The same code that the agent runs.
enum StageCommand {
  private static let flags = [
    Flag("threads", "N", "threads (default 1)"),
    Flag("stats", "", "MB of text a second of one thread, by stage, to stderr"),
  ]
  static let classify = Command("classify", "", "filter: adds channel, genre and what is carved out", flags: flags)
  static let clean = Command(
    "clean", "[FILE...]", "filter: measures, scores and judges; `drop` names the rule", flags: flags,
    details:
      "With FILEs it reads these, of any kind the agent reads, in place of lines from standard input: one line a\n"
      + "document comes out. What cannot be used is told on standard error, and the exit code is 65.")
  static let redact = Command(
    "redact", "", "filter: masks personal data; `redactions` has type, offset, length", flags: flags)
  static let score = Command(
    "score", "", "filter: adds the quality score",
    flags: flags + [
      Flag("command", "COMMAND", "a program that answers JSON lines gives the score of prose, in place of the model")
    ])

  @Sendable static func runClassify(_ context: Context) throws -> Int32 {
    let stages = try context.agentStages(context.agentSettings())
    return try run(context, [stages.classifier], ["channel", "genre", "segments"])
  }

  @Sendable static func runClean(_ context: Context) throws -> Int32 {
    let stages = try context.agentStages(context.agentSettings())
    var list: [any Stage] = [stages.classifier, stages.meter, stages.scorer]
    if let filter = stages.filter { list.append(filter) }
    return try run(context, list, ["channel", "genre", "score"])
  }

  @Sendable static func runRedact(_ context: Context) throws -> Int32 {
    let stages = try context.agentStages(context.agentSettings())
    return try run(context, [stages.classifier, stages.redactor], ["text", "redactions"])
  }

  @Sendable static func runScore(_ context: Context) throws -> Int32 {
    let stages = try context.agentStages(context.agentSettings())
    let list: [any Stage] = [stages.classifier, stages.meter, stages.scorer]
    let settings = try context.agentSettings()
    let command = context.words.value("command") ?? settings.score.command
    if command.isEmpty { return try run(context, list, ["channel", "score"]) }
    let scores = CommandScores(try LineCommand(command), settings.score, settings.channels)
    let code = try run(context, list, ["channel", "score"], after: scores.score)
    try scores.finish()
    return code
  }

  /// - Parameter fields: what the stages are asked for; other members of a line pass through as they are.
  ///   - after: what sees many documents at once when the stages are done with them.
  private static func run(
    _ context: Context, _ stages: [any Stage], _ fields: Set<String>, after: ((inout [Document]) throws -> Void)? = nil
  ) throws -> Int32 {
    let pool = WorkerPool(threads: try context.words.integer("threads") ?? 1)
    let channels = try context.agentSettings().channels
    let stats = context.words.has("stats") ? StageStats() : nil
    let stages = stats.map { stats in stages.map { TimedStage($0, stats) } } ?? stages
    defer { if let stats { StandardStreams.say(stats.report) } }
    let transform = { (lines: [[UInt8]], first: Int) throws -> [UInt8] in
      let results = pool.map(lines.count) { index -> Result<StageLine, any Error> in
        Result { try StageLine(lines[index], first + index, channels).processed(stages) }
      }
      var done = try results.map { try $0.get() }
      if let after {
        var documents = done.map(\.document)
        try after(&documents)
        for index in done.indices { done[index].document = documents[index] }
      }
      let judged = done
      return pool.map(judged.count) { judged[$0].encoded(fields, channels) }.flatMap { $0 }
    }
    let files = context.words.arguments
    if files.isEmpty || context.words.command.arguments.isEmpty {
      try JSONLinesFilter.run(transform)
      return ExitCode.done
    }
    let raw = RawFiles(try context.agentSettings(), transform)
    try raw.run(files)
    return raw.hasFailed ? ExitCode.data : ExitCode.done
  }
}

/// One line of a filter: the document in it, and its other members kept as written.
struct StageLine {
  var document: Document
  private let others: [(key: [UInt8], value: [UInt8])]
  private static let ours = [
    "text", "channel", "genre", "score", "drop", "redactions", "segments", "rule_flags", "dropped_lines",
  ].map {
    Array($0.utf8)
  }

  init(_ line: [UInt8], _ number: Int, _ channels: ChannelTable) throws {
    let text = try JSONLinesFilter.text(line, number)
    document = Document(id: Identifier(of: text), text: text, source: "stdin", origin: "\(number)")
    let members = try StageLine.members(line)
    others = members.filter { !StageLine.ours.contains($0.key) }
    let given = members.first { $0.key == StageLine.ours[1] }.flatMap { try? JSONParser.parse($0.value) }
    if let channel = given?.string.flatMap({ channels.channel($0) }) {
      document.channel = channel
      document.flags.insert(.channelGiven)
    }
  }

  private static func members(_ line: [UInt8]) throws -> [(key: [UInt8], value: [UInt8])] {
    try line.withUnsafeBufferPointer { bytes in
      try JSONFields(bytes).fields.map { (Array(bytes[$0.key]), Array(bytes[$0.value])) }
    }
  }

  consuming func processed(_ stages: [any Stage]) -> StageLine {
    for stage in stages { stage.process(&document) }
    return self
  }

  func encoded(_ fields: Set<String>, _ channels: ChannelTable) -> [UInt8] {
    var writer = JSONWriter()
    writer.beginObject()
    for (key, value) in others {
      writer.key(String(decoding: key, as: UTF8.self))
      writer.raw(value)
    }
    if fields.contains("channel") || document.flags.contains(.channelGiven) {
      writer.key("channel")
      writer.value(.string(channels.name(document.channel)))
    }
    if fields.contains("genre") {
      writer.key("genre")
      writer.value(.string(document.genre.name))
    }
    if fields.contains("score") {
      writer.key("score")
      writer.value(.number(Double(document.score)))
    }
    if case .filtered(let hit) = document.verdict {
      writer.key("drop")
      writer.value(
        .object([
          "stage": .string(hit.rule.hasPrefix("redact.") ? "redact" : "filter"), "rule": .string(hit.rule),
          "value": .number(Double(hit.value)),
          "threshold": .number(Double(hit.threshold)),
        ]))
    }
    if !document.ruleFlags.isEmpty {
      writer.key("rule_flags")
      writer.value(.array(document.ruleFlags.map { .string($0) }))
    }
    if !document.droppedLines.isEmpty {
      writer.key("dropped_lines")
      writer.value(.object(document.droppedLines.map { JSONMember($0.first.rule, .integer($0.count)) }))
    }
    if fields.contains("segments") {
      writer.key("segments")
      writer.value(document.segments.json)
    }
    if fields.contains("redactions") {
      writer.key("redactions")
      writer.value(
        .array(document.redactions.map { .array([.string($0.type), .integer($0.offset), .integer($0.length)]) }))
    }
    writer.key("text")
    writer.text(document.text)
    writer.endObject()
    return writer.bytes + [0x0A]
  }
}
