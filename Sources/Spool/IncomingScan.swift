import Posix

/// One look at everything under `incoming/`: the truth that events only hint at.
public struct IncomingScan: Sendable {
  public struct Found: Sendable {
    /// Relative to `incoming/`.
    public let path: Path
    public let status: FileStatus
  }

  /// Files (and whatever else is no directory), in byte order of path.
  public private(set) var files: [Found] = []
  public private(set) var folders: [Path] = []
  /// Folders that could not be read, with the reason.
  public private(set) var unreadable: [(Path, SystemError)] = []
  public static let deepest = 32

  public init(_ incoming: Directory) {
    visit(incoming, Path([]), depth: 0)
    files.sort { $0.path < $1.path }
  }

  private mutating func visit(_ folder: Directory, _ prefix: Path, depth: Int) {
    let names: [Path]
    do {
      names = try folder.names()
    } catch {
      unreadable.append((prefix, error))
      return
    }
    for name in names where IncomingName.ignored(name) == nil && !(depth == 0 && name == IncomingName.fullNotice) {
      // A name that is gone again was taken back by its owner.
      guard let status = try? folder.status(name) else { continue }
      let path = prefix / name
      guard status.kind == .directory else {
        files.append(Found(path: path, status: status))
        continue
      }
      folders.append(path)
      guard depth < IncomingScan.deepest else { continue }
      do {
        visit(try folder.open(name), path, depth: depth + 1)
      } catch {
        if !error.isMissing { unreadable.append((path, error)) }
      }
    }
  }
}
