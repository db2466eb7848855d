import Training

/// An engine with the contract of a real one and arithmetic that can be followed by eye: every number of the state moves
/// by a value that depends on itself, the batch and the rate.
final class TinyEngine: Engine {
  let shape: ModelShape
  var appliedSteps = 0
  private var state: [StateKind: [[Float]]] = [:]
  /// Steps (by number of calls) that are told to be not finite.
  static let poison: Int32 = 63

  init(_ shape: ModelShape) {
    self.shape = shape
    for kind in StateKind.allCases { state[kind] = shape.tensors.map { [Float](repeating: 0, count: $0.count) } }
  }

  func initialize(seed: UInt64) {
    for (index, tensor) in shape.tensors.enumerated() {
      state[.weights]![index] = (0..<tensor.count).map { Float((UInt64($0) &* 2_654_435_761 &+ seed) % 1000) / 1000 }
    }
  }

  func withTensor<Result>(
    _ kind: StateKind, _ index: Int, _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    try state[kind]![index].withUnsafeMutableBufferPointer { try body($0) }
  }

  func step(_ batch: StepBatch, _ options: StepOptions) -> StepResult {
    var sums = [Double](repeating: 0, count: 3)
    var counts = [Int](repeating: 0, count: 3)
    for (target, channel) in zip(batch.targets, batch.channels) where target >= 0 {
      sums[Int(channel)] += Double(target) * 0.01
      counts[Int(channel)] += 1
    }
    var result = StepResult(channelLossSum: sums, channelTokens: counts, gradientNorm: 1, applied: true)
    if batch.targets.contains(TinyEngine.poison) {
      result.gradientNorm = .nan
      result.applied = false
      return result
    }
    appliedSteps += 1
    let push = Float(result.loss) * options.learningRate + Float(appliedSteps) * 1e-3
    for index in shape.tensors.indices {
      for element in state[.weights]![index].indices {
        let value = state[.weights]![index][element]
        state[.firstMoment]![index][element] = state[.firstMoment]![index][element] * 0.9 + value * 0.1
        state[.secondMoment]![index][element] += value * value
        state[.weights]![index][element] = value * 0.99 + push
      }
    }
    return result
  }
}
