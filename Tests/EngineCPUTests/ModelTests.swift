import Parallel
import Testing
import Training

@testable import EngineCPU

@Suite struct ModelTests {
  /// Trained a little, so that its opinions differ.
  private static func model(threads: Int = 2) -> LlamaModel {
    let engine = EngineTests.engine(threads: 2)
    let batch = EngineTests.batch(windows: 2, length: 40, seed: 6)
    for _ in 0..<20 { _ = engine.step(batch, StepOptions(learningRate: 1e-2)) }
    return LlamaModel(weights: engine.weights, pool: WorkerPool(threads: threads))
  }

  private static func best(_ logits: UnsafeBufferPointer<Float>) -> Int32 {
    Int32(logits.indices.max { (logits[$0], $1) < (logits[$1], $0) }!)
  }

  @Test func decodingSaysWhatTheWholePrefixSays() {
    let model = Self.model()
    let prompt: [Int32] = [3, 50, 7]
    let said = model.generate(prompt: prompt, maxTokens: 24, choose: Self.best)
    #expect(said.count == 24)
    for end in 0..<24 {
      let again = model.generate(prompt: prompt + said[..<end], maxTokens: 1, choose: Self.best)
      #expect(again == [said[end]])
    }
    let scores = model.score([prompt + said])[0]
    #expect(scores.dropFirst(2).allSatisfy { $0.rank == 0 }, "greedy decoding says the likeliest token")
  }

  @Test func generationEndsWhereToldTo() {
    let model = Self.model()
    var left = 3
    let said = model.generate(prompt: [1], maxTokens: 10) { logits in
      left -= 1
      return left < 0 ? nil : Self.best(logits)
    }
    #expect(said.count == 3)
    #expect(model.generate(prompt: [], maxTokens: 5, choose: Self.best).isEmpty)
    #expect(model.generate(prompt: [1], maxTokens: 0, choose: Self.best).isEmpty)
  }

  /// Neither the other rows nor the number of threads change a bit of a row's scores.
  @Test func scoresDependOnTheRowOnly() {
    var noise = Noise(12)
    let rows = [33, 2, 150, 1, 0, 97, 33].map { noise.ids($0, below: EngineTests.shape.vocabulary) }
    let model = Self.model()
    let together = model.score(rows)
    #expect(together.map(\.count) == [32, 1, 149, 0, 0, 96, 32])
    #expect(rows.map { model.score([$0])[0] } == together)
    #expect(Self.model(threads: 1).score(rows) == together)
  }

  @Test func aModelIsFilledTensorByTensor() {
    let engine = EngineTests.engine(threads: 1)
    let model = LlamaModel(shape: EngineTests.shape, pool: WorkerPool(threads: 1))
    for index in EngineTests.shape.tensors.indices {
      engine.withTensor(.weights, index) { from in model.withTensor(index) { _ = $0.update(fromContentsOf: from) } }
    }
    let row: [Int32] = [1, 2, 3, 4]
    #expect(model.score([row]) == LlamaModel(weights: engine.weights, pool: WorkerPool(threads: 1)).score([row]))
  }

  /// A changed rotary base is the same as one given from the start, for the model and for the engine.
  @Test func rotaryBaseMayChange() {
    let engine = EngineTests.engine(threads: 1)
    for index in EngineTests.shape.tensors.indices {
      engine.withTensor(.weights, index) { values in for i in values.indices { values[i] *= 5 } }
    }
    var other = EngineTests.shape
    other.ropeTheta = 500
    let batch = EngineTests.batch(windows: 1, length: 40, seed: 2)
    let fresh = LlamaEngine(shape: other, pool: WorkerPool(threads: 1))
    let model = LlamaModel(weights: engine.weights, pool: WorkerPool(threads: 1))
    let freshModel = LlamaModel(weights: fresh.weights, pool: WorkerPool(threads: 1))
    for index in EngineTests.shape.tensors.indices {
      engine.withTensor(.weights, index) { from in
        fresh.withTensor(.weights, index) { _ = $0.update(fromContentsOf: from) }
      }
    }
    let before = model.score([batch.inputs])
    model.setRopeTheta(500)
    #expect(model.score([batch.inputs]) == freshModel.score([batch.inputs]))
    #expect(model.score([batch.inputs]) != before)
    engine.setRopeTheta(500)
    let options = StepOptions(learningRate: 1e-3)
    #expect(engine.step(batch, options) == fresh.step(batch, options))
    #expect(engine.shape == other && model.shape == other)
  }
}
