import CLinux
import Glibc

/// An open directory: every file is reached through one, by a name or a relative path below it.
public final class Directory: Sendable {
  public let path: Path
  /// Asked before anything below is changed; nil = no role to lose.
  let permit: (any PublishPermit)?
  private let descriptor: Descriptor

  public var number: Int32 { descriptor.number }

  public init(_ path: Path) throws(SystemError) {
    let number = path.withCString { name in
      calling(.open) { clinux_openat(AT_FDCWD, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0) }
    }
    guard number >= 0 else { throw SystemError("open", path) }
    self.path = path
    permit = nil
    descriptor = Descriptor(owning: number)
  }

  private init(path: Path, number: Int32, permit: (any PublishPermit)?) {
    self.path = path
    self.permit = permit
    descriptor = Descriptor(owning: number)
  }

  /// The same directory for a process that may change it, and all below, only while it has the permit.
  public func guarded(by permit: any PublishPermit) throws(SystemError) -> Directory {
    let again = calling(.open) { clinux_openat(number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0) }
    guard again >= 0 else { throw SystemError("open", path) }
    return Directory(path: path, number: again, permit: permit)
  }

  private func allow() throws(SystemError) {
    if let refusal = permit?.refusal() { throw refusal }
  }

  /// Opens a directory below, without following symbolic links.
  public func open(_ name: Path) throws(SystemError) -> Directory {
    let number = openBelow(name, O_RDONLY | O_DIRECTORY)
    guard number >= 0 else { throw SystemError("open", path / name) }
    return Directory(path: path / name, number: number, permit: permit)
  }

  /// Opens a directory below, making it and its parents where absent; what was made is on disk when this returns.
  public func make(_ name: Path) throws(SystemError) -> Directory {
    var current = self
    for part in name.components {
      if let found = try? current.open(part) {
        current = found
        continue
      }
      let made = part.withCString { name in calling(.mkdir) { mkdirat(current.number, name, 0o775) } }
      if made != 0 && clinux_errno() != EEXIST { throw SystemError("mkdir", current.path / part) }
      if made == 0 { try current.sync() }
      current = try current.open(part)
    }
    return current
  }

