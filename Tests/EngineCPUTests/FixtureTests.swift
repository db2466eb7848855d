import Parallel
import Testing
import Training

@testable import EngineCPU

/// The engine says what PyTorch and Hugging Face's Llama say.
@Suite struct FixtureTests {
  @Test(arguments: [true, false]) func lossAndEveryGradient(tied: Bool) {
    let fixture = Fixture(tied: tied)
    let engine = fixture.engine()
    let result = engine.step(fixture.batch, StepOptions(learningRate: 0))
    #expect(result.applied)
    #expect(result.tokens == 29)
    #expect(abs(result.loss - Double(fixture["loss"][0])) < 1e-5)
    #expect(abs(result.gradientNorm / Double(fixture["gradient_norm"][0]) - 1) < 1e-5)
    var worst = 0.0
    for (index, tensor) in fixture.shape.tensors.enumerated() {
      let error = engine.withGradient(index) { relativeError($0, fixture["gradient/" + tensor.name]) }
      #expect(error < 1e-5, "gradient of \(tensor.name)")
      worst = max(worst, error)
    }
    print("tied \(tied): worst gradient error \(worst), loss error \(result.loss - Double(fixture["loss"][0]))")
  }

  @Test(arguments: [true, false]) func twoClippedAdamWSteps(tied: Bool) {
    let fixture = Fixture(tied: tied)
    let engine = fixture.engine()
    let options = StepOptions(learningRate: 1e-3, epsilon: 1e-5, weightDecay: 0.1, clipNorm: 0.5)
    for _ in 0..<2 { #expect(engine.step(fixture.batch, options).applied) }
    #expect(engine.appliedSteps == 2)
    var worst: Float = 0
    for (index, tensor) in fixture.shape.tensors.enumerated() {
      engine.withTensor(.weights, index) { values in
        for (a, b) in zip(values, fixture["stepped/" + tensor.name]) { worst = max(worst, abs(a - b)) }
      }
    }
    #expect(worst < 1e-6)
    print("tied \(tied): worst weight after two steps differs by \(worst)")
  }

  /// The logits of every position, by a prompt ending there and by decoding up to there.
  @Test(arguments: [true, false]) func logitsOfPromptsAndOfDecoding(tied: Bool) {
    let fixture = Fixture(tied: tied)
    let model = LlamaModel(weights: fixture.engine().weights, pool: WorkerPool(threads: 2))
    let vocabulary = fixture.shape.vocabulary
    var worst = 0.0
    for window in 0..<Fixture.windows {
      let ids = Array(fixture.batch.inputs[window * Fixture.length..<(window + 1) * Fixture.length])
      for firstLength in [1, 7, Fixture.length] {
        var length = firstLength
        _ = model.generate(prompt: Array(ids[..<length]), maxTokens: Fixture.length) { logits in
          let at = (window * Fixture.length + length - 1) * vocabulary
          let error = relativeError(logits, fixture["logits"][at..<at + vocabulary])
          #expect(error < 1e-5, "window \(window), prompt \(firstLength), position \(length)")
          worst = max(worst, error)
          length += 1
          return length <= Fixture.length ? ids[length - 1] : nil
        }
        #expect(length == Fixture.length + 1)
      }
    }
    print("tied \(tied): worst logits error \(worst)")
  }

  @Test(arguments: [true, false]) func scoresAreLogSoftmaxOfTheLogits(tied: Bool) {
    let fixture = Fixture(tied: tied)
    let model = LlamaModel(weights: fixture.engine().weights, pool: WorkerPool(threads: 2))
    let vocabulary = fixture.shape.vocabulary
    let rows = (0..<2).map { Array(fixture.batch.inputs[$0 * 16..<($0 + 1) * 16]) }
    let scores = model.score(rows)
    for window in 0..<2 {
      #expect(scores[window].count == 15)
      for position in 0..<15 {
        let at = (window * 16 + position) * vocabulary
        let logits = fixture["logits"][at..<at + vocabulary].map(Double.init)
        let said = logits[Int(rows[window][position + 1])]
        let logSum = logits.map { exponential($0) }.reduce(0, +)
        let score = scores[window][position]
        #expect(abs(exponential(Double(score.logProbability)) - exponential(said) / logSum) < 1e-5)
        #expect(Int(score.rank) == logits.filter { $0 > said }.count)
      }
    }
  }
}
