import Training

/// Text to ids and back, whoever does it.
public struct TextCodec {
  public let encode: ([UInt8]) -> [Int32]
  public let decode: ([Int32]) -> [UInt8]
  /// Stands before every text, as it does in training.
  public let endOfDocument: Int32

  public init(encode: @escaping ([UInt8]) -> [Int32], decode: @escaping ([Int32]) -> [UInt8], endOfDocument: Int32) {
    self.encode = encode
    self.decode = decode
    self.endOfDocument = endOfDocument
  }
}

/// The evaluation was asked to end before it was done; nothing of it may be kept.
public struct EvaluationCancelled: Error {
  public init() {}
}

/// What every evaluation works with.
public struct EvaluationContext {
  public let model: any LanguageModel
  public let codec: TextCodec
  /// Tokens the model sees at most.
  public let contextLength: Int
  /// Items of a suite used at most, the first ones; 0 = all.
  public let maxItems: Int
  /// Tokens handed to the model at once.
  public let batchTokens: Int
  /// Asked between batches.
  public let isCancelled: () -> Bool

  public init(
    model: any LanguageModel, codec: TextCodec, contextLength: Int, maxItems: Int = 0, batchTokens: Int = 4096,
    isCancelled: @escaping () -> Bool = { false }
  ) {
    precondition(contextLength >= 2, "a model sees two tokens at least")
    self.model = model
    self.codec = codec
    self.contextLength = contextLength
    self.maxItems = maxItems
    self.batchTokens = batchTokens
    self.isCancelled = isCancelled
  }

  func used<Item>(_ items: [Item]) -> ArraySlice<Item> { maxItems == 0 ? items[...] : items.prefix(maxItems) }

  func checkCancelled() throws(EvaluationCancelled) {
    if isCancelled() { throw EvaluationCancelled() }
  }

  /// Scores rows in batches of about `batchTokens`, in order.
  func score(_ rows: [[Int32]]) throws(EvaluationCancelled) -> [[TokenScore]] {
    var scores: [[TokenScore]] = []
    var batch: [[Int32]] = []
    var tokens = 0
    for row in rows {
      if !batch.isEmpty && tokens + row.count > batchTokens {
        try checkCancelled()
        scores += model.score(batch)
        batch.removeAll(keepingCapacity: true)
        tokens = 0
      }
      batch.append(row)
      tokens += row.count
    }
    try checkCancelled()
    return batch.isEmpty ? scores : scores + model.score(batch)
  }
}
