import Console
import DataAgent
import Deduplication
import Parallel
import Posix

/// Duplicates as filters: `sketch` is the mapper of a job elsewhere, `dedupe` judges a whole stream.
enum DedupeCommand {
  static let sketch = Command(
    "sketch", "", "filter: adds the keys that documents which may be alike share",
    flags: [Flag("threads", "N", "threads (default 1)")],
    details:
      "`sketch` holds `bands` (documents that share one may be alike; none when a text is too short), `exact` (equal for\n"
      + "texts that differ by case, width, spaces and punctuation only), `shingles` (how many), and `url` where the line has\n"
      + "a URL. Keys of different channels never agree.")
  static let dedupe = Command(
    "dedupe", "", "filter: `drop` names the better document that a duplicate goes for; reads the whole stream first",
    flags: [
      Flag("threads", "N", "threads (default 1)"),
      Flag("threshold", "T", "one Jaccard similarity for all channels and genres, in place of the configured ones"),
      Flag("lines", "N", "also cuts lines that N surviving documents of one `source` have or more, at least 2"),
      Flag("paragraphs", "N", "the same of paragraphs"),
      Flag("sentences", "N", "the same of three sentences in a row"),
      Flag("keep-best", "", "the best document that has it keeps what is cut of the others"),
      Flag("stats", "", "MB of text a second of one thread, to stderr"),
    ],
    details:
      "Lines may have `id`, `channel`, `genre`, `score`, `url`, `date`; the best by (score, length, date, text) stays, as in\n"
      + "the agent, which gives those members: pretraind clean <in | pretraind dedupe >out. Lines with `drop` pass and take\n"
      + "no part. `drop` has `rule` (url, exact, near), `value` (the similarity), `threshold`, `of` (the survivor's `id`) and\n"
      + "`of_line`; survivors of several have `cluster_size`, those that lost pieces `dropped_lines`; where fewer than\n"
      + "dedupe.least_left words are left, `drop` has the rule boilerplate.stump. The stream waits in a nameless file below\n"
      + "$TMPDIR (/var/tmp)."
  )

  @Sendable static func runSketch(_ context: Context) throws -> Int32 {
    let settings = try context.agentSettings()
    let sketcher = LineSketcher(settings, classifier: try context.agentStages(settings).classifier)
    let pool = WorkerPool(threads: try context.words.integer("threads") ?? 1)
    try JSONLinesFilter.run { lines, first in
      let results = pool.map(lines.count) { index -> Result<[UInt8], BadStreamLine> in
        do throws(BadStreamLine) {
          return .success(try sketcher.sketched(lines[index], first + index))
        } catch {
          return .failure(error)
        }
      }
      return try results.flatMap { try $0.get() + [0x0A] }
    }
    return ExitCode.done
  }

  @Sendable static func runDedupe(_ context: Context) throws -> Int32 {
    var settings = try context.agentSettings()
    if let word = context.words.value("threshold") {
      guard let threshold = Double(word), (0.5...1).contains(threshold) else {
        throw UsageError("--threshold takes a similarity in 0.5...1, not '\(word)'")
      }
      settings.dedupe.threshold = threshold
      settings.dedupe.thresholds = []
    }
    let pool = WorkerPool(threads: try context.words.integer("threads") ?? 1)
    let work = StreamDeduplication(
      try held(StandardStreams.input), settings: settings,
      classifier: try context.agentStages(settings).classifier, pool: pool, pieces: try pieces(context.words))
    try work.run()
    try work.findPieces()
    let output = StandardStreams.output
    try work.write { bytes in try output.write(bytes) }
    if context.words.has("stats") { StandardStreams.say(report(work.times)) }
    return ExitCode.done
  }

  private static func pieces(_ words: ParsedCommand) throws -> [BoilerplateFinder.Rule] {
    let grains: [(flag: String, grain: Grain)] = [
      ("lines", .line), ("paragraphs", .paragraph), ("sentences", .sentence),
    ]
    return try grains.compactMap { flag, grain in
      guard let least = try words.integer(flag) else { return nil }
      guard least >= 2 else { throw UsageError("--\(flag) takes 2 documents or more, not \(least)") }
      return BoilerplateFinder.Rule(grain: grain, least: least, keepsBest: words.has("keep-best"))
    }
  }

  /// All of the stream as one piece of memory that the system may take back.
  private static func held(_ input: File) throws(SystemError) -> MappedFile {
    let scratch = try Directory.forScratch().scratchFile()
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)
    defer { buffer.deallocate() }
    while true {
      let count = try input.read(into: buffer)
      if count == 0 { return try MappedFile(scratch) }
      try scratch.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
  }

  private static func report(_ times: StreamDeduplication.Times) -> String {
    let megabytes = Double(times.textBytes) / 1e6
    func rate(_ seconds: Double) -> Int { Int((megabytes / max(seconds, 1e-9)).rounded()) }
    return "sketch: \(rate(times.sketchSeconds)) MB/s of text, one thread (\(Int(megabytes.rounded())) MB)\n"
      + "look up, verify, cluster: \(rate(times.judgeSeconds))\n"
      + "both: \(rate(times.sketchSeconds + times.judgeSeconds))\n"
      + "with parsing and classifying: \(rate(times.readSeconds + times.judgeSeconds))"
  }
}
