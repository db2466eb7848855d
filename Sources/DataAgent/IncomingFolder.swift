import Posix
import Spool

/// `incoming/` as it is now: somebody may rename it away and make a new one.
final class IncomingFolder {
  private let root: Directory
  private static let name: Path = "incoming"
  private(set) var directory: Directory

  init(_ layout: SpoolLayout) {
    root = layout.root
    directory = layout.incoming
  }

  /// Opens it anew when another folder has its name, makes it when none has; true when it is another one.
  func follow() throws(SystemError) -> Bool {
    let open = try directory.status(".")
    if let named = try? root.status(IncomingFolder.name) {
      if named.inode == open.inode && named.device == open.device { return false }
      // What has its name may be no folder, or not ours to enter: then the one we know stays.
      guard let fresh = try? root.open(IncomingFolder.name) else { return false }
      directory = fresh
      return true
    }
    directory = try root.make(IncomingFolder.name)
    return true
  }

  /// The folder a file lies in, reached without following a link: a name on the way may be replaced at any time.
  func folder(of path: Path) throws(SystemError) -> Directory {
    path.parent.isEmpty ? directory : try directory.open(path.parent)
  }
}
