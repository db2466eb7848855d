import Bytes
import Posix
import Spool
import Testing
import TrainAgent
import Training

/// The trainer with the real engine: it learns, and an interrupted run ends with the same bits.
@Suite struct NativeEngineTests {
  private static var configuration: TrainConfiguration {
    var configuration = Spool.configuration
    configuration.model.hidden = 16
    configuration.train.batchTokens = 8 * Spool.seqLen
    configuration.train.warmupSteps = 2
    return configuration
  }

  private func prepared() throws -> Spool {
    let spool = try Spool()
    for block in 0..<2 { try spool.publish(block, windows: 160) }
    return spool
  }

  @Test func learnsAndGoesOnWithTheSameBits() throws {
    let whole = try prepared()
    defer { whole.remove() }
    try whole.train(Self.configuration, engine: .native)
    let lines = try whole.layout.root.read("runs/main/metrics.jsonl").split(separator: 0x0A)
    let losses = try lines.map { try JSONParser.parse(Array($0))["loss"]?.number ?? .infinity }
    #expect(losses.count == 40)
    // ln 384 = 5.95 at the start; the text repeats.
    #expect(abs(losses[0] - 5.95) < 0.2)
    #expect(losses[39] < 4)
    let broken = try prepared()
    defer { broken.remove() }
    var configuration = Self.configuration
    configuration.train.threads = 2
    for stop in [3, 9, 17, 24] {
      var boundaries = 0
      try broken.train(configuration, engine: .native) {
        boundaries += 1
        return boundaries == stop
      }
    }
    try broken.train(configuration, engine: .native)
    #expect(broken.weights() == whole.weights())
  }
}
