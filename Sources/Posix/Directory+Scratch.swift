import CLinux
import Glibc

extension Directory {
  /// O_TMPFILE of the kernel's asm-generic/fcntl.h, which the Glibc module does not show.
  private static let nameless: Int32 = 0o20_000_000 | O_DIRECTORY

  /// A file without a name for this process alone, for reading and writing: gone with its last reference, whatever
  /// becomes of the process.
  public func scratchFile() throws(SystemError) -> File {
    let anonymous = calling(.create) { clinux_openat(number, ".", O_RDWR | Directory.nameless | O_CLOEXEC, 0o600) }
    if anonymous >= 0 { return File(path: path / "scratch", number: anonymous, permit: permit) }
    // Not every file system has nameless files: one whose name is taken away at once is nearly as good.
    let name = Path(".scratch-\(getpid())-\(Clock.monotonic())")
    let named = name.withCString { text in
      calling(.create) { clinux_openat(number, text, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600) }
    }
    guard named >= 0 else { throw SystemError("open", path / name) }
    let file = File(path: path / "scratch", number: named, permit: permit)
    try remove(name)
    return file
  }

  /// Where large files for a moment belong: $TMPDIR, else /var/tmp, which is no memory, else /tmp.
  public static func forScratch() throws(SystemError) -> Directory {
    if let named = getenv("TMPDIR"), named.pointee != 0 { return try Directory(Path(String(cString: named))) }
    if let usual = try? Directory("/var/tmp") { return usual }
    return try Directory("/tmp")
  }
}
