import Bytes
import Fixtures
import Glibc
import Phases
import Settings
import Testing

@testable import Composition

/// Documents that stand for many, and good ones, are drawn sooner.
@Suite struct DrawWeightTests {
  /// FineWeb-2's for Chinese.
  private static let chinese = ["1=1", "2=2", "3=3", "6=4", "9=5", "14=4", "26=3", "37=2", "55=1"]

  private static func composer(_ rehydration: [String], scoreWeight: Double = 0, scores: (Int) -> Float = { _ in 0.5 })
    -> Composer
  {
    var settings = ComposeSettings()
    settings.blockTokens = 2000
    settings.seed = 7
    settings.rehydration = rehydration
    settings.scoreWeight = scoreWeight
    let composer = Composer(settings: settings, channels: ["en"])
    var random = SeededRandom(5)
    for ordinal in 0..<20_000 {
      composer.add(
        Supply(
          ordinal: UInt32(ordinal), channel: 0, tokens: 10, score: scores(ordinal),
          key: Identifier(high: random.next(), low: random.next())))
    }
    return composer
  }

  private static let phase = Phase(name: "main", mix: [Phase.MixEntry("en", .weight(1))])

  /// How many of 40 blocks' documents are of each kind; far fewer are drawn than there are, so that chances show.
  private static func drawn(
    _ composer: Composer, kind: (UInt32) -> Int, kinds: Int, clusterSize: (UInt32) -> Int = { _ in 1 }
  ) throws -> [Double] {
    var counts = [Double](repeating: 0, count: kinds)
    for number in 0..<40 {
      let draw = composer.draw(number: number, phase: phase, clusterSize: clusterSize)
      for piece in try #require(draw).pieces { counts[kind(piece.ordinal)] += 1 }
    }
    return counts
  }

  @Test("A document of weight 4 is drawn four times as often")
  func rehydration() throws {
    let sizes = [1, 2, 7, 60]
    let counts = try Self.drawn(
      Self.composer(Self.chinese), kind: { Int($0) % 4 }, kinds: 4, clusterSize: { sizes[Int($0) % 4] })
    for (index, wanted) in [1.0, 2, 4, 1].enumerated() {
      #expect(abs(counts[index] / (counts.reduce(0, +) / 8) - wanted) < 0.25, "\(counts)")
    }
  }

  @Test("Chances grow with the score")
  func scores() throws {
    let composer = Self.composer([], scoreWeight: 2) { [0, 0.5, 1, .nan][$0 % 4] }
    let counts = try Self.drawn(composer, kind: { Int($0) % 4 }, kinds: 3)
    for (index, wanted) in [1.0, 2, 3].enumerated() {
      #expect(abs(counts[index] / (counts.reduce(0, +) / 6) - wanted) < 0.25, "\(counts)")
    }
  }

  @Test("Without weights a draw is what it was; with them it does not depend on the order of arrival")
  func deterministic() {
    let plain = Self.composer([]).draw(number: 3, phase: Self.phase)
    #expect(plain?.weights == .null)
    #expect(plain == Self.composer([]).draw(number: 3, phase: Self.phase) { Int($0) })
    let first = Self.composer(Self.chinese).draw(number: 3, phase: Self.phase) { Int($0 % 70) }
    let composer = Self.composer(Self.chinese)
    // Taken out and put back: another place in the pool.
    var random = SeededRandom(5)
    for ordinal in 0..<20_000 as Range<UInt32> {
      let key = Identifier(high: random.next(), low: random.next())
      guard ordinal % 3 == 0 else { continue }
      composer.remove(ordinal)
      composer.add(Supply(ordinal: ordinal, channel: 0, tokens: 10, score: 0.5, key: key))
    }
    #expect(first == composer.draw(number: 3, phase: Self.phase) { Int($0 % 70) })
    #expect(first != plain)
  }

  @Test("The recipe tells weights and how many sequences are on each step")
  func recipe() throws {
    let found = Self.composer(["2=3", "10=1"]).draw(number: 0, phase: Self.phase) { $0 % 2 == 0 ? 5 : 1 }
    let draw = try #require(found)
    let steps = try #require(draw.weights["rehydration"]?.array)
    #expect(steps.map { $0["size"]?.integer } == [1, 2, 10])
    #expect(steps.map { $0["weight"]?.number } == [1, 3, 1])
    let even = draw.pieces.count { $0.ordinal % 2 == 0 }
    #expect(steps.map { $0["sequences"]?.integer } == [draw.pieces.count - even, even, 0])
    #expect(draw.weights["score_weight"]?.number == 0)
  }

  @Test("The logarithm of the race is the logarithm")
  func logarithm() {
    var random = SeededRandom(9)
    for hash in [0, 1, .max, 1 << 63] + (0..<10_000).map({ _ in random.next() >> UInt64(random.below(64)) }) {
      let share = (Double(hash >> 12) + 0.5) * 0x1p-52
      #expect(abs(DrawRace.logarithm(hash) - log(share)) <= 1e-13 * max(1, -log(share)))
      #expect(DrawRace.time(hash, weight: 1) > 0)
    }
  }

  @Test("Bad steps are refused with what would be right", arguments: ["0=2", "3", "3=0", "a=1", "2=1=1", "3=-1"])
  func refused(_ text: String) {
    var settings = ComposeSettings()
    settings.rehydration = ["2=2", text]
    #expect(throws: SettingError.self) { try settings.validate() }
    settings.rehydration = ["2=2", "2=3"]
    #expect(throws: SettingError.self) { try settings.validate() }
    settings.rehydration = Self.chinese
    #expect(throws: Never.self) { try settings.validate() }
  }
}