  /// Opens a file for reading: below only, no symbolic link on the way, never blocking on a FIFO.
  public func openFile(_ name: Path) throws(SystemError) -> File {
    let number = openBelow(name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
    guard number >= 0 else { throw SystemError("open", path / name) }
    return File(path: path / name, number: number, permit: permit)
  }

  /// Opens a directory below; nil when there is none.
  public func openIfThere(_ name: Path) throws(SystemError) -> Directory? {
    do throws(SystemError) {
      return try open(name)
    } catch {
      if error.isMissing { return nil }
      throw error
    }
  }

  /// Opens a file that a person named, following links.
  public func openAnywhere(_ name: Path) throws(SystemError) -> File { try open(name, O_RDONLY) }

  /// Makes a file that must not exist yet.
  public func createFile(_ name: Path) throws(SystemError) -> File {
    try open(name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW)
  }

  /// Opens a file for reading and appending, making it where absent. What is there is never opened with O_CREAT: in a
  /// sticky folder that fails on files of others (fs.protected_regular).
  public func appendFile(_ name: Path) throws(SystemError) -> File {
    for _ in 0..<8 {
      do throws(SystemError) {
        return try open(name, O_RDWR | O_APPEND | O_NOFOLLOW)
      } catch {
        if !error.isMissing { throw error }
      }
      do throws(SystemError) {
        return try open(name, O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW)
      } catch {
        // Another process made it this moment.
        if !error.exists { throw error }
      }
    }
    throw SystemError("open", path / name, code: SystemError.alreadyThere)
  }

  private func open(_ name: Path, _ flags: Int32) throws(SystemError) -> File {
    let call: SystemCall = flags & O_CREAT == 0 ? .open : .create
    if call == .create { try allow() }
    let number = name.withCString { text in
      calling(call) { clinux_openat(self.number, text, flags | O_CLOEXEC, 0o664) }
    }
    guard number >= 0 else { throw SystemError("open", path / name) }
    return File(path: path / name, number: number, permit: permit)
  }

  private func openBelow(_ name: Path, _ flags: Int32) -> Int32 {
    name.withCString { text in calling(.open) { clinux_open_beneath(number, text, UInt64(flags | O_CLOEXEC)) } }
  }

  public func status(_ name: Path) throws(SystemError) -> FileStatus {
    var raw = stat()
    let result = name.withCString { text in
      calling(.stat) { fstatat(number, text, &raw, AT_SYMLINK_NOFOLLOW) }
    }
    guard result == 0 else { throw SystemError("stat", path / name) }
    return FileStatus(raw)
  }

  public func exists(_ name: Path) -> Bool { (try? status(name)) != nil }

  /// What is there; nil when nothing is. Where an answer decides something, "could not look" is not "not there".
  public func statusIfThere(_ name: Path) throws(SystemError) -> FileStatus? {
    do throws(SystemError) {
      return try status(name)
    } catch {
      if error.isMissing { return nil }
      throw error
    }
  }

  /// `status` for a look so frequent that it is no step of anything: nil when there is nothing to see.
  public func glance(_ name: Path) -> FileStatus? {
    var raw = stat()
    let result = name.withCString { text in
      calling(.stat) { fstatat(number, text, &raw, AT_SYMLINK_NOFOLLOW) }
    }
    return result == 0 ? FileStatus(raw) : nil
  }

  /// `glance` at the directory itself.
  public func glance() -> FileStatus? {
    var raw = stat()
    return calling(.fstat, { fstat(number, &raw) }) == 0 ? FileStatus(raw) : nil
  }

  /// `exists`, for an answer that decides something.
  public func isThere(_ name: Path) throws(SystemError) -> Bool { try statusIfThere(name) != nil }

  /// The names inside, without "." and "..", in byte order.
  public func names() throws(SystemError) -> [Path] {
    // A fresh descriptor: the directory stream owns and moves its own offset.
    let again = calling(.open) { clinux_openat(number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0) }
    guard again >= 0, let stream = fdopendir(again) else { throw SystemError("opendir", path) }
    defer { closedir(stream) }
    guard calling(.readdir, { 0 as Int32 }) == 0 else { throw SystemError("readdir", path) }
    var names: [Path] = []
    while let entry = try nextEntry(stream) {
      let length = strlen(&entry.pointee.d_name.0)
      let bytes = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: UInt8.self, capacity: length) {
          Array(UnsafeBufferPointer(start: $0, count: length))
        }
      }
      if bytes != [0x2E] && bytes != [0x2E, 0x2E] { names.append(Path(bytes)) }
    }
    return names.sorted()
  }

  /// nil at the end; a listing that was cut short by an error is none.
  private func nextEntry(_ stream: OpaquePointer) throws(SystemError) -> UnsafeMutablePointer<dirent>? {
    clinux_set_errno(0)
    let entry = readdir(stream)
    if entry == nil && clinux_errno() != 0 { throw SystemError("readdir", path) }
    return entry
  }

  public func sync() throws(SystemError) {
    guard calling(.fsync, { fsync(number) }) == 0 else { throw SystemError("fsync", path) }
  }

  /// Renames below this directory; fails with EEXIST where the target exists. Not durable before `sync()`.
  public func rename(_ from: Path, to target: Directory, _ name: Path) throws(SystemError) {
    try allow()
    let result = from.withCString { old in
      name.withCString { new in
        calling(.rename) { clinux_renameat2(number, old, target.number, new, CLINUX_RENAME_NOREPLACE) }
      }
    }
    if result == 0 { return }
    guard clinux_errno() == EINVAL else { throw SystemError("rename", path / from) }
    try renameWithoutFlag(from, to: target, name)
  }

  /// FUSE and NFS refuse NOREPLACE: look first, then rename.
  private func renameWithoutFlag(_ from: Path, to target: Directory, _ name: Path) throws(SystemError) {
    if try target.isThere(name) { throw SystemError("rename", path / from, code: EEXIST) }
    try replace(from, to: target, name)
  }

  /// Renames over whatever is there.
  public func replace(_ from: Path, to target: Directory, _ name: Path) throws(SystemError) {
    try allow()
    let result = from.withCString { old in
      name.withCString { new in calling(.rename) { renameat(number, old, target.number, new) } }
    }
    guard result == 0 else { throw SystemError("rename", path / from) }
  }

  public func remove(_ name: Path) throws(SystemError) {
    try allow()
    let result = name.withCString { text in calling(.unlink) { unlinkat(number, text, 0) } }
    guard result == 0 else { throw SystemError("unlink", path / name) }
  }

  public func removeDirectory(_ name: Path) throws(SystemError) {
    let result = name.withCString { text in calling(.rmdir) { unlinkat(number, text, AT_REMOVEDIR) } }
    guard result == 0 else { throw SystemError("rmdir", path / name) }
  }

  /// Removes a file or a whole tree; fine when it is not there.
  public func removeAll(_ name: Path) throws(SystemError) {
    guard let status = try statusIfThere(name) else { return }
    if status.kind == .directory {
      let inside = try open(name)
      for entry in try inside.names() { try inside.removeAll(entry) }
      try removeDirectory(name)
    } else {
      try remove(name)
    }
  }

  public func link(_ name: Path, to target: Path) throws(SystemError) {
    try allow()
    let result = target.withCString { text in
      name.withCString { new in calling(.symlink) { symlinkat(text, number, new) } }
    }
    guard result == 0 else { throw SystemError("symlink", path / name) }
  }

  /// A second name for a file: `name` in `target`.
  public func hardLink(_ from: Path, to target: Directory, _ name: Path) throws(SystemError) {
    try allow()
    let result = from.withCString { old in
      name.withCString { new in calling(.link) { linkat(number, old, target.number, new, 0) } }
    }
    guard result == 0 else { throw SystemError("link", path / from) }
  }
}
