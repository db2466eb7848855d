import Glibc
import Parallel
import Testing
import Training

@testable import EngineCPU

/// Measures, judges nothing: PRETRAIND_SPEED=1 swift test -c release -Xswiftc -enable-testing --filter EngineSpeed
@Suite(.serialized, .enabled(if: getenv("PRETRAIND_SPEED") != nil)) struct EngineSpeedTests {
  struct Size: CustomStringConvertible, Sendable {
    let description: String
    let shape: ModelShape
    let windows: Int
    let length: Int
    let steps: Int
  }

  static let sizes = [
    Size(
      description: "tiny",
      shape: ModelShape(vocabulary: 512, layers: 2, hidden: 64, heads: 4, kvHeads: 2, intermediate: 172), windows: 4,
      length: 128, steps: 50),
    Size(
      description: "5m",
      shape: ModelShape(vocabulary: 4096, layers: 6, hidden: 256, heads: 8, kvHeads: 4, intermediate: 688),
      windows: 8, length: 512, steps: 8),
    Size(
      description: "30m",
      shape: ModelShape(vocabulary: 32_000, layers: 12, hidden: 384, heads: 6, kvHeads: 2, intermediate: 1024),
      windows: 8, length: 512, steps: 5),
  ]

  private static func seconds(_ work: () -> Void) -> Double {
    let clock = ContinuousClock()
    let time = clock.measure(work).components
    return Double(time.seconds) + Double(time.attoseconds) * 1e-18
  }

  @Test(arguments: sizes) func trainingStep(_ size: Size) {
    let engine = LlamaEngine(shape: size.shape, pool: WorkerPool(threads: 2))
    engine.initialize(seed: 1)
    var noise = Noise(1)
    let tokens = size.windows * size.length
    let batch = StepBatch(
      windows: size.windows, length: size.length, inputs: noise.ids(tokens, below: size.shape.vocabulary),
      targets: noise.ids(tokens, below: size.shape.vocabulary), channels: [UInt8](repeating: 0, count: tokens))
    let processor = clock()
    var times = (0..<size.steps).map { _ in
      Self.seconds { _ = engine.step(batch, StepOptions(learningRate: 1e-4)) }
    }
    let burnt = Double(clock() - processor) / Double(CLOCKS_PER_SEC) / Double(size.steps)
    times.removeFirst()
    times.sort()
    let rates = [times[times.count / 2], times[0]].map { Int(Double(tokens) / $0) }
    print(
      "\(size): \(times[times.count / 2]) s a step, \(rates[0]) tokens/s (median), \(rates[1]) (best), \(burnt) CPU s a step"
    )
  }
}
