import Glibc
import Posix

/// A folder of its own, gone with the value.
final class Scratch {
  let directory: Directory
  private let name: Path

  init() throws {
    name = Path("pretraind-spool-\(getpid())-\(UInt64.random(in: 0 ... .max))")
    directory = try Directory("/tmp").make(name)
  }

  deinit { try? Directory("/tmp").removeAll(name) }

  /// Writes a file, with the folders above it.
  func write(_ path: Path, _ bytes: [UInt8]) throws {
    let folder = path.parent.isEmpty ? directory : try directory.make(path.parent)
    if folder.exists(path.name) { try folder.remove(path.name) }
    try folder.createFile(path.name).write(bytes)
  }

  func write(_ path: Path, _ text: String) throws { try write(path, Array(text.utf8)) }
}
