import Glibc
import Posix

/// A folder of its own, gone with the value.
final class Scratch {
  let directory: Directory
  private let name: Path
  private let isOwn: Bool

  init() throws {
    name = Path("pretraind-posix-\(getpid())-\(UInt64.random(in: 0 ... .max))")
    directory = try Directory("/tmp").make(name)
    isOwn = true
  }

  /// Another process's folder.
  init(at path: Path) throws {
    name = path.name
    directory = try Directory(path)
    isOwn = false
  }

  deinit { if isOwn { try? Directory("/tmp").removeAll(name) } }

  var path: String { directory.path.description }
  var names: [String] { get throws { try directory.names().map(\.description) } }

  func write(_ name: Path, _ text: String) throws {
    try directory.replaceFile(name, with: Array(text.utf8), durable: false)
  }
  func text(_ name: Path) throws -> String { String(decoding: try directory.read(name), as: UTF8.self) }
}

/// The error of a call that must fail.
func failure(_ call: () throws -> Void) -> SystemError? {
  do {
    try call()
    return nil
  } catch {
    return error as? SystemError
  }
}
