import CKernels
import Parallel
import Training

/// The keys and values of all tokens so far, by layer.
private final class KeyValueCache {
  let capacity: Int
  let width: Int
  /// [layers, capacity, 2 * keyValueWidth]: a token's keys, then its values.
  private let memory: Memory<Float>

  init(shape: ModelShape, capacity: Int) {
    self.capacity = capacity
    width = 2 * shape.keyValueWidth
    memory = Memory(shape.layers * capacity * width)
  }

  func layer(_ index: Int) -> Matrix {
    Matrix(memory.base + index * capacity * width, rows: capacity, columns: width)
  }
}

/// One token's values on its way through the layers.
private struct TokenBuffers {
  private let memory: Memory<Float>
  let stream: Matrix
  let normed: Matrix
  let queryKeyValue: Matrix
  let attention: Matrix
  let gateUp: Matrix
  let gated: Matrix
  let inverse: Matrix
  let logits: Matrix

  init(shape: ModelShape) {
    let widths = [
      shape.hidden, shape.hidden, shape.queryKeyValueWidth, shape.attentionWidth, 2 * shape.intermediate,
      shape.intermediate, 1, shape.vocabulary,
    ]
    let memory = Memory<Float>(widths.reduce(0, +))
    var parts = [Matrix]()
    var offset = 0
    for width in widths {
      parts.append(Matrix(memory.base + offset, rows: 1, columns: width))
      offset += width
    }
    self.memory = memory
    (stream, normed, queryKeyValue, attention) = (parts[0], parts[1], parts[2], parts[3])
    (gateUp, gated, inverse, logits) = (parts[4], parts[5], parts[6], parts[7])
  }

  var tokenLogits: UnsafeBufferPointer<Float> { UnsafeBufferPointer(start: logits.base, count: logits.columns) }
}

extension LlamaModel {
  /// Only the continuation is returned; an empty prompt has none.
  public func generate(
    prompt: [Int32], maxTokens: Int, choose: (UnsafeBufferPointer<Float>) -> Int32?
  ) -> [Int32] {
    guard !prompt.isEmpty && maxTokens > 0 else { return [] }
    let limit = Int32(shape.vocabulary)
    precondition(prompt.allSatisfy { $0 >= 0 && $0 < limit }, "an id outside the vocabulary")
    let cache = KeyValueCache(shape: shape, capacity: prompt.count + maxTokens)
    let token = TokenBuffers(shape: shape)
    prefill(prompt, cache, token)
    var said = [Int32]()
    while let next = choose(token.tokenLogits) {
      precondition(next >= 0 && next < limit, "an id outside the vocabulary")
      said.append(next)
      if said.count == maxTokens { break }
      decode(next, position: prompt.count + said.count - 1, cache, token)
    }
    return said
  }

  /// The prompt as one window; leaves its keys and values in the cache and the logits of its last position.
  private func prefill(_ prompt: [Int32], _ cache: KeyValueCache, _ token: TokenBuffers) {
    let activations = promptActivations(tokens: prompt.count)
    for (position, id) in prompt.enumerated() { activations.ids.base[position] = id }
    activations.setDocumentStarts([], windows: 1, length: prompt.count)
    let skipped = shape.attentionWidth
    transformer.forward(weights, activations, windows: 1, length: prompt.count) { index, rows in
      let kept = cache.layer(index)
      for row in 0..<rows.rows { kept.row(row).update(from: rows.row(row) + skipped, count: kept.columns) }
    }
    transformer.compute.multiply(weights.head, by: activations.normed.row(prompt.count - 1), into: token.logits)
  }

  /// One more token at `position`; leaves the logits of what follows it.
  private func decode(_ id: Int32, position: Int, _ cache: KeyValueCache, _ token: TokenBuffers) {
    let compute = transformer.compute
    let epsilon = shape.normEpsilon
    token.stream.base.update(from: weights.embedding.row(Int(id)), count: shape.hidden)
    for index in 0..<shape.layers {
      let layer = weights.layer(index)
      compute.normalize(
        token.stream, weight: layer.attentionNorm, epsilon: epsilon, into: token.normed, inverse: token.inverse)
      compute.multiply(layer.queryKeyValue, by: token.normed.base, into: token.queryKeyValue)
      attend(position, cache.layer(index), token, capacity: cache.capacity)
      compute.multiply(layer.output, by: token.attention.base, into: token.stream, adding: true)
      compute.normalize(
        token.stream, weight: layer.feedForwardNorm, epsilon: epsilon, into: token.normed, inverse: token.inverse)
      compute.multiply(layer.gateUp, by: token.normed.base, into: token.gateUp)
      compute.swiglu(token.gateUp, into: token.gated)
      compute.multiply(layer.down, by: token.gated.base, into: token.stream, adding: true)
    }
    compute.normalize(
      token.stream, weight: weights.finalNorm, epsilon: epsilon, into: token.normed, inverse: token.inverse)
    compute.multiply(weights.head, by: token.normed.base, into: token.logits)
  }

  private func attend(_ position: Int, _ kept: Matrix, _ token: TokenBuffers, capacity: Int) {
    let shape = shape
    let dimension = shape.headDimension
    let table = transformer.rotaryTable(length: capacity)
    ck_rope(
      token.queryKeyValue.base, token.queryKeyValue.stride, position, 1, capacity, shape.heads + shape.kvHeads,
      dimension, table.cosines.base, table.sines.base, 1)
    kept.row(position).update(from: token.queryKeyValue.base + shape.attentionWidth, count: kept.columns)
    let scratch = transformer.compute.scratch
    let (queries, out) = (token.queryKeyValue, token.attention)
    transformer.compute.pool.run(shape.heads) { head in
      let keys = kept.base + head / shape.groupSize * dimension
      scratch.with(position + 1) { scores in
        ck_attention_decode(
          queries.base + head * dimension, keys, keys + shape.keyValueWidth, kept.stride, position + 1, dimension,
          1 / Float(dimension).squareRoot(), scores, out.base + head * dimension)
      }
    }
  }
}

extension Compute {
  /// out = W x, or out += W x, for a single x.
  func multiply(_ weight: Matrix, by x: UnsafeMutablePointer<Float>, into out: Matrix, adding: Bool = false) {
    let x = Matrix(x, rows: 1, columns: weight.columns)
    let step = 128
    pool.run(Tiling.count(weight.rows, step)) { index in
      let rows = index * step..<min((index + 1) * step, weight.rows)
      ck_matvec(
        weight.base, x.base, weight.columns, rows.lowerBound, rows.upperBound, adding ? UnsafePointer(out.base) : nil,
        out.base)
    }
  }
}
