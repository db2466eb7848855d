/// How likely one token was, given all before it in its row.
public struct TokenScore: Equatable, Sendable {
  /// Natural logarithm of the probability.
  public var logProbability: Float
  /// How many tokens of the vocabulary were likelier: 0 = greedy decoding would have said it.
  public var rank: Int32

  public init(logProbability: Float, rank: Int32) {
    self.logProbability = logProbability
    self.rank = rank
  }
}

/// What evaluation asks of a model, whoever computes it.
public protocol LanguageModel: AnyObject {
  var shape: ModelShape { get }
  /// For every row, the scores of its tokens 1... given the tokens before them (one less than the row is long).
  func score(_ rows: [[Int32]]) -> [[TokenScore]]
  /// Continues `prompt` by at most `maxTokens`, asking `choose` for each next token from the logits of the last
  /// position ([vocabulary]); nil ends.
  func generate(prompt: [Int32], maxTokens: Int, choose: (UnsafeBufferPointer<Float>) -> Int32?) -> [Int32]
}
