import Bytes
import Composition
import Fixtures
import Phases

/// Documents and composers as several tests here want them.
enum Sample {
  static let channels = ["zh", "en", "code"]

  static func documents(_ count: Int, seed: UInt64, longest: Int = 60) -> [Supply] {
    var random = SeededRandom(seed)
    return (0..<count).map { ordinal in
      Supply(
        ordinal: UInt32(ordinal), channel: UInt8(ordinal % 3), tokens: Int.random(in: 1...longest, using: &random),
        score: Float.random(in: 0...1, using: &random), key: Identifier(high: random.next(), low: random.next()),
        source: ["wiki", "web"][Int(random.next() % 2)], genre: UInt8(random.next() % 3))
    }
  }

  static func composer(
    _ supply: [Supply], mostUses: Int = 0, genres: [String] = ["unknown", "news", "book"],
    _ change: (inout ComposeSettings) -> Void = { _ in }
  ) -> Composer {
    var settings = ComposeSettings()
    settings.blockTokens = 1000
    settings.seed = 7
    change(&settings)
    let composer = Composer(settings: settings, channels: channels, genres: genres, mostUses: mostUses)
    for document in supply { composer.add(document) }
    return composer
  }

  static func draws(_ composer: Composer, _ phase: Phase, _ numbers: Range<Int>) -> [Draw] {
    numbers.compactMap { number in
      guard let draw = composer.draw(number: number, phase: phase) else { return nil }
      composer.commit(draw)
      return draw
    }
  }
}

/// Documents whose tokens are a function of their number: `subject(ordinal)` decides which tokens it likes.
final class SampleFacts: DocumentFacts {
  let vocabulary = 1000
  /// Token 1 ends a line, token 2 a paragraph.
  let lineEnds: [Bool]
  let paragraphEnds: [Bool]
  var values: [UInt32: Float] = [:]
  private let subject: (UInt32) -> Int

  init(subject: @escaping (UInt32) -> Int = { _ in 0 }) {
    self.subject = subject
    lineEnds = (0..<1000).map { $0 == 1 || $0 == 2 }
    paragraphEnds = (0..<1000).map { $0 == 2 }
  }

  /// Of ten tokens seven are everybody's, three the subject's own.
  func tokens(of ordinal: UInt32, _ range: Range<Int>, into buffer: inout [Int32]) {
    buffer.removeAll(keepingCapacity: true)
    var random = SeededRandom(UInt64(ordinal) + 1)
    for index in 0..<range.upperBound {
      let word = Int32(random.next() % 100)
      let token =
        index % 50 == 49
        ? 2 : index % 10 == 9 ? 1 : index % 10 < 7 ? 10 + word : 200 + Int32(8 * subject(ordinal)) + word % 8
      if index >= range.lowerBound { buffer.append(token) }
    }
  }

  func signal(_ name: String, of ordinals: [UInt32]) -> [Float] { ordinals.map { values[$0] ?? .nan } }
  func embeddings(of ordinals: [UInt32]) -> [[Float]]? { nil }
}
