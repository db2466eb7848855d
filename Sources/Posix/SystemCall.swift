/// The system calls of this room, as fault points count them. What leaves nothing behind (standard streams, eventfd,
/// close, clocks) is none of them.
public enum SystemCall: String, Sendable, CaseIterable {
  /// `create` is an open that may make a file, `open` any other.
  case create, open, read, pread, write, ftruncate, lseek, fsync, fdatasync, rename, unlink, mkdir, rmdir, symlink, link
  case stat, fstat, statvfs, readdir, flock, lease, mmap, spawn, writeback

  /// The steps of which durability is made.
  public static let durable: Set<SystemCall> = [.create, .fsync, .fdatasync, .rename, .unlink]
  /// The calls that may find no room.
  public static let space: Set<SystemCall> = [
    .create, .write, .ftruncate, .fsync, .fdatasync, .rename, .mkdir, .symlink, .link,
  ]
  /// The calls that a machine short of descriptors, memory or processes refuses.
  public static let means: Set<SystemCall> = [.create, .open, .readdir, .mmap, .spawn]
  /// The calls that may move fewer bytes than asked for.
  public static let partial: Set<SystemCall> = [.read, .pread, .write]

  /// A call's name or a group's: `durable`, `space`, `means`, `partial`.
  public static func named(_ name: String) -> Set<SystemCall>? {
    switch name {
    case "durable": durable
    case "space": space
    case "means": means
    case "partial": partial
    default: SystemCall(rawValue: name).map { [$0] }
    }
  }
}
