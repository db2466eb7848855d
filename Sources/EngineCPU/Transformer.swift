import CKernels
import Parallel
import Training

/// The layers of a Llama model as computations over given weights and activations.
final class Transformer {
  var shape: ModelShape
  let compute: Compute
  private var table: RotaryTable

  init(shape: ModelShape, pool: WorkerPool) {
    precondition(shape.headDimension.isMultiple(of: 2), "rotary positions need an even head dimension")
    precondition(shape.heads.isMultiple(of: shape.kvHeads), "heads must be a multiple of key/value heads")
    self.shape = shape
    compute = Compute(pool: pool)
    table = RotaryTable(length: 0, dimension: shape.headDimension, theta: shape.ropeTheta)
  }

  func rotaryTable(length: Int) -> RotaryTable {
    if table.length < length || table.theta != shape.ropeTheta {
      table = RotaryTable(length: length, dimension: shape.headDimension, theta: shape.ropeTheta)
    }
    return table
  }

  /// From `activations.ids` to `activations.normed`. `seen` is called with every layer's keys and values as they are
  /// ready: the layer and its queryKeyValue rows.
  func forward(
    _ weights: ParameterStore, _ activations: Activations, windows: Int, length: Int,
    seen: ((Int, Matrix) -> Void)? = nil
  ) {
    let tokens = 0..<windows * length
    let inputs = activations.layers.map(\.input) + [activations.output]
    compute.gather(weights.embedding, activations.ids, into: inputs[0].rows(tokens))
    for (index, layer) in activations.layers.enumerated() {
      let parameters = weights.layer(index)
      attend(parameters, layer, activations, windows: windows, length: length)
      seen?(index, layer.queryKeyValue.rows(tokens))
      feedForward(parameters, layer, activations, into: inputs[index + 1].rows(tokens))
    }
    compute.normalize(
      activations.output.rows(tokens), weight: weights.finalNorm, epsilon: shape.normEpsilon,
      into: activations.normed.rows(tokens), inverse: activations.outputInverse)
  }

  /// middle = input + attention(norm(input)) Woᵀ
  private func attend(
    _ parameters: LayerParameters, _ layer: LayerActivations, _ activations: Activations, windows: Int, length: Int
  ) {
    let tokens = 0..<windows * length
    let input = layer.input.rows(tokens)
    let normed = activations.normed.rows(tokens)
    let queryKeyValue = layer.queryKeyValue.rows(tokens)
    compute.normalize(
      input, weight: parameters.attentionNorm, epsilon: shape.normEpsilon, into: normed, inverse: layer.inputInverse)
    compute.project(normed, parameters.queryKeyValue, into: queryKeyValue)
    // Keys follow the queries, so both are turned as one row of heads.
    compute.rotate(
      queryKeyValue, heads: shape.heads + shape.kvHeads, dimension: shape.headDimension, length: length,
      rotaryTable(length: length), direction: 1)
    attentionForward(layer, first: activations.first, windows: windows, length: length)
    compute.project(
      layer.attention.rows(tokens), parameters.output, into: layer.middle.rows(tokens), adding: input)
  }

  private func attentionForward(_ layer: LayerActivations, first: Memory<Int32>, windows: Int, length: Int) {
    let tasks = AttentionTasks(shape: shape, layer: layer, first: first, length: length)
    let needed = ck_attention_scratch(length, shape.headDimension)
    let scratch = compute.scratch
    let heads = shape.heads
    compute.pool.run(windows * heads) { index in
      var task = tasks.task(window: index / heads, head: index % heads, group: 1)
      scratch.with(needed) { ck_attention_forward(&task, $0) }
    }
  }

  /// output = middle + swiglu(norm(middle)) Wdownᵀ
  private func feedForward(
    _ parameters: LayerParameters, _ layer: LayerActivations, _ activations: Activations, into output: Matrix
  ) {
    let tokens = 0..<output.rows
    let middle = layer.middle.rows(tokens)
    let normed = activations.normed.rows(tokens)
    let gateUp = layer.gateUp.rows(tokens)
    compute.normalize(
      middle, weight: parameters.feedForwardNorm, epsilon: shape.normEpsilon, into: normed,
      inverse: layer.middleInverse)
    compute.project(normed, parameters.gateUp, into: gateUp)
    compute.swiglu(gateUp, into: activations.gated.rows(tokens))
    compute.project(activations.gated.rows(tokens), parameters.down, into: output, adding: middle)
  }
}

/// Describes the attention of one window's heads to the kernels.
struct AttentionTasks: Sendable {
  let shape: ModelShape
  let queryKeyValue: Matrix
  let attention: Matrix
  let logSums: Memory<Float>
  let first: Memory<Int32>
  let length: Int

  init(shape: ModelShape, layer: LayerActivations, first: Memory<Int32>, length: Int) {
    self.shape = shape
    queryKeyValue = layer.queryKeyValue
    attention = layer.attention
    logSums = layer.logSums
    self.first = first
    self.length = length
  }

  /// `group` query heads from `head` on, all of one key/value head.
  func task(window: Int, head: Int, group: Int) -> ck_attention {
    let dimension = shape.headDimension
    let row = queryKeyValue.row(window * length)
    let keyValue = head / shape.groupSize * dimension
    return ck_attention(
      q: row + head * dimension, k: row + shape.attentionWidth + keyValue,
      v: row + shape.attentionWidth + shape.keyValueWidth + keyValue, row: queryKeyValue.stride,
      out: attention.row(window * length) + head * dimension, out_row: attention.stride,
      log_sums: logSums.base + (window * shape.heads + head) * length, first: first.base + window * length,
      length: length, dimension: dimension, group: group, scale: 1 / Float(dimension).squareRoot())
  }
}
