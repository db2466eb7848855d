import CLinux
import Glibc

/// One thread sleeps in `wait`, any other wakes it; a signal sent while nobody waits is not lost.
public final class Wakeup: Sendable {
  private let descriptor: Descriptor

  public init() throws(SystemError) {
    let number = clinux_eventfd()
    guard number >= 0 else { throw SystemError("eventfd", "") }
    descriptor = Descriptor(owning: number)
  }

  public func signal() {
    var one: UInt64 = 1
    _ = Glibc.write(descriptor.number, &one, 8)
  }

  /// Returns at a signal, at the latest after `seconds`.
  public func wait(_ seconds: Double) {
    var wanted = pollfd(fd: descriptor.number, events: Int16(POLLIN), revents: 0)
    // A process signal ends the wait early, so that a request to stop is seen at once.
    _ = poll(&wanted, 1, Int32((max(0, min(seconds / Clock.rate, 3600)) * 1000).rounded(.up)))
    var count: UInt64 = 0
    _ = Glibc.read(descriptor.number, &count, 8)
  }
}
