import CLinux
import Glibc

/// The standard input of a child that answers: it never waits. What the child has no room for is kept, and written
/// while its answers are waited for, so that the two never wait for each other.
public final class ChildInput {
  private let descriptor: Descriptor
  private var kept: [UInt8] = []
  private var start = 0
  private var isClosed = false

  private init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }

  /// The end for the child, to be let go of once it has started, and ours.
  public static func make() throws(SystemError) -> (reading: File, input: ChildInput) {
    let (reading, writing) = try Pipe.make()
    // A descriptor of our own: that of a `File` goes with it.
    let number = fcntl(writing.number, F_DUPFD_CLOEXEC, 3)
    guard number >= 0 else { throw SystemError("fcntl", "pipe") }
    let descriptor = Descriptor(owning: number)
    guard fcntl(number, F_SETFL, O_NONBLOCK) == 0 else { throw SystemError("fcntl", "pipe") }
    return (reading, ChildInput(descriptor))
  }

  var number: Int32 { descriptor.number }
  var hasMore: Bool { start < kept.count && !isClosed }

  /// Keeps `bytes` and writes what there is room for.
  public func tell(_ bytes: [UInt8]) {
    kept.removeSubrange(..<start)
    start = 0
    kept += bytes
    write()
  }

  /// Writes what there is room for; a child that closed its input is told nothing more: its end says the rest.
  func write() {
    while hasMore {
      let count = kept.withUnsafeBytes { bytes in
        retrying { Glibc.write(descriptor.number, bytes.baseAddress! + start, bytes.count - start) }
      }
      if count >= 0 {
        start += count
      } else {
        if clinux_errno() != EAGAIN { isClosed = true }
        return
      }
    }
  }
}
