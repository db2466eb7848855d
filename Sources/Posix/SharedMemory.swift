import CLinux
import Glibc

/// A small file of machine words, mapped for reading and writing: what is stored is there for whoever looks after this
/// process died, without a system call a store. Not durable. Where no file can be made it is plain memory.
public final class SharedMemory: @unchecked Sendable {
  private let start: UnsafeMutablePointer<Int>
  private let bytes: Int
  private let isMapped: Bool

  /// Makes the file anew, all zero.
  public init(_ folder: Directory, _ name: Path, words: Int) {
    bytes = words * MemoryLayout<Int>.size
    if let address = try? SharedMemory.map(folder, name, bytes) {
      start = address
      isMapped = true
    } else {
      start = .allocate(capacity: words)
      start.initialize(repeating: 0, count: words)
      isMapped = false
    }
  }

  private static func map(_ folder: Directory, _ name: Path, _ bytes: Int) throws(SystemError) -> UnsafeMutablePointer<
    Int
  > {
    let file = try folder.createTemporary(name)
    do throws(SystemError) {
      // Written, not only stretched: a store into a hole of a full disk would be a bus error.
      try file.write([UInt8](repeating: 0, count: bytes))
      try folder.replace(Directory.temporary(name), to: folder, name)
    } catch {
      try? folder.remove(Directory.temporary(name))
      throw error
    }
    if FaultPoint.strikes(.mmap) { throw SystemError("mmap", file.path) }
    let address = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file.number, 0)
    guard address != MAP_FAILED, let address else { throw SystemError("mmap", file.path) }
    return address.bindMemory(to: Int.self, capacity: bytes / MemoryLayout<Int>.size)
  }

  /// A signal that this process brings upon itself (a bad access, an overflow, abort), or that the watchdog sends,
  /// stores its number at `index` before it ends the process. One place a process; the last call counts.
  public func noteCrashes(at index: Int) {
    clinux_note_crashes(start + index)
  }

  deinit {
    clinux_forget_crashes(start, bytes / MemoryLayout<Int>.size)
    if isMapped { munmap(start, bytes) } else { start.deallocate() }
  }

  public subscript(index: Int) -> Int {
    get { start[index] }
    set { start[index] = newValue }
  }
}
