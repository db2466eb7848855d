import Posix

/// The error of a call that must fail.
func failure(_ call: () throws -> Void) -> SystemError? {
  do {
    try call()
    return nil
  } catch {
    return error as? SystemError
  }
}
