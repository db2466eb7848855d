import Bytes
import Glibc
import Posix

/// A sentinel that was taken and waits for its answer.
public struct ControlRequest: Equatable, Sendable {
  public let sequence: Int
  public let name: ControlName
  public let arguments: ControlArguments
  /// Owner of the sentinel file.
  public let user: Int
  /// When the file was last written, seconds since the epoch.
  public let touched: Double
  /// When it was taken, seconds since the epoch.
  public let taken: Double
  /// True when an earlier process took it and died before its answer was final.
  public let recovered: Bool

  public var verb: ControlVerb { name.verb }

  public init(
    sequence: Int, name: ControlName, arguments: ControlArguments = ControlArguments(), user: Int = 0,
    touched: Double = 0,
    taken: Double = 0, recovered: Bool = false
  ) {
    self.sequence = sequence
    self.name = name
    self.arguments = arguments
    self.user = user
    self.touched = touched
    self.taken = taken
    self.recovered = recovered
  }

  /// True from the moment of `at=` on; at once without one.
  public func isDue(step: Int, block: Int) -> Bool { arguments.at?.isReached(step: step, block: block) ?? true }
}

/// A sentinel under its number in `control/.taken`, not read yet.
struct TakenFile {
  let sequence: Int
  let name: Path
  let recovered: Bool
  var taken: Double

  var file: Path { ControlSequence.prefix(sequence, name) }

  enum Content {
    /// Somebody may still be writing; look again at the next poll.
    case unfinished
    case unreadable(String)
    case whole([UInt8], FileStatus)
  }

  /// A shell opens a sentinel before it writes it, and the descriptor follows the rename: read only what nobody holds
  /// open for writing, but wait no longer than five seconds for a writer who never closes.
  func read(in folder: Directory, now: Double) -> Content {
    do throws(SystemError) {
      let opened = try folder.openFile(file)
      let status = try opened.status()
      guard status.kind == .regular else { return .unreadable("a request must be a plain file") }
      if isBeingWritten(opened, status, now: now), now - taken < 5 { return .unfinished }
      let bytes = try opened.readAll(limit: ControlArguments.limit + 1)
      return .whole(bytes, status)
    } catch {
      if error.code == EFBIG { return .unreadable("the content is longer than \(ControlArguments.limit) bytes") }
      return .unreadable("a request must be a plain file that can be read: \(error)")
    }
  }

  private func isBeingWritten(_ file: File, _ status: FileStatus, now: Double) -> Bool {
    switch file.probeReadLease() {
    case .granted: false
    case .openForWriting: true
    // Without leases (NFS, another owner): 50 ms of silence must do.
    case .unsupported: abs(now - Double(status.modified) * 1e-9) < 0.05
    }
  }
}
