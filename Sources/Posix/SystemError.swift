import CLinux
import Glibc

/// A system call that failed: which, on what, why. The only place where errno becomes a value.
public struct SystemError: Error, Equatable, Sendable, CustomStringConvertible {
  public let call: String
  public let path: Path
  public let code: Int32
  /// Said instead of what the code means, where more is known.
  private let detail: String

  public init(_ call: String, _ path: Path, code: Int32 = clinux_errno()) {
    self.init(call, path, code: code, detail: "")
  }

  private init(_ call: String, _ path: Path, code: Int32, detail: String) {
    self.call = call
    self.path = path
    self.code = code
    self.detail = detail
  }

  /// The role was taken over by another process: nothing more may be written.
  public static func superseded(_ path: Path, by holder: String) -> SystemError {
    SystemError("lease", path, code: ESTALE, detail: holder)
  }

  public var description: String {
    let reason = detail.isEmpty ? String(cString: strerror(code)) : detail
    return remedy.isEmpty ? "\(call) \(path): \(reason)" : "\(call) \(path): \(reason) (\(remedy))"
  }

  /// The code of an error that no waiting cures.
  public static let inputOutput = EIO
  /// The code of a name that is taken.
  public static let alreadyThere = EEXIST

  /// No room for bytes or inodes, or the quota is used up: pause, keep, retry. (inotify says ENOSPC for its watches.)
  public var isNoSpace: Bool { (code == ENOSPC || code == EDQUOT) && !call.hasPrefix("inotify") }
  /// No room, or the machine is out of descriptors, memory or processes: nobody's fault, and it passes. Pause, keep,
  /// retry.
  public var isScarce: Bool {
    isNoSpace || ([EMFILE, ENFILE, ENOMEM, EAGAIN, ENOBUFS].contains(code) && !call.hasPrefix("inotify"))
  }
  /// Another process has the role now.
  public var isSuperseded: Bool { code == ESTALE && call == "lease" }
  /// Not ours to touch: permissions, a mount, another file system.
  public var isForbidden: Bool { [EACCES, EPERM, EROFS, EXDEV, EBUSY].contains(code) }
  /// It stays so until somebody does something.
  public var isLasting: Bool { isForbidden || code == ELOOP || code == ENAMETOOLONG }
  public var isTooLong: Bool { code == EFBIG }
  public var isMissing: Bool { code == ENOENT || code == ENOTDIR }
  public var exists: Bool { code == EEXIST || code == ENOTEMPTY }

  private var remedy: String {
    switch code {
    case ENOSPC: "free space on this file system; the work is kept and goes on by itself"
    case EDQUOT: "raise the quota; the work is kept and goes on by itself"
    case EACCES, EPERM: "give the pretraind user access"
    case EMFILE, ENFILE: "raise the limit of open files; the work is kept and goes on by itself"
    case ENOMEM, EAGAIN, ENOBUFS: "the machine is short of memory or processes; the work is kept and goes on by itself"
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
