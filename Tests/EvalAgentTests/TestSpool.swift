import Bytes
import EvalAgent
import Evaluation
import Fixtures
import Glibc
import Posix
import Spool
import Training

/// A spool of its own in the temporary folder, removed with the object.
final class TestSpool {
  let layout: SpoolLayout
  private let scratch: Scratch

  init() throws {
    scratch = try Scratch()
    layout = try SpoolLayout(scratch.directory.path)
  }

  var path: String { layout.root.path.description }

  func drop(_ suite: String, _ text: String) throws {
    try layout.suites.replaceFile(Path(suite).name, in: Path(suite).parent, with: Array(text.utf8))
  }

  /// A committed checkpoint without weights: the models of these tests are made of its tokens.
  func addCheckpoint(_ text: String, tokens: Int) throws {
    guard let reference = CheckpointReference(text) else { throw ModelError("\(text) is no checkpoint") }
    var position = TrainingPosition()
    position.lineage = reference.lineage
    position.step = tokens / 10
    position.tokens = tokens
    let record = CommitRecord(
      reference: reference, position: position, appliedSteps: tokens / 10, reason: .block, engine: "native",
      tokenizer: "",
      seed: 1, epoch: 1)
    let folder = try layout.checkpoints.make(Path(text))
    try folder.replaceFile("COMMIT.json", with: JSONWriter.pretty(record.json(time: "")))
  }

  /// Every file below a folder of the spool with its bytes; links with their place only.
  func files(_ folder: Path) throws -> [String: [UInt8]] {
    var found: [String: [UInt8]] = [:]
    let directory = try layout.root.open(folder)
    for name in try directory.names() {
      let status = try directory.status(name)
      let path = folder / name
      switch status.kind {
      case .directory: found.merge(try files(path)) { first, _ in first }
      case .regular: found[path.description] = try directory.read(name)
      default: found[path.description] = []
      }
    }
    return found
  }

  func json(_ path: String) throws -> JSONValue { try JSONParser.parse(try layout.root.read(Path(path))) }
  func text(_ path: String) throws -> String { String(decoding: try layout.root.read(Path(path)), as: UTF8.self) }
}

extension Directory {
  func replaceFile(_ name: Path, in folder: Path, with bytes: [UInt8]) throws(SystemError) {
    try make(folder).replaceFile(name, with: bytes)
  }
}

/// Says every byte with the same probability, the likelier the more tokens its checkpoint has eaten.
final class EvenModel: LanguageModel {
  let shape = ModelShape(vocabulary: 257, layers: 1, hidden: 2, heads: 1, kvHeads: 1, intermediate: 2)
  private let logProbability: Float

  init(tokens: Int) { logProbability = -8 + Float(tokens) / 1000 }

  func score(_ rows: [[Int32]]) -> [[TokenScore]] {
    rows.map { $0.dropFirst().map { _ in TokenScore(logProbability: logProbability, rank: 3) } }
  }

  func generate(prompt: [Int32], maxTokens: Int, choose: (UnsafeBufferPointer<Float>) -> Int32?) -> [Int32] {
    var logits = [Float](repeating: 0, count: 257)
    logits[Int(UInt8(ascii: "A")) + 1] = 1
    var said: [Int32] = []
    while said.count < maxTokens, let next = logits.withUnsafeBufferPointer(choose) { said.append(next) }
    return said
  }
}

struct EvenSource: ModelSource {
  /// Checkpoints that cannot be loaded.
  var damaged: Set<String> = []
  /// Called before each load.
  var beforeLoad: @Sendable (CommitRecord) -> Void = { _ in }

  func load(_ record: CommitRecord, from folder: Directory) throws(ModelError) -> LoadedModel {
    beforeLoad(record)
    if damaged.contains(record.reference.text) { throw ModelError("the weights are damaged") }
    guard folder.exists("COMMIT.json") else { throw ModelError("gone") }
    let codec = TextCodec(
      encode: { $0.map { Int32($0) + 1 } }, decode: { $0.compactMap { $0 == 0 ? nil : UInt8($0 - 1) } },
      endOfDocument: 0)
    return LoadedModel(
      name: "even", model: EvenModel(tokens: record.position.tokens), codec: codec, contextLength: 32)
  }
}
