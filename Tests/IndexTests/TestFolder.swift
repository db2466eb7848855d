import Glibc
import Posix

/// A folder of its own below /tmp, gone at the end.
final class TestFolder {
  let directory: Directory
  private let name: Path

  init() throws {
    name = Path("pretraind-index-\(getpid())-\(UInt64.random(in: 0 ... .max))")
    directory = try Directory("/tmp").make(name)
  }

  deinit { try? Directory("/tmp").removeAll(name) }
}
