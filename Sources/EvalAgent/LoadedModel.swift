import Evaluation
import Posix
import Training

/// A checkpoint made ready to answer.
public struct LoadedModel {
  /// For people: what kind of model, how big.
  public let name: String
  public let model: any LanguageModel
  public let codec: TextCodec
  /// Tokens it was trained to see at most.
  public let contextLength: Int

  public init(name: String, model: any LanguageModel, codec: TextCodec, contextLength: Int) {
    self.name = name
    self.model = model
    self.codec = codec
    self.contextLength = contextLength
  }
}

/// Why a checkpoint cannot be evaluated.
public struct ModelError: Error, Equatable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }
}

/// Makes models of checkpoints: the native engine, or another in its place.
public protocol ModelSource {
  /// Loads the checkpoint in `folder`, whose COMMIT.json is `record`.
  func load(_ record: CommitRecord, from folder: Directory) throws(ModelError) -> LoadedModel
}
