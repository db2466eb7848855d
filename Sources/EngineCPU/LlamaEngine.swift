import Parallel
import Training

/// Trains a Llama model on the CPU in fp32.
///
/// Large steps are computed in parts of about 4,096 tokens whose gradients add up, so memory does not grow with the
/// step. How they are cut depends on the batch alone; results are the same bits for any number of threads.
public final class LlamaEngine: Engine {
  public var shape: ModelShape { transformer.shape }
  public var appliedSteps = 0
  /// The live weights; share them with a `LlamaModel` to evaluate between steps.
  public var weights: ParameterStore { state.weights }

  private let state: ModelState
  private let optimizer: Optimizer
  private let transformer: Transformer
  private let head: OutputHead
  private let pool: WorkerPool
  private var buffers: StepBuffers?

  /// Tokens computed at once; a single window may be longer.
  static let partTokens = 4096

  public init(shape: ModelShape, pool: WorkerPool) {
    self.pool = pool
    state = ModelState(shape: shape)
    optimizer = Optimizer(state.weights)
    transformer = Transformer(shape: shape, pool: pool)
    head = OutputHead(shape: shape, compute: transformer.compute)
  }

  public func initialize(seed: UInt64) {
    state.weights.initialize(seed: seed) { pool.tick() }
    state.firstMoment.memory.clear()
    state.secondMoment.memory.clear()
    appliedSteps = 0
  }

  public func withTensor<Result>(
    _ kind: StateKind, _ index: Int, _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    switch kind {
    case .weights: try state.weights.withTensor(index, body)
    case .firstMoment: try state.firstMoment.withTensor(index, body)
    case .secondMoment: try state.secondMoment.withTensor(index, body)
    }
  }

  /// The gradient of tensor `index` as the last step left it, before clipping: for diagnosis and tests.
  public func withGradient<Result>(
    _ index: Int, _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    try state.gradient.withTensor(index, body)
  }

  /// Changes the base of the rotary positions (a phase for longer contexts does).
  public func setRopeTheta(_ theta: Double) { transformer.shape.ropeTheta = theta }

  /// Ids outside the vocabulary and arrays of wrong sizes are programming errors. A batch without counted targets has a
  /// gradient of 0 and is applied as such.
  public func step(_ batch: StepBatch, _ options: StepOptions) -> StepResult {
    batch.check(vocabulary: shape.vocabulary)
    var result = gradient(of: batch)
    let norm = optimizer.norm(state.gradient, transformer.compute)
    result.gradientNorm = norm
    guard norm.isFinite && result.loss.isFinite else { return result }
    appliedSteps += 1
    optimizer.apply(state, step: appliedSteps, gradientNorm: norm, options, transformer.compute)
    result.applied = true
    return result
  }

  /// Fills `state.gradient` with that of the mean loss over counted tokens.
  private func gradient(of batch: StepBatch) -> StepResult {
    state.gradient.memory.clear()
    let counted = batch.targets.reduce(0) { $0 + ($1 >= 0 ? 1 : 0) }
    let scale = counted == 0 ? 0 : 1 / Float(counted)
    let channels = Int(batch.channels.max() ?? 0) + 1
    var result = StepResult(
      channelLossSum: [Double](repeating: 0, count: channels), channelTokens: [Int](repeating: 0, count: channels),
      gradientNorm: 0, applied: false)
    let windowsAtOnce = max(1, Self.partTokens / batch.length)
    for first in stride(from: 0, to: batch.windows, by: windowsAtOnce) {
      let windows = first..<min(first + windowsAtOnce, batch.windows)
      part(of: batch, windows, scale: scale, addingTo: &result)
    }
    return result
  }

  private func part(of batch: StepBatch, _ windows: Range<Int>, scale: Float, addingTo result: inout StepResult) {
    let buffers = buffers(tokens: windows.count * batch.length)
    let tokens = windows.lowerBound * batch.length..<windows.upperBound * batch.length
    buffers.load(batch, tokens, windows: windows.count)
    transformer.forward(state.weights, buffers.activations, windows: windows.count, length: batch.length)
    let rows = 0..<tokens.count
    head.lossAndGradient(
      buffers.activations.normed.rows(rows), targets: buffers.targets, scale: scale, head: state.weights.head,
      losses: buffers.losses, dx: buffers.gradients.normed.rows(rows), dhead: state.gradient.head)
    transformer.backward(
      state.weights, state.gradient, buffers.activations, buffers.gradients, windows: windows.count,
      length: batch.length)
    for row in rows where buffers.targets.base[row] >= 0 {
      let channel = Int(batch.channels[tokens.lowerBound + row])
      result.channelLossSum[channel] += Double(buffers.losses.base[row])
      result.channelTokens[channel] += 1
    }
  }

  private func buffers(tokens: Int) -> StepBuffers {
    if let buffers, buffers.activations.capacity >= tokens { return buffers }
    // The old ones first, so that both are never held at once.
    buffers = nil
    let made = StepBuffers(tokens: tokens, shape: shape)
    buffers = made
    return made
  }
}

/// The working memory of one part of a step.
private final class StepBuffers {
  let activations: Activations
  let gradients: ActivationGradients
  let targets: Memory<Int32>
  let losses: Memory<Float>

  init(tokens: Int, shape: ModelShape) {
    activations = Activations(tokens: tokens, shape: shape, keepingLayers: true)
    gradients = ActivationGradients(tokens: tokens, shape: shape)
    targets = Memory(tokens)
    losses = Memory(tokens)
  }

  func load(_ batch: StepBatch, _ tokens: Range<Int>, windows: Int) {
    for (row, token) in tokens.enumerated() {
      activations.ids.base[row] = batch.inputs[token]
      targets.base[row] = batch.targets[token]
    }
    let starts = batch.documentStarts.isEmpty ? [] : batch.documentStarts[tokens]
    activations.setDocumentStarts(starts, windows: windows, length: batch.length)
  }
}

extension StepBatch {
  /// The kernels trust ids and sizes, so a wrong batch must end here.
  func check(vocabulary: Int) {
    let tokens = windows * length
    precondition(tokens > 0, "a step needs at least one token")
    precondition(
      inputs.count == tokens && targets.count == tokens && channels.count == tokens
        && (documentStarts.isEmpty || documentStarts.count == tokens), "a batch's arrays must be windows x length")
    let limit = Int32(vocabulary)
    precondition(inputs.allSatisfy { $0 >= 0 && $0 < limit }, "an input id outside the vocabulary")
    precondition(targets.allSatisfy { $0 >= -1 && $0 < limit }, "a target id outside the vocabulary")
  }
}
