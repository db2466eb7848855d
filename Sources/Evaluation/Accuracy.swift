import Bytes
import Glibc

/// A share of right answers and how sure it is.
public struct Accuracy: Equatable, Sendable {
  public private(set) var right = 0
  public private(set) var asked = 0

  public init(right: Int = 0, asked: Int = 0) {
    self.right = right
    self.asked = asked
  }

  public mutating func add(_ isRight: Bool) {
    asked += 1
    if isRight { right += 1 }
  }

  public var value: Double { asked == 0 ? 0 : Double(right) / Double(asked) }

  /// Standard error of a mean as lm-eval gives it: sqrt(p (1 - p) / (n - 1)).
  public var standardError: Double? {
    asked < 2 ? nil : sqrt(value * (1 - value) / Double(asked - 1))
  }

  /// Wilson's score interval (E. B. Wilson, 1927) at 95 %: right also for few items and for shares near 0 and 1.
  public var interval: (low: Double, high: Double) {
    guard asked > 0 else { return (0, 1) }
    // The 97.5 % quantile of the normal distribution.
    let z = 1.959963984540054
    let n = Double(asked)
    let middle = (value + z * z / (2 * n)) / (1 + z * z / n)
    let half = z / (1 + z * z / n) * sqrt(value * (1 - value) / n + z * z / (4 * n * n))
    return (max(0, middle - half), min(1, middle + half))
  }

  var scores: JSONValue {
    .object([
      "accuracy": .number(value), "low": .number(interval.low), "high": .number(interval.high),
      "right": .integer(right),
      "items": .integer(asked),
    ])
  }
}
