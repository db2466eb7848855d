import Training

/// One number for every parameter of a model, in one block of memory in the order of `shape.tensors`.
///
/// Neighbours in that order that share their input (q, k, v; gate, up) are thereby one matrix.
public final class ParameterStore {
  public let shape: ModelShape
  let tensors: [TensorInfo]
  let offsets: [Int]
  let memory: Memory<Float>

  public init(shape: ModelShape) {
    self.shape = shape
    tensors = shape.tensors
    var offsets = [Int]()
    var offset = 0
    for tensor in tensors {
      offsets.append(offset)
      offset += tensor.count
    }
    self.offsets = offsets
    memory = Memory(offset)
  }

  /// The values of tensor `index` (as in `shape.tensors`).
  public func withTensor<Result>(
    _ index: Int, _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    try body(UnsafeMutableBufferPointer(start: memory.base + offsets[index], count: tensors[index].count))
  }

  /// `rows` x `columns` floats beginning with tensor `index`.
  private func matrix(_ index: Int, rows: Int, columns: Int) -> Matrix {
    Matrix(memory.base + offsets[index], rows: rows, columns: columns)
  }

  var embedding: Matrix { matrix(0, rows: shape.vocabulary, columns: shape.hidden) }
  var finalNorm: Matrix { matrix(1 + 9 * shape.layers, rows: 1, columns: shape.hidden) }
  /// The output projection; the embedding where they are tied.
  var head: Matrix {
    shape.tied ? embedding : matrix(2 + 9 * shape.layers, rows: shape.vocabulary, columns: shape.hidden)
  }

  func layer(_ index: Int) -> LayerParameters {
    let first = 1 + 9 * index
    let hidden = shape.hidden
    return LayerParameters(
      attentionNorm: matrix(first, rows: 1, columns: hidden),
      queryKeyValue: matrix(first + 1, rows: shape.queryKeyValueWidth, columns: hidden),
      output: matrix(first + 4, rows: hidden, columns: shape.attentionWidth),
      feedForwardNorm: matrix(first + 5, rows: 1, columns: hidden),
      gateUp: matrix(first + 6, rows: 2 * shape.intermediate, columns: hidden),
      down: matrix(first + 8, rows: hidden, columns: shape.intermediate))
  }
}

/// One layer's weights or gradients.
struct LayerParameters {
  let attentionNorm: Matrix
  /// q, k and v projections below each other.
  let queryKeyValue: Matrix
  let output: Matrix
  let feedForwardNorm: Matrix
  /// gate and up projections below each other.
  let gateUp: Matrix
  let down: Matrix
}

extension ModelShape {
  /// All query heads side by side.
  var attentionWidth: Int { heads * headDimension }
  var keyValueWidth: Int { kvHeads * headDimension }
  var queryKeyValueWidth: Int { attentionWidth + 2 * keyValueWidth }
  /// Query heads that share a key/value head.
  var groupSize: Int { heads / kvHeads }
}
