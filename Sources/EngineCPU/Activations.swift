import Training

/// What the forward pass of one layer leaves for the backward pass; rows are tokens.
final class LayerActivations {
  private let memory: [Memory<Float>]
  /// [tokens, hidden]: the residual stream as it enters the layer.
  let input: Matrix
  /// [tokens, hidden]: the stream between attention and feed-forward.
  let middle: Matrix
  /// [tokens, 1]: 1 / rms of `input` and of `middle`.
  let inputInverse: Matrix
  let middleInverse: Matrix
  /// [tokens, (heads + 2 kvHeads) * headDimension], q and k turned by their positions.
  let queryKeyValue: Matrix
  /// [tokens, heads * headDimension]
  let attention: Matrix
  /// [heads of all windows, length]: logarithms of the softmax sums.
  let logSums: Memory<Float>
  /// [tokens, 2 * intermediate]; the backward pass replaces it by its gradient.
  let gateUp: Matrix

  init(tokens: Int, shape: ModelShape) {
    var memory = [Memory<Float>]()
    func matrix(_ columns: Int) -> Matrix {
      memory.append(Memory(tokens * columns))
      return Matrix(memory[memory.count - 1], rows: tokens, columns: columns)
    }
    input = matrix(shape.hidden)
    middle = matrix(shape.hidden)
    inputInverse = matrix(1)
    middleInverse = matrix(1)
    queryKeyValue = matrix(shape.queryKeyValueWidth)
    attention = matrix(shape.attentionWidth)
    gateUp = matrix(2 * shape.intermediate)
    logSums = Memory(tokens * shape.heads)
    self.memory = memory
  }
}

/// The activations of up to `capacity` tokens.
final class Activations {
  let capacity: Int
  /// One for each layer, or the same one for all where nothing goes backward.
  let layers: [LayerActivations]
  let ids: Memory<Int32>
  /// [tokens]: the first position of its window a token sees.
  let first: Memory<Int32>
  private let memory: [Memory<Float>]
  /// [tokens, hidden]: the residual stream after the last layer.
  let output: Matrix
  let outputInverse: Matrix
  /// [tokens, hidden]: what the last norm said.
  let normed: Matrix
  /// [tokens, intermediate]: silu(gate) * up.
  let gated: Matrix

  init(tokens: Int, shape: ModelShape, keepingLayers: Bool) {
    capacity = tokens
    if keepingLayers {
      layers = (0..<shape.layers).map { _ in LayerActivations(tokens: tokens, shape: shape) }
    } else {
      layers = [LayerActivations](repeating: LayerActivations(tokens: tokens, shape: shape), count: shape.layers)
    }
    ids = Memory(tokens)
    first = Memory(tokens)
    var memory = [Memory<Float>]()
    func matrix(_ columns: Int) -> Matrix {
      memory.append(Memory(tokens * columns))
      return Matrix(memory[memory.count - 1], rows: tokens, columns: columns)
    }
    output = matrix(shape.hidden)
    outputInverse = matrix(1)
    normed = matrix(shape.hidden)
    gated = matrix(shape.intermediate)
    self.memory = memory
  }

  /// Where each position's document begins: the last start at or before it, or its window's beginning.
  func setDocumentStarts(_ starts: ArraySlice<UInt8>, windows: Int, length: Int) {
    for window in 0..<windows {
      var begin: Int32 = 0
      for position in 0..<length {
        let index = window * length + position
        if !starts.isEmpty && starts[starts.startIndex + index] != 0 { begin = Int32(position) }
        first.base[index] = begin
      }
    }
  }
}

/// Gradients of activations: one set for all layers.
final class ActivationGradients {
  private let memory: [Memory<Float>]
  /// [tokens, hidden]: of the residual stream.
  let stream: Matrix
  let normed: Matrix
  let attention: Matrix
  let queryKeyValue: Matrix
  let gated: Matrix

  init(tokens: Int, shape: ModelShape) {
    var memory = [Memory<Float>]()
    func matrix(_ columns: Int) -> Matrix {
      memory.append(Memory(tokens * columns))
      return Matrix(memory[memory.count - 1], rows: tokens, columns: columns)
    }
    stream = matrix(shape.hidden)
    normed = matrix(shape.hidden)
    attention = matrix(shape.attentionWidth)
    queryKeyValue = matrix(shape.queryKeyValueWidth)
    gated = matrix(shape.intermediate)
    self.memory = memory
  }
}
