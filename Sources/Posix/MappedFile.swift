import Glibc

/// A whole file mapped read-only; unmapped when the last reference goes.
public final class MappedFile: Sendable {
  public let path: Path
  nonisolated(unsafe) public let bytes: UnsafeRawBufferPointer

  /// How the bytes will be read: what the kernel reads ahead follows from it.
  public enum Order: Sendable { case any, scattered, sequential }

  public init(_ file: File, order: Order = .any) throws(SystemError) {
    path = file.path
    let size = try file.status().size
    if size == 0 {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    var address: UnsafeMutableRawPointer?
    let result: Int32 = calling(.mmap) {
      address = mmap(nil, size, PROT_READ, MAP_SHARED, file.number, 0)
      return address == MAP_FAILED ? -1 : 0
    }
    guard result == 0, let address else { throw SystemError("mmap", file.path) }
    bytes = UnsafeRawBufferPointer(start: address, count: size)
    // Advice: without it the same bytes come, only slower.
    if order != .any { madvise(address, size, order == .scattered ? MADV_RANDOM : MADV_SEQUENTIAL) }
  }

  deinit {
    if let start = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: start), bytes.count) }
  }
}
