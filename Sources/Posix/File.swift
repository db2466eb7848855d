import CLinux
import Glibc

/// An open regular file; closed when the last reference goes.
public final class File: Sendable {
  public let path: Path
  private let permit: (any PublishPermit)?
  private let descriptor: Descriptor

  init(path: Path, number: Int32, permit: (any PublishPermit)? = nil) {
    self.path = path
    self.permit = permit
    descriptor = Descriptor(owning: number)
  }

  public var number: Int32 { descriptor.number }

  public func status() throws(SystemError) -> FileStatus {
    var raw = stat()
    guard calling(.fstat, { fstat(number, &raw) }) == 0 else { throw SystemError("fstat", path) }
    return FileStatus(raw)
  }

  /// Reads up to `buffer.count` bytes; 0 at the end.
  public func read(into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int {
    let wanted = FaultPoint.shortened(.read, buffer.count)
    let count = calling(.read) { Glibc.read(number, buffer.baseAddress, wanted) }
    guard count >= 0 else { throw SystemError("read", path) }
    return count
  }

  public func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int {
    let wanted = FaultPoint.shortened(.pread, buffer.count)
    let count = calling(.pread) { pread(number, buffer.baseAddress, wanted, off_t(offset)) }
    guard count >= 0 else { throw SystemError("pread", path) }
    return count
  }

  /// Everything from the current offset to the end; more than `limit` bytes is EFBIG.
  public func readAll(limit: Int = .max) throws(SystemError) -> [UInt8] {
    var bytes: [UInt8] = []
    let hint = (try? status().size) ?? 0
    bytes.reserveCapacity(min(hint + 1, limit))
    let chunk = 1 << 18
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: chunk, alignment: 16)
    defer { buffer.deallocate() }
    while true {
      let count = try read(into: buffer)
      if count == 0 { return bytes }
      if bytes.count + count > limit { throw SystemError("read", path, code: EFBIG) }
      bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
  }

  public func write(_ bytes: [UInt8]) throws(SystemError) {
    let failed = bytes.withUnsafeBytes { write(all: $0) }
    if let failed { throw failed }
  }

  public func write(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
    if let failed = write(all: bytes) { throw failed }
  }

  /// Writes at a place of its own, wherever the file's offset is.
  public func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(SystemError) {
    if let refusal = permit?.refusal() { throw refusal }
    var done = 0
    while done < bytes.count {
      let wanted = FaultPoint.shortened(.write, bytes.count - done)
      let count = calling(.write) { pwrite(number, bytes.baseAddress! + done, wanted, off_t(offset + done)) }
      guard count >= 0 else { throw SystemError("pwrite", path) }
      done += count
    }
  }

  private func write(all bytes: UnsafeRawBufferPointer) -> SystemError? {
    if let refusal = permit?.refusal() { return refusal }
    var done = 0
    while done < bytes.count {
      let wanted = FaultPoint.shortened(.write, bytes.count - done)
      let count = calling(.write) { Glibc.write(number, bytes.baseAddress! + done, wanted) }
      if count < 0 { return SystemError("write", path) }
      done += count
    }
    return nil
  }

  /// Appends all the bytes or none: what a failed write left is cut off, so that it can be written again.
  public func append(_ bytes: [UInt8]) throws(SystemError) {
    let end = try status().size
    do throws(SystemError) {
      try write(bytes)
    } catch {
      try truncate(to: end)
      throw error
    }
  }

  /// Makes sure that `size` bytes of the file have their place on the disk.
  public func allocate(_ size: Int) throws(SystemError) {
    let failed = posix_fallocate(number, 0, off_t(size))
    if failed != 0 { throw SystemError("fallocate", path, code: failed) }
  }

  /// Data and metadata on disk. A failed fsync is never retried on the same file: its pages are marked clean.
  public func sync() throws(SystemError) {
    guard calling(.fsync, { fsync(number) }) == 0 else { throw SystemError("fsync", path) }
  }

  /// Has the kernel begin to write a part to the disk, and waits for the part before it. Less than an fsync: nothing is
  /// durable by it, but the fsync that follows finds little left.
  func writeBack(from start: Int, _ count: Int, after before: Int) throws(SystemError) {
    let code: Int32 = calling(.writeback) {
      clinux_write_back(number, Int64(start), Int64(count), Int64(before)) == 0 ? 0 : -1
    }
    // Where there is no such thing, the fsync does it all.
    if code != 0, ![EINVAL, ESPIPE, ENOSYS, EPERM].contains(clinux_errno()) {
      throw SystemError("sync_file_range", path)
    }
  }

  public func syncData() throws(SystemError) {
    guard calling(.fdatasync, { fdatasync(number) }) == 0 else { throw SystemError("fdatasync", path) }
  }

  public func truncate(to size: Int) throws(SystemError) {
    if let refusal = permit?.refusal() { throw refusal }
    guard calling(.ftruncate, { ftruncate(number, off_t(size)) }) == 0 else { throw SystemError("ftruncate", path) }
  }

  public func seek(to offset: Int) throws(SystemError) {
    guard calling(.lseek, { lseek(number, off_t(offset), SEEK_SET) }) >= 0 else { throw SystemError("lseek", path) }
  }

  /// Takes the whole-file lock, or says that another process holds it.
  /// - Parameter shared: beside others who share it.
  public func tryLock(shared: Bool = false) throws(SystemError) -> Bool {
    if calling(.flock, { flock(number, (shared ? LOCK_SH : LOCK_EX) | LOCK_NB) }) == 0 { return true }
    if clinux_errno() == EWOULDBLOCK { return false }
    throw SystemError("flock", path)
  }

  public enum LeaseAnswer: Equatable, Sendable { case granted, openForWriting, unsupported }

  /// Asks the kernel whether anybody holds the file open for writing.
  public func probeReadLease() -> LeaseAnswer {
    var answer: Int32 = 0
    let result: Int32 = calling(.lease) {
      answer = clinux_try_read_lease(number)
      return 0
    }
    return switch result == 0 ? answer : clinux_errno() {
    case 0: .granted
    case EAGAIN: .openForWriting
    default: .unsupported
    }
  }
}
