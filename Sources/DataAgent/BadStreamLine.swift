/// A line that a filter cannot read; the filter ends there.
public struct BadStreamLine: Error, CustomStringConvertible {
  /// From 1 on.
  let number: Int
  let reason: String

  public init(number: Int, reason: String) {
    self.number = number
    self.reason = reason
  }

  public var description: String { "standard input, line \(number): \(reason)" }
}
