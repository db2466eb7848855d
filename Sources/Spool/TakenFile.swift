import Glibc
import Posix

/// A sentinel under its number in `control/.taken`, not read yet.
struct TakenFile {
  let sequence: Int
  let name: Path
  let recovered: Bool
  var taken: Double
  /// The answer that an earlier process gave.
  var earlier: ControlAcknowledgement?

  var file: Path { ControlSequence.prefix(sequence, name) }
  /// What an empty request meant when it was taken. One name a role, so that none takes what another is writing for
  /// left over.
  static func frozen(_ sequence: Int, _ role: ControlRole) -> Path {
    Path(".frozen-" + ControlSequence.digits(sequence) + (role == .trainer ? "" : "-" + role.rawValue))
  }

  enum Content {
    /// Somebody may still be writing; look again at the next poll.
    case unfinished
    case unreadable(String, FileStatus?)
    case whole([UInt8], FileStatus)
  }

  /// A shell opens a sentinel before it writes it, and the descriptor follows the rename: read only what nobody holds
  /// open for writing, but wait no longer than five seconds for a writer who never closes.
  func read(in folder: Directory, now: Double) -> Content {
    let status: FileStatus
    do throws(SystemError) {
      guard let found = try folder.statusIfThere(file) else {
        return .unreadable("it vanished after it was taken", nil)
      }
      status = found
    } catch {
      return troubled(error, nil, now: now)
    }
    if let reason = SentinelFile.refusal(status, name) { return .unreadable(reason, status) }
    // Of `ln` and `cp -l` the first name may not be gone yet. What we linked ourselves is fine.
    if status.links > 1, !recovered {
      if now - taken < 1 { return .unfinished }
      return .unreadable(SentinelFile.linked(name), status)
    }
    do throws(SystemError) {
      let opened = try folder.openFile(file)
      if SentinelFile.isBeingWritten(opened, try opened.status(), now: now), now - taken < 5 { return .unfinished }
      return .whole(try opened.readAll(limit: ControlArguments.limit + 1), try opened.status())
    } catch {
      if error.isTooLong {
        return .unreadable("the content is longer than \(ControlArguments.limit) bytes", status)
      }
      // Nothing is in it, so nothing need be read: touched under a strict umask.
      if error.isForbidden, status.size == 0 { return now - taken < 0.2 ? .unfinished : .whole([], status) }
      return troubled(error, status, now: now)
    }
  }

  /// The disk may read the next time what it does not now; what the machine is short of passes, however long it takes.
  private func troubled(_ error: SystemError, _ status: FileStatus?, now: Double) -> Content {
    if error.isScarce { return .unfinished }
    if error.code == EIO, now - taken < 5 { return .unfinished }
    return .unreadable(
      "its content cannot be read (\(error)); chmod a+r it before it gets its name, or leave it empty", status)
  }
}

/// What a file in `control/` must be to be a request.
enum SentinelFile {
  /// Why it is none; nil for a plain file.
  static func refusal(_ status: FileStatus, _ name: Path) -> String? {
    let kind: String
    switch status.kind {
    case .regular: return nil
    case .directory: kind = "a directory; rmdir it"
    case .symbolicLink: kind = "a symbolic link, which is not followed; rm it"
    case .other: kind = "no plain file (a pipe, a socket, a device); rm it"
    }
    return "a request must be a plain file, this is \(kind) and touch control/\(name)"
  }

  static func linked(_ name: Path) -> String {
    "the file has other names too (hard links), so nobody can tell who asks; make a file of its own: touch control/\(name)"
  }

  static func isBeingWritten(_ file: File, _ status: FileStatus, now: Double) -> Bool {
    switch file.probeReadLease() {
    case .granted: false
    case .openForWriting: true
    // Without leases (NFS, another owner): 50 ms of silence must do.
    case .unsupported: abs(now - Double(status.modified) * 1e-9) < 0.05
    }
  }
}

/// Whether a directory must be listed again. Listing `control/` at every optimizer step would cost more than the step's
/// own bookkeeping; its times tell that nothing came, once they are old enough to be told from the next change.
struct FolderSight {
  private var modified = 0
  private var changed = 0
  private var inode: UInt64 = 0
  private var since = -Double.infinity
  private var listed = -Double.infinity

  /// Longer than the coarsest clock of a local file system.
  private static let grain = 0.05
  /// Where times are coarser than that, or do not move at all.
  private static let longest = 1.0

  /// - Parameter now: monotonic seconds.
  /// - Parameter longest: seconds after which it is listed whatever the times say.
  mutating func needsListing(_ status: FileStatus?, now: Double, longest: Double = FolderSight.longest) -> Bool {
    guard let status else { return true }
    if status.modified != modified || status.changed != changed || status.inode != inode {
      modified = status.modified
      changed = status.changed
      inode = status.inode
      since = now
    } else if listed - since >= FolderSight.grain, now - listed < longest {
      return false
    }
    listed = now
    return true
  }
}
