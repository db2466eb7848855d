import Bytes
import Decoding
import Deduplication
import Documents
import Parallel
import Posix
import Spool

/// The other side of `RecordTrial`: a process that takes one record through everything that looks at it alone, and says
/// before each step what it is about to do. What comes out is thrown away: the agent does it again.
public struct LoneRecord {
  private let layout: SpoolLayout
  private let settings: AgentSettings
  private let stages: AgentStages

  public init(layout: SpoolLayout, settings: AgentSettings, stages: AgentStages) {
    self.layout = layout
    self.settings = settings
    self.stages = stages
  }

  struct NoOrder: Error, CustomStringConvertible {
    let description = "state/trial.json does not say which record is to be tried; only the agent starts this command"
  }

  private static func tell(_ word: String) { StandardStreams.print(word) }

  /// - Parameter file: the claimed file, at its start.
  public func run(_ file: File) throws {
    LoneRecord.tell(RecordTrial.tick)
    let order = try JSONParser.parse(try layout.state.read(RecordTrial.orderName))
    guard var claim = order["claim"].flatMap(Claim.init), let progress = order["progress"].flatMap(ClaimProgress.init)
    else { throw NoOrder() }
    claim.progress = progress
    let preparation = Preparation(
      pipeline: stages.pipeline(StageTimes()), sketcher: SketchMaker(settings.dedupe), channels: settings.channels,
      keepsDropped: true, pool: WorkerPool(threads: 1), times: StageTimes())
    let tokenizer = try (try? layout.tokenizer.read("tokenizer.json")).map {
      try LoadedTokenizer(json: $0, pool: preparation.pool)
    }
    LoneRecord.tell(Poison.readStage)
    if let document = try read(claim, file) {
      let prepared = preparation.prepare(PreparedDocument(document: document)) { LoneRecord.tell($0) }
      LoneRecord.tell("tokenize")
      if prepared.document.isKept { _ = tokenizer?.encode(prepared.document.text) }
    }
    LoneRecord.tell(RecordTrial.done)
  }

  /// nil: it is no document, and nobody died of that.
  private func read(_ claim: Claim, _ file: File) throws -> Document? {
    let tick = { LoneRecord.tell(RecordTrial.tick) }
    // A program that is waited for has its own limits.
    let patience = ReadPatience(nil, onWait: tick)
    let options = ClaimReader.options(claim)
    do throws(ReadFailure) {
      let input = try ClaimInput.open(file, name: claim.path.name, settings.read, settings.converters, patience)
      let source = TickingSource(input.source, tick)
      let reader = DocumentReader(
        source: source, format: input.format, settings: settings.read, options: options,
        resumeAt: claim.progress.position,
        careful: true)
      reader.unpackBody = BodyUnpacker(settings: settings.read, patience: patience).unpack
      reader.beforeDecoding = { record in
        LoneRecord.tell("decode")
        PoisonPoint.taste(record, .record)
      }
      let item = try reader.next()
      LoneRecord.tell(Poison.readStage)
      reader.readAhead()
      guard case .document(let raw)? = item else { return nil }
      return ClaimReader.document(raw, claim, options, fileDigest: [], settings.channels)
    } catch {
      // Nothing is known of the record: the machine was short of something.
      if patience.isGivenUp { throw GivenUp(work: "trying a record") }
      return nil
    }
  }
}

/// Gives a sign of life as bytes pass: what stands before a record in a large file takes its time.
private final class TickingSource: ByteSource {
  private static let interval = 1 << 24
  private let source: any ByteSource
  private let tick: () -> Void
  private var passed = 0

  init(_ source: any ByteSource, _ tick: @escaping () -> Void) {
    self.source = source
    self.tick = tick
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReadFailure) -> Int {
    let count = try source.read(into: buffer)
    if (passed + count) / TickingSource.interval > passed / TickingSource.interval { tick() }
    passed += count
    return count
  }
}
