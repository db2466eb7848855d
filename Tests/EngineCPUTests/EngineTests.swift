import Parallel
import Testing
import Training

@testable import EngineCPU

/// What a trainer relies on: repeatable bits, losses that fall, steps that are refused.
@Suite struct EngineTests {
  static let shape = ModelShape(
    vocabulary: 211, layers: 2, hidden: 40, heads: 4, kvHeads: 2, intermediate: 72, headDimension: 12)

  static func engine(threads: Int, seed: UInt64 = 5) -> LlamaEngine {
    let engine = LlamaEngine(shape: shape, pool: WorkerPool(threads: threads))
    engine.initialize(seed: seed)
    return engine
  }

  static func batch(windows: Int, length: Int, seed: UInt64, starts: Bool = false) -> StepBatch {
    var noise = Noise(seed)
    let tokens = windows * length
    let inputs = noise.ids(tokens, below: shape.vocabulary)
    let targets = noise.ids(tokens, below: shape.vocabulary).enumerated().map { $0 % 7 == 3 ? -1 : $1 }
    return StepBatch(
      windows: windows, length: length, inputs: inputs, targets: targets,
      channels: (0..<tokens).map { UInt8($0 % 3) },
      documentStarts: starts ? (0..<tokens).map { _ in noise.bits() % 9 == 0 ? 1 : 0 } : [])
  }

  static func bits(_ engine: LlamaEngine, _ kind: StateKind) -> [UInt32] {
    shape.tensors.indices.flatMap { index in engine.withTensor(kind, index) { $0.map(\.bitPattern) } }
  }

  @Test(arguments: [false, true]) func oneAndTwoThreadsGiveTheSameBits(starts: Bool) {
    let engines = [1, 2, 2].map { Self.engine(threads: $0) }
    for step in 0..<3 {
      let batch = Self.batch(windows: 3, length: 130, seed: UInt64(step), starts: starts)
      let results = engines.map { $0.step(batch, StepOptions(learningRate: 1e-2)) }
      #expect(results[0] == results[1] && results[1] == results[2])
    }
    for kind in StateKind.allCases {
      let states = engines.map { Self.bits($0, kind) }
      #expect(states[0] == states[1] && states[1] == states[2])
    }
  }

  @Test func overfitsOneBatch() {
    let engine = Self.engine(threads: 2)
    let batch = Self.batch(windows: 2, length: 32, seed: 1)
    let options = StepOptions(learningRate: 1e-2, weightDecay: 0)
    let first = engine.step(batch, options).loss
    var last = first
    for _ in 0..<60 { last = engine.step(batch, options).loss }
    #expect(abs(first - 5.35) < 0.1, "a new model knows nothing: ln 211 = 5.35")
    #expect(last < 0.5)
  }

  @Test func lossesAreSummedByChannel() {
    let batch = Self.batch(windows: 2, length: 21, seed: 3)
    let result = Self.engine(threads: 2).step(batch, StepOptions(learningRate: 1e-3))
    var expected = [0, 0, 0]
    for (target, channel) in zip(batch.targets, batch.channels) where target >= 0 { expected[Int(channel)] += 1 }
    #expect(result.channelTokens == expected)
    #expect(result.channelLossSum.allSatisfy { $0 > 0 })
  }

