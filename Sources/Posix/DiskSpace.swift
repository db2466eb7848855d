import Glibc

/// Room on the file system of a directory.
public struct DiskSpace: Equatable, Sendable {
  public var totalBytes: Int
  public var freeBytes: Int
  public var totalInodes: Int
  public var freeInodes: Int

  public init(of directory: Directory) throws(SystemError) {
    var raw = statvfs()
    let result = calling(.statvfs) { fstatvfs(directory.number, &raw) }
    guard result == 0 else { throw SystemError("statvfs", directory.path) }
    totalBytes = Int(raw.f_blocks) * Int(raw.f_frsize)
    freeBytes = Int(raw.f_bavail) * Int(raw.f_frsize)
    totalInodes = Int(raw.f_files)
    freeInodes = Int(raw.f_favail)
  }

  /// Used shares (0...1).
  public var usedBytesShare: Double { totalBytes == 0 ? 0 : 1 - Double(freeBytes) / Double(totalBytes) }
  public var usedInodesShare: Double { totalInodes == 0 ? 0 : 1 - Double(freeInodes) / Double(totalInodes) }
  /// Of bytes or of inodes, whichever is more.
  public var usedShare: Double { max(usedBytesShare, usedInodesShare) }
}
