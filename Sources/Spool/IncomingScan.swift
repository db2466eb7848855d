import Posix

/// One look at everything under `incoming/`: the truth that events only hint at.
public struct IncomingScan: Sendable {
  public struct Found: Sendable {
    /// Relative to `incoming/`.
    public let path: Path
    public let status: FileStatus

    public init(path: Path, status: FileStatus) {
      self.path = path
      self.status = status
    }
  }

  /// What lies there and is not taken, with the reason and what to do.
  public struct Passed: Sendable {
    public let path: Path
    public let because: String
  }

  /// Files (and whatever else is no directory), in byte order of path; manifests are not among them.
  public private(set) var files: [Found] = []
  /// Directories below `incoming/`, parents first.
  public private(set) var folders: [Found] = []
  /// `NAME.ok`: not documents themselves.
  public private(set) var manifests: Set<Path> = []
  /// Temporaries' names (those with a dot in front are left out), folders that cannot be read or are too deep.
  public private(set) var passed: [Passed] = []
  /// Something could not be looked at for a reason that may go by itself: to be looked at again.
  public private(set) var isIncomplete = false
  public static let deepest = 32
  /// The kernel takes paths of 4,096 bytes; ours begin deeper.
  public static let longestPath = 3500

  public init(_ incoming: Directory) {
    visit(incoming, Path([]), depth: 0)
    files.sort { $0.path < $1.path }
  }

  private mutating func visit(_ folder: Directory, _ prefix: Path, depth: Int) {
    let names: [Path]
    do {
      names = try folder.names()
    } catch {
      return pass(prefix, error)
    }
    for name in names where !name.hasPrefix(".") && !(depth == 0 && name == IncomingName.fullNotice) {
      let path = prefix / name
      if let reason = IncomingName.ignored(name) {
        passed.append(Passed(path: path, because: reason))
        continue
      }
      let status: FileStatus
      do {
        // A name that is gone again was taken back by its owner.
        guard let there = try folder.statusIfThere(name) else { continue }
        status = there
      } catch {
        pass(path, error)
        continue
      }
      if status.kind == .directory {
        enter(folder, Found(path: path, status: status), depth: depth)
      } else if IncomingName.isManifest(name) {
        manifests.insert(path)
      } else {
        files.append(Found(path: path, status: status))
      }
    }
  }

  private mutating func enter(_ folder: Directory, _ found: Found, depth: Int) {
    guard depth < IncomingScan.deepest, found.path.bytes.count < IncomingScan.longestPath else {
      let because = "it is more than \(IncomingScan.deepest) folders deep or its path too long: mv it up"
      passed.append(Passed(path: found.path, because: because))
      return
    }
    folders.append(found)
    do {
      visit(try folder.open(found.path.name), found.path, depth: depth + 1)
    } catch {
      if !error.isMissing { pass(found.path, error) }
    }
  }

  private mutating func pass(_ path: Path, _ error: SystemError) {
    passed.append(Passed(path: path, because: "\(error)"))
    if !error.isLasting { isIncomplete = true }
  }
}
