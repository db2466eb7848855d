import Blocks
import Bytes
import Glibc
import Phases
import Posix
import Spool
import Tokens
import TrainAgent
import Training

/// A spool with a tokenizer and blocks, as the agent would have left it.
struct Spool {
  let path: Path
  let layout: SpoolLayout

  static let vocabulary = 384
  static let seqLen = 4

  init(path: Path) throws {
    self.path = path
    layout = try SpoolLayout(path)
  }

  init() throws {
    // In memory where there is such a place: what is tested is the order of durable steps, not the disk.
    let base = (try? Directory("/dev/shm")) == nil ? "/tmp" : "/dev/shm"
    try self.init(path: Path("\(base)/pretraind-train-\(getpid())-\(UInt64.random(in: 0 ... .max))"))
    try layout.tokenizer.publish("tokenizer.json", Spool.tokenizer)
  }

  func remove() { try? Directory(path.parent).removeAll(path.name) }

  static let tokenizer: [UInt8] = {
    var tokens: [[UInt8]?] = TokenizerDefinition.byteTokens.map { $0 }
    tokens += [[UInt8]?](repeating: nil, count: vocabulary - 256)
    let end = AddedToken(id: 256, content: Array("<|endoftext|>".utf8))
    let definition = TokenizerDefinition(
      pattern: SplitPattern.allCases[0], tokens: tokens, merges: [], addedTokens: [end])
    return definition.tokenizerJSON()
  }()

  /// Publishes block `number`: `windows` windows of four tokens; the ids follow from the number.
  func publish(
    _ number: Int, revision: Int = 1, windows: Int = 6, poison: Int? = nil, phase: Phase = Phase(seqLen: Spool.seqLen)
  ) throws {
    let writer = try BlockWriter(
      layout.blocks, BlockName(number: number, revision: revision), vocabulary: Spool.vocabulary, endOfDocument: 256,
      channels: ["zh", "en", "code"])
    var ids = (0..<(windows * Spool.seqLen)).map { Int32(($0 * 7 + number * 13) % 60) }
    if let poison { ids[poison * Spool.seqLen + 2] = TinyEngine.poison }
    ids.append(256)
    let middle = ids.count / 2
    try Array(ids[..<middle]).withUnsafeBufferPointer { try writer.append($0, channel: 0) }
    try Array(ids[middle...]).withUnsafeBufferPointer { try writer.append($0, channel: 2) }
    try writer.publish(
      BlockDetails(
        tokenizerSHA256: Digest.hex(Digest.sha256(Spool.tokenizer)), seed: 0, cut: number, phase: phase.resolved))
  }

  func drop(_ name: String, _ content: String = "") throws {
    try layout.control.replaceFile(Path(name), with: Array(content.utf8))
  }

  func json(_ path: String) -> JSONValue? {
    guard let bytes = try? layout.root.read(Path(path)) else { return nil }
    return try? JSONParser.parse(bytes)
  }

  /// The newest answer to a sentinel.
  func answer(_ name: String) -> JSONValue? {
    let names = (try? layout.acknowledgements.names()) ?? []
    guard let newest = names.last(where: { $0.hasPrefix("0") && $0.hasSuffix("-\(name).json") }) else { return nil }
    return json("control/ack/\(newest)")
  }

  var head: JSONValue? { json("runs/main/HEAD.json") }

  /// Digest of all weights and moments that a checkpoint holds.
  func weights(_ checkpoint: String? = nil) -> String {
    let name = checkpoint ?? head?["checkpoint"]?.string ?? ""
    return ["model.safetensors", "optimizer.safetensors"].map { file in
      let bytes = (try? layout.checkpoints.read(Path("\(name)/\(file)"))) ?? []
      return Digest.hex(Digest.sha256(bytes))
    }.joined()
  }

  func checkpoints(_ lineage: String) -> [String] {
    guard let folder = try? layout.checkpoints.open(Path(lineage)) else { return [] }
    return ((try? folder.names()) ?? []).map(\.description)
  }

  static let configuration: TrainConfiguration = {
    var configuration = TrainConfiguration()
    configuration.model.layers = 1
    configuration.model.hidden = 8
    configuration.model.heads = 2
    configuration.model.kvHeads = 1
    configuration.model.intermediate = 8
    configuration.train.seqLen = seqLen
    configuration.train.batchTokens = 2 * seqLen
    configuration.train.saveSeconds = 0
    configuration.train.threads = 1
    configuration.train.peakRate = 0.01
    configuration.train.warmupSteps = 3
    configuration.train.peakGigaflops = 10
    return configuration
  }()

  /// Trains until nothing is left. `each` is called whenever the trainer asks whether to stop.
  func train(
    _ configuration: TrainConfiguration = Spool.configuration, engine: EngineBuilder? = nil,
    each: @escaping () throws -> Bool = { false }
  ) throws {
    var options = TrainOptions(
      shouldStop: {
        do { return try each() } catch { return true }
      }, say: { _ in })
    options.untilIdle = true
    options.agentIsDone = { true }
    options.engine = engine ?? EngineBuilder(name: "tiny", make: { shape, _ in TinyEngine(shape) })
    try TrainAgent.run(layout: layout, configuration: configuration, options: options)
  }
}
