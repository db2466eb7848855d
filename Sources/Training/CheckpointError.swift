import Posix

/// Why a checkpoint cannot be used.
public enum CheckpointError: Error, CustomStringConvertible {
  case system(SystemError)
  case tensors(SafeTensorsError)
  case invalid(CheckpointReference, String)

  public var description: String {
    switch self {
    case .system(let error): "\(error)"
    case .tensors(let error): "\(error)"
    case .invalid(let reference, let reason): "checkpoint \(reference.text): \(reason)"
    }
  }

  /// A piece of file work as a checkpoint's.
  static func system<Result>(_ work: () throws(SystemError) -> Result) throws(CheckpointError) -> Result {
    do throws(SystemError) { return try work() } catch { throw .system(error) }
  }
}

extension CheckpointError: SystemFailure {
  public var systemError: SystemError? { if case .system(let error) = self { error } else { nil } }
}