  /// The window as documents by the mask gives what the documents give each for itself.
  @Test func documentMaskEqualsSeparateDocuments() {
    let cuts = [0, 37, 38, 101, 130]
    var whole = Self.batch(windows: 1, length: 130, seed: 8)
    whole.documentStarts = (0..<130).map { cuts.contains($0) ? 1 : 0 }
    let masked = Self.engine(threads: 2).step(whole, StepOptions(learningRate: 0))
    var separate = [0.0, 0.0, 0.0]
    for (begin, end) in zip(cuts, cuts.dropFirst()) {
      let piece = StepBatch(
        windows: 1, length: end - begin, inputs: Array(whole.inputs[begin..<end]),
        targets: Array(whole.targets[begin..<end]), channels: Array(whole.channels[begin..<end]))
      let result = Self.engine(threads: 2).step(piece, StepOptions(learningRate: 0))
      for (channel, sum) in result.channelLossSum.enumerated() { separate[channel] += sum }
    }
    for (a, b) in zip(masked.channelLossSum, separate) { #expect(abs(a - b) < 1e-5 * b) }
    whole.documentStarts = []
    let unmasked = Self.engine(threads: 2).step(whole, StepOptions(learningRate: 0))
    #expect(abs(unmasked.loss - masked.loss) > 1e-6, "the mask does something")
  }

  /// A step larger than what is computed at once has the gradient of its windows together.
  @Test func partsOfALargeStepAddUp() {
    let large = Self.batch(windows: 36, length: 120, seed: 4)
    let engine = Self.engine(threads: 2)
    let whole = engine.step(large, StepOptions(learningRate: 0, clipNorm: 0))
    let gradient = engine.withGradient(0) { $0.map(Double.init) }
    var sum = [Double](repeating: 0, count: gradient.count)
    var tokens = 0
    for window in stride(from: 0, to: 36, by: 12) {
      let range = window * 120..<(window + 12) * 120
      let part = StepBatch(
        windows: 12, length: 120, inputs: Array(large.inputs[range]), targets: Array(large.targets[range]),
        channels: Array(large.channels[range]))
      let result = engine.step(part, StepOptions(learningRate: 0, clipNorm: 0))
      engine.withGradient(0) { for (i, g) in $0.enumerated() { sum[i] += Double(g) * Double(result.tokens) } }
      tokens += result.tokens
    }
    #expect(whole.tokens == tokens)
    let mean = sum.map { Float($0 / Double(tokens)) }
    #expect(relativeError(gradient.map { Float($0) }, mean) < 1e-5)
  }

  @Test(arguments: [Float.nan, .infinity]) func aStepThatIsNotFiniteChangesNothing(poison: Float) {
    let engine = Self.engine(threads: 2)
    let batch = Self.batch(windows: 1, length: 16, seed: 2)
    _ = engine.step(batch, StepOptions(learningRate: 1e-3))
    let unused = (0..<Self.shape.vocabulary).first { !batch.inputs.contains(Int32($0)) }!
    engine.withTensor(.weights, 0) { $0[unused * Self.shape.hidden] = poison }
    let before = StateKind.allCases.map { Self.bits(engine, $0) }
    let result = engine.step(batch, StepOptions(learningRate: 1e-3))
    #expect(!result.applied)
    #expect(engine.appliedSteps == 1)
    #expect(StateKind.allCases.map { Self.bits(engine, $0) } == before)
  }

  @Test func initializationIsSeededAndScaled() {
    let engine = Self.engine(threads: 1, seed: 9)
    #expect(Self.bits(engine, .weights) == Self.bits(Self.engine(threads: 2, seed: 9), .weights))
    #expect(Self.bits(engine, .weights) != Self.bits(Self.engine(threads: 2, seed: 10), .weights))
    for (index, tensor) in Self.shape.tensors.enumerated() {
      engine.withTensor(.weights, index) { values in
        let mean = values.reduce(0) { $0 + Double($1) } / Double(values.count)
        let deviation = (values.reduce(0) { $0 + Double($1) * Double($1) } / Double(values.count)).squareRoot()
        let residual = tensor.name.contains("o_proj") || tensor.name.contains("down_proj")
        if tensor.shape.count == 1 {
          #expect(values.allSatisfy { $0 == 1 })
        } else {
          #expect(abs(deviation / (residual ? 0.01 : 0.02) - 1) < 0.08, "\(tensor.name)")
          #expect(abs(mean) < 0.002, "\(tensor.name)")
        }
      }
    }
  }
}
