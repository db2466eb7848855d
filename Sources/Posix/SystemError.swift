import CLinux
import Glibc

/// A system call that failed: which, on what, why. The only place where errno becomes a value.
public struct SystemError: Error, Equatable, Sendable, CustomStringConvertible {
  public let call: String
  public let path: Path
  public let code: Int32

  public init(_ call: String, _ path: Path, code: Int32 = clinux_errno()) {
    self.call = call
    self.path = path
    self.code = code
  }

  public var description: String {
    let reason = String(cString: strerror(code))
    return remedy.isEmpty ? "\(call) \(path): \(reason)" : "\(call) \(path): \(reason) (\(remedy))"
  }

  /// No room for bytes or inodes, or the quota is used up: pause, keep, retry. Not so where inotify says it of its
  /// watches, nor where an append-only file could not be synced: that is never tried again on the same file.
  public var isNoSpace: Bool {
    (code == ENOSPC || code == EDQUOT) && !call.hasPrefix("inotify") && call != "fdatasync"
  }
  public var isMissing: Bool { code == ENOENT || code == ENOTDIR }
  public var exists: Bool { code == EEXIST || code == ENOTEMPTY }

  private var remedy: String {
    switch code {
    case ENOSPC: "free space on this file system; the work is kept and goes on by itself"
    case EDQUOT: "raise the quota; the work is kept and goes on by itself"
    case EACCES, EPERM: "give the pretraind user access"
    case EMFILE, ENFILE: "raise the limit of open files"
    case ELOOP: "symbolic links are not followed"
    case EROFS: "mount the file system writable"
    default: ""
    }
  }
}

/// An error that may have a failed system call at its bottom.
public protocol SystemFailure: Error {
  var systemError: SystemError? { get }
}

extension SystemError: SystemFailure {
  public var systemError: SystemError? { self }
}
