import CLinux
import Glibc

/// The owner of one open file descriptor; closed when it goes.
public struct Descriptor: ~Copyable, Sendable {
  public let number: Int32

  public init(owning number: Int32) { self.number = number }

  deinit { _ = Glibc.close(number) }
}

/// Passes the fault point and calls, again after EINTR; -1 with errno set otherwise.
@inline(__always)
func calling<Number: SignedInteger>(_ name: SystemCall, _ call: () -> Number) -> Number {
  while true {
    let result = FaultPoint.strikes(name) ? -1 : call()
    if result != -1 || clinux_errno() != EINTR { return result }
  }
}

/// Calls again after EINTR; for calls that leave nothing behind and pass no fault point.
@inline(__always)
func retrying<Number: SignedInteger>(_ call: () -> Number) -> Number {
  while true {
    let result = call()
    if result != -1 || clinux_errno() != EINTR { return result }
  }
}
