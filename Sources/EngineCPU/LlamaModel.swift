import Parallel
import Training

/// A Llama model for evaluation: the engine's layers without what only training needs.
public final class LlamaModel: LanguageModel {
  public var shape: ModelShape { transformer.shape }
  public let weights: ParameterStore

  let transformer: Transformer
  private let head: OutputHead
  private var buffers: ScoreBuffers?

  /// Tokens computed at once; a single row may be longer.
  static let partTokens = 4096

  /// A model with all weights 0, to be filled through `withTensor`.
  public convenience init(shape: ModelShape, pool: WorkerPool) {
    self.init(weights: ParameterStore(shape: shape), pool: pool)
  }

  /// A model over weights that another may own too, as an engine between its steps.
  public init(weights: ParameterStore, pool: WorkerPool) {
    self.weights = weights
    transformer = Transformer(shape: weights.shape, pool: pool)
    head = OutputHead(shape: weights.shape, compute: transformer.compute)
  }

  /// Changes the base of the rotary positions, as the engine that owns the weights may have done.
  public func setRopeTheta(_ theta: Double) { transformer.shape.ropeTheta = theta }

  /// The weights of tensor `index` (as in `shape.tensors`).
  public func withTensor<Result>(
    _ index: Int, _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    try weights.withTensor(index, body)
  }

  /// Rows may differ in length; they are computed with rows of like length, which changes no bit of their scores.
  public func score(_ rows: [[Int32]]) -> [[TokenScore]] {
    let limit = Int32(shape.vocabulary)
    precondition(rows.allSatisfy { $0.allSatisfy { $0 >= 0 && $0 < limit } }, "an id outside the vocabulary")
    var scores = [[TokenScore]](repeating: [], count: rows.count)
    let order = rows.indices.filter { rows[$0].count > 1 }.sorted {
      (rows[$0].count, $0) < (rows[$1].count, $1)
    }
    var start = 0
    while start < order.count {
      let end = Self.batchEnd(order, from: start, rows)
      score(rows, order[start..<end], into: &scores)
      start = end
    }
    return scores
  }

  /// Rows from `start` on whose padded size still fits a part; `order` goes from short to long.
  private static func batchEnd(_ order: [Int], from start: Int, _ rows: [[Int32]]) -> Int {
    var end = start + 1
    while end < order.count && (end + 1 - start) * (rows[order[end]].count - 1) <= partTokens { end += 1 }
    return end
  }

  private func score(_ rows: [[Int32]], _ chosen: ArraySlice<Int>, into scores: inout [[TokenScore]]) {
    let length = rows[chosen[chosen.endIndex - 1]].count - 1
    let tokens = chosen.count * length
    let buffers = buffers(tokens: tokens)
    let activations = buffers.activations
    for (window, index) in chosen.enumerated() {
      let row = rows[index]
      for position in 0..<length {
        // Padding after the end is seen by nobody.
        let real = position + 1 < row.count
        activations.ids.base[window * length + position] = real ? row[position] : 0
        buffers.targets.base[window * length + position] = real ? row[position + 1] : 0
      }
    }
    activations.setDocumentStarts([], windows: chosen.count, length: length)
    transformer.forward(weights, activations, windows: chosen.count, length: length)
    head.score(
      activations.normed.rows(0..<tokens), targets: buffers.targets, head: weights.head,
      logProbabilities: buffers.logProbabilities, ranks: buffers.ranks)
    for (window, index) in chosen.enumerated() {
      scores[index] = (0..<rows[index].count - 1).map { position in
        let at = window * length + position
        return TokenScore(logProbability: buffers.logProbabilities.base[at], rank: buffers.ranks.base[at])
      }
    }
  }

  private func buffers(tokens: Int) -> ScoreBuffers {
    if let buffers, buffers.activations.capacity >= tokens { return buffers }
    buffers = nil
    let made = ScoreBuffers(tokens: tokens, shape: shape)
    buffers = made
    return made
  }

  /// Working memory for a prompt, shared with scoring.
  func promptActivations(tokens: Int) -> Activations { buffers(tokens: tokens).activations }
}

private final class ScoreBuffers {
  let activations: Activations
  let targets: Memory<Int32>
  let logProbabilities: Memory<Float>
  let ranks: Memory<Int32>

  init(tokens: Int, shape: ModelShape) {
    activations = Activations(tokens: tokens, shape: shape, keepingLayers: false)
    targets = Memory(tokens)
    logProbabilities = Memory(tokens)
    ranks = Memory(tokens)
  }
}
