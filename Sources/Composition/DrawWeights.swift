import Bytes
import Settings

/// How much likelier a document is drawn than others of its channel that were used as often: by how many documents it
/// stands for (rehydration: Penedo et al. 2025, FineWeb-2, who give what was found several times a larger share) and by
/// its score.
public struct DrawWeights: Equatable, Sendable {
  /// From this cluster size on, this weight.
  struct Step: Equatable, Sendable {
    let size: Int
    let weight: Double
  }

  /// By ascending size, the first from 1 on; empty = size does not matter.
  let steps: [Step]
  /// The weight grows by this share for each point of score.
  let scoreWeight: Double

  init(_ settings: ComposeSettings) {
    var steps = settings.rehydration.compactMap(DrawWeights.step).sorted { $0.size < $1.size }
    if let first = steps.first, first.size > 1 { steps.insert(Step(size: 1, weight: 1), at: 0) }
    self.steps = steps
    scoreWeight = settings.scoreWeight
  }

  /// Every document is as likely as every other.
  var isEven: Bool { steps.isEmpty && scoreWeight == 0 }
  /// No cluster has to be counted beyond this size.
  public var largestSize: Int { steps.last?.size ?? 1 }

  func weight(clusterSize: Int, score: Float) -> Double {
    let base = steps.isEmpty ? 1 : steps[step(of: clusterSize)].weight
    // Scores below 0, or none at all, count as 0.
    return base * (1 + scoreWeight * Double(score > 0 ? min(score, 1e6) : 0))
  }

  /// The step that a cluster of this size is on.
  func step(of size: Int) -> Int { max(0, (steps.firstIndex { $0.size > size } ?? steps.count) - 1) }

  /// As the manifest says it.
  /// - Parameter sequences: of the block, by step.
  func json(_ sequences: [Int]) -> JSONValue {
    .object([
      "score_weight": .number(scoreWeight),
      "rehydration": .array(
        steps.enumerated().map { index, step in
          .object([
            "size": .integer(step.size), "weight": .number(step.weight), "sequences": .integer(sequences[index]),
          ])
        }),
    ])
  }

  /// "6=4": from size 6 on weight 4; nil when it is not of this form.
  static func step(_ text: String) -> Step? {
    let sides = text.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
    guard sides.count == 2, let size = Int(sides[0]), size >= 1, let weight = Double(sides[1]), weight > 0,
      weight <= 1000
    else { return nil }
    return Step(size: size, weight: weight)
  }
}

/// A race that documents of larger weight win more often: each gets an exponentially distributed time with its weight
/// as rate, and the first ones are drawn (Efraimidis and Spirakis 2006: a weighted draw without replacement).
enum DrawRace {
  /// The time of a document whose hash is evenly distributed; always above 0.
  static func time(_ hash: UInt64, weight: Double) -> Double { -logarithm(hash) / weight }

  /// The natural logarithm of (hash + 1/2) / 2^64, by additions, products and quotients alone: these are the same on
  /// every machine, which a library's logarithm need not be, and a block's bytes must be.
  static func logarithm(_ hash: UInt64) -> Double {
    // 52 bits and a half: never 0, never 1.
    logarithm(of: (Double(hash >> 12) + 0.5) * 0x1p-52)
  }

  /// The natural logarithm of a number above 0, by the same means.
  static func logarithm(of share: Double) -> Double {
    let mantissa = share.significand
    let ratio = (mantissa - 1) / (mantissa + 1)
    let square = ratio * ratio
    var sum = 0.0
    var power = ratio
    for odd in stride(from: 1.0, through: 31, by: 2) {
      sum += power / odd
      power *= square
    }
    return Double(share.exponent) * 0.6931471805599453 + 2 * sum
  }
}
