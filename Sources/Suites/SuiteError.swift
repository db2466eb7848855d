/// A suite that cannot be used: where, why, and what would be right.
public struct SuiteError: Error, Equatable, Sendable, CustomStringConvertible {
  public let file: String
  /// 1-based; 0 when the whole file is meant.
  public let line: Int
  public let reason: String
  public let remedy: String

  public init(file: String, line: Int = 0, reason: String, remedy: String) {
    self.file = file
    self.line = line
    self.reason = reason
    self.remedy = remedy
  }

  public var description: String { "\(file)\(line > 0 ? ":\(line)" : ""): \(reason); \(remedy)" }
}
