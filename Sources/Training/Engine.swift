/// The data of one optimizer step: `windows` rows of `length` positions.
public struct StepBatch: Sendable {
  public var windows: Int
  public var length: Int
  /// [windows, length]
  public var inputs: [Int32]
  /// [windows, length]; -1 marks a position that is not counted.
  public var targets: [Int32]
  /// [windows, length]; the channel (index into the block's list) of each target.
  public var channels: [UInt8]
  /// [windows, length], 1 where a document begins; empty = attention sees the whole window.
  public var documentStarts: [UInt8]

  public init(
    windows: Int, length: Int, inputs: [Int32], targets: [Int32], channels: [UInt8], documentStarts: [UInt8] = []
  ) {
    self.windows = windows
    self.length = length
    self.inputs = inputs
    self.targets = targets
    self.channels = channels
    self.documentStarts = documentStarts
  }
}

/// What the schedule decided for one step.
public struct StepOptions: Equatable, Sendable {
  public var learningRate: Float
  public var beta1: Float
  public var beta2: Float
  public var epsilon: Float
  /// Decoupled (AdamW); applied to matrices, not to norm weights.
  public var weightDecay: Float
  /// Global gradient norm above which gradients are scaled down; 0 = never.
  public var clipNorm: Float

  public init(
    learningRate: Float, beta1: Float = 0.9, beta2: Float = 0.95, epsilon: Float = 1e-8, weightDecay: Float = 0.1,
    clipNorm: Float = 1
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.clipNorm = clipNorm
  }
}

public struct StepResult: Equatable, Sendable {
  /// Sum of -ln p over counted targets, by channel index.
  public var channelLossSum: [Double]
  public var channelTokens: [Int]
  /// Before clipping.
  public var gradientNorm: Double
  /// False when the loss or a gradient was not finite: weights and moments are then as before the step.
  public var applied: Bool

  public init(channelLossSum: [Double], channelTokens: [Int], gradientNorm: Double, applied: Bool) {
    self.channelLossSum = channelLossSum
    self.channelTokens = channelTokens
    self.gradientNorm = gradientNorm
    self.applied = applied
  }

  public var tokens: Int { channelTokens.reduce(0, +) }
  /// Mean loss in nats per counted token.
  public var loss: Double { tokens == 0 ? 0 : channelLossSum.reduce(0, +) / Double(tokens) }
}

/// The three fp32 numbers kept for every parameter.
public enum StateKind: String, CaseIterable, Sendable {
  case weights, firstMoment, secondMoment
}

/// What computes: holds the weights and the optimizer's moments and applies one step at a time.
///
/// The result of a step is a pure function of state, batch and options, bit for bit, whatever the number of threads.
public protocol Engine: AnyObject {
  var shape: ModelShape { get }
  /// Optimizer steps applied so far (AdamW's bias correction).
  var appliedSteps: Int { get set }
  func step(_ batch: StepBatch, _ options: StepOptions) -> StepResult
  /// The values of tensor `index` (as in `shape.tensors`).
  func withTensor<Result>(
    _ kind: StateKind, _ index: Int, _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
  ) rethrows -> Result
  /// Seeded start: N(0, 0.02), output projections scaled by 1/sqrt(2 layers), norms 1, moments 0.
  func initialize(seed: UInt64)
}
