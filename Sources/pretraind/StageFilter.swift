import Bytes
import Console
import DataAgent
import Documents
import Parallel
import Posix

/// Stages between standard input, or files, and standard output.
///
/// Shared by the workers: what changes here is touched only where the stream runs one at a time.
final class StageFilter: @unchecked Sendable {
  private let stages: [any Stage]
  private let own: LineMembers
  private let channels: ChannelTable
  private let threads: WorkerPool
  private let stats: StageStats?
  /// Sees many documents at once, when the stages are done with them.
  private let after: ((inout [Document]) throws -> Void)?
  private let pool = ChunkPool()
  private let files: RawFiles?
  private let lines: LineInput
  private let output = StandardStreams.output
  private var linesDone = 0

  /// - Parameter own: the members of a line that this filter gives; others pass through as they are.
  init(
    _ context: Context, _ settings: AgentSettings, _ stages: [any Stage], _ own: LineMembers,
    after: ((inout [Document]) throws -> Void)? = nil
  ) throws {
    let stats = context.words.has("stats") ? StageStats() : nil
    self.stages = stats.map { stats in stages.map { TimedStage($0, stats) } } ?? stages
    self.stats = stats
    self.own = own
    self.after = after
    channels = settings.channels
    threads = WorkerPool(threads: try context.words.integer("threads") ?? 1)
    let takesFiles = !context.words.command.arguments.isEmpty && !context.words.arguments.isEmpty
    lines = LineInput(pool)
    files = takesFiles ? RawFiles(context.words.arguments, settings, pool) : nil
  }

  func run() throws -> Int32 {
    defer { if let stats { StandardStreams.say(stats.report) } }
    try threads.stream(next: { try self.fetch() }, work: { self.process($0) }, deliver: { try self.deliver($0) })
    return files?.hasFailed ?? false ? ExitCode.data : ExitCode.done
  }

  private func fetch() throws -> LineChunk? { if let files { try files.next() } else { try lines.next() } }

  private func process(_ chunk: LineChunk) {
    chunk.forEachLine { (line) throws(StageLine.Refusal) in
      var line = try StageLine(line, channels)
      for stage in stages { stage.process(&line.document) }
      if after == nil { line.write(own, channels, to: &chunk.output) } else { chunk.held.append(line) }
    }
  }

  private func deliver(_ chunk: LineChunk) throws {
    if let after { try finish(chunk, after) }
    let bytes = chunk.output.bytes
    if !bytes.isEmpty { try output.write(bytes) }
    if let reason = chunk.badLine { throw BadStreamLine(number: linesDone + chunk.lines, reason: reason) }
    linesDone += chunk.lines
    pool.give(chunk)
  }

  private func finish(_ chunk: LineChunk, _ after: (inout [Document]) throws -> Void) throws {
    var documents = chunk.held.map(\.document)
    for index in documents.indices { documents[index].id = Identifier(of: documents[index].text) }
    try after(&documents)
    for (line, document) in zip(chunk.held, documents) {
      var line = line
      line.document = document
      line.write(own, channels, to: &chunk.output)
    }
  }
}
