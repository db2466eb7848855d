import Bytes
import EngineCPU
import EvalAgent
import Evaluation
import Parallel
import Posix
import Spool
import Suites
import Testing
import Tokens
import Training

/// A checkpoint as the trainer writes it, evaluated by the embedded engine.
@Suite struct NativeModelTests {
  static let shape = ModelShape(vocabulary: 264, layers: 2, hidden: 16, heads: 4, kvHeads: 2, intermediate: 32)

  static func tokenizerJSON() -> [UInt8] {
    let end = AddedToken(id: 256, content: Tokenizer.endOfDocumentText)
    return TokenizerDefinition(
      pattern: .cl100k, tokens: TokenizerDefinition.byteTokens, merges: [], addedTokens: [end]
    ).tokenizerJSON()
  }

  static func publish(_ spool: TestSpool, _ text: String) throws -> (engine: LlamaEngine, record: CommitRecord) {
    let engine = LlamaEngine(shape: shape, pool: WorkerPool(threads: 1))
    engine.initialize(seed: 7)
    let reference = try #require(CheckpointReference(text))
    let tokenizer = tokenizerJSON()
    var position = TrainingPosition()
    position.lineage = reference.lineage
    position.tokens = 640
    let record = CommitRecord(
      reference: reference, position: position, appliedSteps: 0, reason: .block, engine: "native",
      tokenizer: Digest.hex(Digest.sha256(tokenizer)), seed: 7, epoch: 1)
    let published = try CheckpointStore(spool.layout.checkpoints).publish(
      record, of: engine, config: HuggingFaceConfig(shape: shape, maxPositions: 48, endToken: 256),
      companions: [CheckpointStore.Companion(name: "tokenizer.json", bytes: tokenizer)])
    return (engine, published)
  }

  @Test func theWeightsOfTheCheckpointAreTheOnesThatAreScored() throws {
    let spool = try TestSpool()
    let (engine, record) = try Self.publish(spool, "g0000/part-00000")
    let folder = try spool.layout.checkpoints.open("g0000/part-00000")
    let source = NativeModelSource(pool: WorkerPool(threads: 1), tokenizers: spool.layout.tokenizer)
    let loaded = try source.load(record, from: folder)
    #expect(loaded.contextLength == 48 && loaded.codec.endOfDocument == 256)
    let text = Array("水 and ice".utf8)
    let ids = loaded.codec.encode(text)
    #expect(ids.count == text.count && loaded.codec.decode(ids) == text)
    let rows = [[256] + ids]
    let direct = LlamaModel(weights: engine.weights, pool: WorkerPool(threads: 1))
    #expect(loaded.model.score(rows) == direct.score(rows))
  }

  @Test func exampleSuitesGiveResultsWithTheNativeEngine() throws {
    let spool = try TestSpool()
    _ = try Self.publish(spool, "g0000/part-00000")
    for (kind, name, bytes) in try ExampleSuites.files() {
      try spool.layout.suites.replaceFile(Path(name), in: Path(kind.rawValue), with: bytes)
    }
    var settings = EvaluatorTests.settings
    settings.maxItems = 2
    let source = NativeModelSource(pool: WorkerPool(threads: 2), tokenizers: spool.layout.tokenizer)
    try Evaluator(layout: spool.layout, settings: settings, source: source, quiet: 0, shouldStop: { false })
      .run(untilIdle: true)
    let result = try spool.json("eval/results/g0000-part-00000/ppl-plain-zh.json")
    // An untrained model knows next to nothing: about ln of the vocabulary.
    let loss = try #require(result["scores"]?["loss"]?.number)
    #expect(abs(loss - 5.58) < 0.2, "\(loss)")
    #expect(try EvaluatorTests.resultNames(spool).count == 5)
  }

  @Test func aFlippedBitIsRefused() throws {
    let spool = try TestSpool()
    let (_, record) = try Self.publish(spool, "g0000/part-00000")
    let folder = try spool.layout.checkpoints.open("g0000/part-00000")
    var bytes = try folder.read("model.safetensors")
    bytes[bytes.count - 1] ^= 1
    try folder.replaceFile("model.safetensors", with: bytes)
    let source = NativeModelSource(pool: WorkerPool(threads: 1), tokenizers: spool.layout.tokenizer)
    let error = #expect(throws: ModelError.self) { try source.load(record, from: folder) }
    #expect(error?.description.contains("damaged") == true)
  }

  @Test func anotherTokenizerIsRefused() throws {
    let spool = try TestSpool()
    let (_, record) = try Self.publish(spool, "g0000/part-00000")
    let folder = try spool.layout.checkpoints.open("g0000/part-00000")
    try folder.replaceFile("tokenizer.json", with: Self.tokenizerJSON() + [0x20])
    let source = NativeModelSource(pool: WorkerPool(threads: 1), tokenizers: spool.layout.tokenizer)
    #expect(throws: ModelError.self) { try source.load(record, from: folder) }
  }
}

/// The suites under etc/suites of this repository.
enum ExampleSuites {
  static func files() throws -> [(kind: SuiteKind, name: String, bytes: [UInt8])] {
    let root = Path(#filePath).parent.parent.parent / "etc/suites"
    var found: [(kind: SuiteKind, name: String, bytes: [UInt8])] = []
    for kind in SuiteKind.allCases {
      let folder = try Directory(root / Path(kind.rawValue))
      for name in try folder.names() { found.append((kind, name.description, try folder.read(name))) }
    }
    return found
  }
}
