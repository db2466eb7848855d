import Glibc

/// What lstat or fstat told.
public struct FileStatus: Equatable, Sendable {
  public enum Kind: Equatable, Sendable { case regular, directory, symbolicLink, other }

  public var kind: Kind
  public var size: Int
  /// Bytes that it takes on the disk: 0 for a file that is all hole.
  public var allocated: Int
  /// Nanoseconds since the epoch.
  public var modified: Int
  public var changed: Int
  public var device: UInt64
  public var inode: UInt64
  public var links: Int
  public var owner: UInt32

  init(_ raw: stat) {
    switch raw.st_mode & S_IFMT {
    case S_IFREG: kind = .regular
    case S_IFDIR: kind = .directory
    case S_IFLNK: kind = .symbolicLink
    default: kind = .other
    }
    size = Int(raw.st_size)
    allocated = Int(raw.st_blocks) * 512
    modified = raw.st_mtim.tv_sec * 1_000_000_000 + raw.st_mtim.tv_nsec
    changed = raw.st_ctim.tv_sec * 1_000_000_000 + raw.st_ctim.tv_nsec
    device = UInt64(raw.st_dev)
    inode = UInt64(raw.st_ino)
    links = Int(raw.st_nlink)
    owner = raw.st_uid
  }

  /// True when nothing that a writer changes has changed: size, mtime, ctime, inode.
  public func isSame(as other: FileStatus) -> Bool {
    size == other.size && modified == other.modified && changed == other.changed && inode == other.inode
      && device == other.device
  }

  /// True when the bytes cannot have changed: size and mtime. (A rename moves ctime.)
  public func isSameContent(as other: FileStatus) -> Bool { size == other.size && modified == other.modified }
}
