import CKernels
import Parallel
import Training

// The layers' gradients, written by hand in the reverse order of Transformer.forward.
extension Transformer {
  /// Adds to `gradient` what the batch in `activations` says. `d.normed` holds the gradient of `activations.normed`.
  func backward(
    _ weights: ParameterStore, _ gradient: ParameterStore, _ activations: Activations, _ d: ActivationGradients,
    windows: Int, length: Int
  ) {
    let tokens = 0..<windows * length
    let stream = d.stream.rows(tokens)
    stream.base.update(repeating: 0, count: tokens.count * shape.hidden)
    compute.normalizeBack(
      d.normed.rows(tokens), activations.output.rows(tokens), weight: weights.finalNorm,
      inverse: activations.outputInverse, addingTo: stream, dweight: gradient.finalNorm)
    for index in activations.layers.indices.reversed() {
      let layer = activations.layers[index]
      feedForwardBack(weights.layer(index), gradient.layer(index), layer, activations, d, tokens: tokens)
      attendBack(
        weights.layer(index), gradient.layer(index), layer, activations, d, windows: windows, length: length)
    }
    compute.scatter(stream, activations.ids, addingTo: gradient.embedding)
  }

  private func feedForwardBack(
    _ weights: LayerParameters, _ gradient: LayerParameters, _ layer: LayerActivations, _ activations: Activations,
    _ d: ActivationGradients, tokens: Range<Int>
  ) {
    let stream = d.stream.rows(tokens)
    let middle = layer.middle.rows(tokens)
    let gateUp = layer.gateUp.rows(tokens)
    let gated = activations.gated.rows(tokens)
    compute.swiglu(gateUp, into: gated)
    compute.accumulateWeight(stream, gated, into: gradient.down)
    compute.projectBack(stream, weights.down, into: d.gated.rows(tokens))
    compute.swigluBack(gateUp, dout: d.gated.rows(tokens))
    backThroughNorm(
      gateUp, middle, norm: weights.feedForwardNorm, dnorm: gradient.feedForwardNorm, inverse: layer.middleInverse,
      projection: weights.gateUp, dprojection: gradient.gateUp, activations, d)
  }

  private func attendBack(
    _ weights: LayerParameters, _ gradient: LayerParameters, _ layer: LayerActivations, _ activations: Activations,
    _ d: ActivationGradients, windows: Int, length: Int
  ) {
    let tokens = 0..<windows * length
    let stream = d.stream.rows(tokens)
    let queryKeyValue = d.queryKeyValue.rows(tokens)
    compute.accumulateWeight(stream, layer.attention.rows(tokens), into: gradient.output)
    compute.projectBack(stream, weights.output, into: d.attention.rows(tokens))
    attentionBackward(layer, first: activations.first, d, windows: windows, length: length)
    compute.rotate(
      queryKeyValue, heads: shape.heads + shape.kvHeads, dimension: shape.headDimension, length: length,
      rotaryTable(length: length), direction: -1)
    backThroughNorm(
      queryKeyValue, layer.input.rows(tokens), norm: weights.attentionNorm, dnorm: gradient.attentionNorm,
      inverse: layer.inputInverse, projection: weights.queryKeyValue, dprojection: gradient.queryKeyValue, activations,
      d)
  }

  /// Back through y = norm(x) Wᵀ, given dy: adds to the stream's gradient and to those of the weights.
  private func backThroughNorm(
    _ dy: Matrix, _ x: Matrix, norm: Matrix, dnorm: Matrix, inverse: Matrix, projection: Matrix, dprojection: Matrix,
    _ activations: Activations, _ d: ActivationGradients
  ) {
    let tokens = 0..<x.rows
    let normed = activations.normed.rows(tokens)
    // Cheaper to compute again than to keep.
    compute.normalize(x, weight: norm, epsilon: shape.normEpsilon, into: normed, inverse: inverse)
    compute.accumulateWeight(dy, normed, into: dprojection)
    compute.projectBack(dy, projection, into: d.normed.rows(tokens))
    compute.normalizeBack(
      d.normed.rows(tokens), x, weight: norm, inverse: inverse, addingTo: d.stream.rows(tokens), dweight: dnorm)
  }

  private func attentionBackward(
    _ layer: LayerActivations, first: Memory<Int32>, _ d: ActivationGradients, windows: Int, length: Int
  ) {
    let shape = shape
    let tasks = AttentionTasks(shape: shape, layer: layer, first: first, length: length)
    let needed = ck_attention_scratch(length, shape.headDimension)
    let scratch = compute.scratch
    let dattention = d.attention
    let dqueryKeyValue = d.queryKeyValue
    // One task for all query heads of a key/value head: their sum then has one order.
    compute.pool.run(windows * shape.kvHeads) { index in
      let window = index / shape.kvHeads
      let keyValue = index % shape.kvHeads
      let head = keyValue * shape.groupSize
      var task = tasks.task(window: window, head: head, group: shape.groupSize)
      let row = dqueryKeyValue.row(window * length)
      let dk = row + shape.attentionWidth + keyValue * shape.headDimension
      var gradients = ck_attention_gradients(
        dout: dattention.row(window * length) + head * shape.headDimension, dq: row + head * shape.headDimension,
        dk: dk, dv: dk + shape.keyValueWidth)
      scratch.with(needed) { ck_attention_backward(&task, &gradients, $0) }
    }
  }
}
