import Glibc
import Posix

/// A folder in memory where a target lays out the files that it opens; one a process.
enum Ground {
  static let folder: Directory? = {
    let folder = try? Directory(Path(base)).make("pretraind-fuzz-\(getpid())")
    atexit { try? Directory(Path(Ground.base)).removeAll("pretraind-fuzz-\(getpid())") }
    return folder
  }()

  /// For files whose neighbours count too.
  static let journal = try? folder?.make("journal")

  private static var base: String { access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp" }

  static func write(_ name: String, _ bytes: [UInt8]) throws {
    try folder?.replaceFile(Path(name), with: bytes, durable: false)
  }
}
