import CKernels
import Glibc
import Parallel
import Training

/// AdamW with clipping by the global norm, over blocks of parameters that depend on the shape only.
struct Optimizer {
  private struct Block: Sendable {
    let offset: Int
    let count: Int
    /// Matrices decay, norm weights do not.
    let decays: Bool
  }

  private let blocks: [Block]
  private let sums: Memory<Double>

  init(_ store: ParameterStore) {
    let largest = 1 << 16
    var blocks = [Block]()
    for (tensor, offset) in zip(store.tensors, store.offsets) {
      for start in stride(from: 0, to: tensor.count, by: largest) {
        let count = min(largest, tensor.count - start)
        blocks.append(Block(offset: offset + start, count: count, decays: tensor.shape.count > 1))
      }
    }
    self.blocks = blocks
    sums = Memory(blocks.count)
  }

  /// The length of the whole gradient; not finite if any element is not.
  func norm(_ gradient: ParameterStore, _ compute: Compute) -> Double {
    let (blocks, sums, values) = (blocks, sums, gradient.memory)
    compute.pool.run(blocks.count) { index in
      let block = blocks[index]
      ck_sum_squares(values.base + block.offset, block.count, sums.base + index)
    }
    var total = 0.0
    for index in blocks.indices { total += sums.base[index] }
    return total.squareRoot()
  }

  /// Step number `step` (from 1).
  func apply(_ state: ModelState, step: Int, gradientNorm: Double, _ options: StepOptions, _ compute: Compute) {
    // As torch.nn.utils.clip_grad_norm_.
    let clip = options.clipNorm > 0 ? min(1, Double(options.clipNorm) / (gradientNorm + 1e-6)) : 1
    let firstCorrection = 1 - pow(Double(options.beta1), Double(step))
    let secondCorrection = 1 - pow(Double(options.beta2), Double(step))
    let decaying = ck_adamw_options(
      gradient_scale: Float(clip), beta1: options.beta1, beta2: options.beta2,
      decay: Float(1 - Double(options.learningRate) * Double(options.weightDecay)),
      rate: Float(Double(options.learningRate) / firstCorrection),
      root_correction: Float(1 / secondCorrection.squareRoot()), epsilon: options.epsilon)
    var plain = decaying
    plain.decay = 1
    let (blocks, steady) = (blocks, plain)
    let (weights, gradient) = (state.weights.memory, state.gradient.memory)
    let (first, second) = (state.firstMoment.memory, state.secondMoment.memory)
    compute.pool.run(blocks.count) { index in
      let block = blocks[index]
      ck_adamw(
        weights.base + block.offset, gradient.base + block.offset, first.base + block.offset,
        second.base + block.offset, block.count, block.decays ? decaying : steady)
    }
  }
}

/// Weights, moments and the gradient of the step at hand.
struct ModelState {
  let weights: ParameterStore
  let firstMoment: ParameterStore
  let secondMoment: ParameterStore
  let gradient: ParameterStore

  init(shape: ModelShape) {
    weights = ParameterStore(shape: shape)
    firstMoment = ParameterStore(shape: shape)
    secondMoment = ParameterStore(shape: shape)
    gradient = ParameterStore(shape: shape)
  }
}
