import Bytes
import Posix

/// A block that cannot be written or used: which file, where, why, what to do.
public struct BlockError: Error, Equatable, Sendable, CustomStringConvertible {
  public let file: String
  /// Byte offset in the file, where that means something.
  public let offset: Int?
  public let reason: String
  public let remedy: String
  /// The failed system call, when that was the reason (no space: pause and try again).
  public let cause: SystemError?

  public init(_ file: Path, at offset: Int? = nil, _ reason: String, remedy: String) {
    self.file = file.description
    self.offset = offset
    self.reason = reason
    self.remedy = remedy
    cause = nil
  }

  public init(_ cause: SystemError) {
    file = cause.path.description
    offset = nil
    reason = cause.description
    remedy = ""
    self.cause = cause
  }

  public var description: String {
    if cause != nil { return reason }
    let place = offset.map { " at byte \($0)" } ?? ""
    return "\(file)\(place): \(reason)" + (remedy.isEmpty ? "" : "; \(remedy)")
  }

  /// Runs a piece of file work and names its failure as a block's.
  static func system<Result>(_ work: () throws(SystemError) -> Result) throws(BlockError) -> Result {
    do throws(SystemError) { return try work() } catch { throw BlockError(error) }
  }
}

extension BlockError: SystemFailure {
  public var systemError: SystemError? { cause }
}
