import Glibc
import Posix

/// A folder of a test's own, gone with the value.
public final class Scratch {
  public let directory: Directory
  private let isOwn: Bool

  /// - Parameter isFast: in memory where there is such a place, for tests of the order of steps; others want a disk.
  public init(isFast: Bool = false) throws {
    let base: Path = isFast && access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
    directory = try Directory(base).make(Path("pretraind-test-\(getpid())-\(UInt64.random(in: 0 ... .max))"))
    isOwn = true
  }

  /// Another process's folder, which stays.
  public init(at path: Path) throws {
    directory = try Directory(path)
    isOwn = false
  }

  deinit {
    if isOwn { try? Directory(directory.path.parent).removeAll(directory.path.name) }
  }

  public var path: String { directory.path.description }
  public var names: [String] { get throws { try directory.names().map(\.description) } }

  /// Writes a file, with the folders above it, in place of what is there.
  public func write(_ file: Path, _ bytes: [UInt8]) throws {
    let folder = file.parent.isEmpty ? directory : try directory.make(file.parent)
    if folder.exists(file.name) { try folder.remove(file.name) }
    try folder.createFile(file.name).write(bytes)
  }

  public func write(_ file: Path, _ text: String) throws { try write(file, Array(text.utf8)) }

  public func text(_ file: Path) throws -> String { String(decoding: try directory.read(file), as: UTF8.self) }
}
