import Bytes
import EngineCPU
import Evaluation
import Parallel
import Posix
import Tokens
import Training

/// Checkpoints computed by the embedded engine.
public struct NativeModelSource: ModelSource {
  private let pool: WorkerPool
  /// The spool's `tokenizer` folder: used for checkpoints that do not hold their own.
  private let tokenizers: Directory

  public init(pool: WorkerPool, tokenizers: Directory) {
    self.pool = pool
    self.tokenizers = tokenizers
  }

  public func load(_ record: CommitRecord, from folder: Directory) throws(ModelError) -> LoadedModel {
    let config = try readConfig(folder)
    let tokenizer = try readTokenizer(record, folder)
    guard let endOfDocument = tokenizer.endOfDocument else {
      throw ModelError("\(folder.path): its tokenizer has no <|endoftext|>, which stands before every text")
    }
    guard tokenizer.vocabularySize <= config.shape.vocabulary else {
      throw ModelError(
        "\(folder.path): the tokenizer has \(tokenizer.vocabularySize) ids, the model only \(config.shape.vocabulary)")
    }
    let model = LlamaModel(shape: config.shape, pool: pool)
    try fill(model, record, folder)
    // Special tokens written out in a suite are text, as in training.
    let encoder = tokenizer.makeEncoder(matchSpecial: false)
    let codec = TextCodec(
      encode: { encoder.encode($0) }, decode: { tokenizer.decode($0) }, endOfDocument: endOfDocument)
    let shape = config.shape
    let name = "llama \(shape.layers)x\(shape.hidden), \(shape.parameterCount) parameters"
    return LoadedModel(name: name, model: model, codec: codec, contextLength: config.maxPositions)
  }

  private func readConfig(_ folder: Directory) throws(ModelError) -> HuggingFaceConfig {
    let bytes = try reading { () throws(SystemError) in try folder.read("config.json", limit: 1 << 20) }
    guard let json = try? JSONParser.parse(bytes), let config = HuggingFaceConfig(json) else {
      throw ModelError("\(folder.path / "config.json") describes no Llama model")
    }
    return config
  }

  private func readTokenizer(_ record: CommitRecord, _ folder: Directory) throws(ModelError) -> Tokenizer {
    let home = folder.exists("tokenizer.json") ? folder : tokenizers
    let bytes = try reading { () throws(SystemError) in try home.read("tokenizer.json", limit: 1 << 28) }
    if !record.tokenizer.isEmpty, Digest.hex(Digest.sha256(bytes)) != record.tokenizer {
      throw ModelError(
        "\(home.path / "tokenizer.json") is not the tokenizer that \(record.reference.text) was trained with")
    }
    do throws(TokenizerError) {
      return try Tokenizer(json: bytes)
    } catch {
      throw ModelError("\(home.path / "tokenizer.json"): \(error)")
    }
  }

  private func fill(_ model: LlamaModel, _ record: CommitRecord, _ folder: Directory) throws(ModelError) {
    let map = try reading { () throws(SystemError) in try MappedFile(folder.openFile("model.safetensors")) }
    if let known = record.files.first(where: { $0.name == "model.safetensors" }),
      known.sha256 != map.sha256
    {
      throw ModelError("\(map.path) does not have the digest in COMMIT.json: it was damaged on the disk")
    }
    let result = Result { () throws(SafeTensorsError) in
      let file = try SafeTensorsFile(map)
      for (index, tensor) in model.shape.tensors.enumerated() {
        ServiceNotify.beat()
        let copied: Result<Void, SafeTensorsError> = model.withTensor(index) { values in
          Result { () throws(SafeTensorsError) in try file.copy(tensor, into: values) }
        }
        try copied.get()
      }
    }
    if case .failure(let error) = result { throw ModelError("\(error)") }
  }

  private func reading<Value>(_ work: () throws(SystemError) -> Value) throws(ModelError) -> Value {
    do throws(SystemError) { return try work() } catch { throw ModelError("\(error)") }
  }
}
