import Bytes

/// What rounding shares to whole tokens owes each part of the mix, so that over many blocks they are exact.
public struct MixCredit: Equatable, Sendable {
  /// Whole-number weights the carry belongs to; another mix begins at zero.
  public let weights: [Int]
  /// By part, in 1/(sum of weights) tokens; adds up to 0.
  public let carry: [Int]

  public init(weights: [Int] = [], carry: [Int] = []) {
    self.weights = weights
    self.carry = carry
  }

  /// As it stands in a block's manifest.
  public var json: JSONValue {
    .object([
      "weights": .array(weights.map { .integer($0) }), "carry": .array(carry.map { .integer($0) }),
    ])
  }

  /// nil when the value is no credit.
  public init?(json: JSONValue) {
    guard let weights = json["weights"]?.array?.compactMap(\.integer),
      let carry = json["carry"]?.array?.compactMap(\.integer),
      weights.count == carry.count
    else { return nil }
    self.init(weights: weights, carry: carry)
  }
}
