import CLinux
import Glibc

/// The standard input of a child that answers: it never waits. What the child has no room for is kept, and written
/// while its answers are waited for, so that the two never wait for each other.
public final class ChildInput {
  let number: Int32
  /// nil once it is closed.
  private var descriptor: Descriptor?
  private var kept: [UInt8] = []
  private var start = 0
  private var isEnding = false

  private init(number: Int32) {
    self.number = number
    descriptor = Descriptor(owning: number)
  }

  /// The end for the child, to be let go of once it has started, and ours.
  public static func make() throws(SystemError) -> (reading: File, input: ChildInput) {
    let (reading, writing) = try Pipe.make()
    // A descriptor of our own: that of a `File` goes with it.
    let number = fcntl(writing.number, F_DUPFD_CLOEXEC, 3)
    guard number >= 0 else { throw SystemError("fcntl", "pipe") }
    let input = ChildInput(number: number)
    guard fcntl(number, F_SETFL, O_NONBLOCK) == 0 else { throw SystemError("fcntl", "pipe") }
    return (reading, input)
  }

  var hasMore: Bool { start < kept.count }

  /// Keeps `bytes` and writes what there is room for.
  public func tell(_ bytes: [UInt8]) {
    kept.removeSubrange(..<start)
    start = 0
    kept += bytes
    write()
  }

  /// Nothing follows: the child's input ends when all is written.
  public func end() {
    isEnding = true
    write()
  }

  /// Writes what there is room for; a child that closed its input is told nothing more: its end says the rest.
  func write() {
    while hasMore {
      let count = kept.withUnsafeBytes { bytes in
        retrying { Glibc.write(number, bytes.baseAddress! + start, bytes.count - start) }
      }
      if count < 0 && clinux_errno() == EAGAIN { return }
      start = count < 0 ? kept.count : start + count
    }
    if isEnding { descriptor = nil }
  }
}
