import Bytes
import Journal
import Posix

extension JournalFile {
  /// Why a journal cannot be gone on with, and the way out.
  public enum Failure: Error, CustomStringConvertible {
    /// A bad line with good ones after it.
    case damaged(path: Path, JournalDamage)
    /// A whole line that is no JSON.
    case unreadable(path: Path, line: Int, JSONError)
    /// A segment that must be there.
    case missing(Path, after: Int?, refused: [(number: Int, reason: String)])
    /// A segment that does not follow the one before it.
    case disconnected(Path)
    /// A segment whose end is gone although others follow.
    case cutShort(Path, at: Int)
    /// A first line that this version does not know.
    case unknown(Path)

    public var description: String {
      switch self {
      case .damaged(let path, let damage): "\(path): \(damage)"
      case .unreadable(let path, let line, let error): "\(path): line \(line) \(error)"
      case .missing(let path, let next, let refused):
        "\(path) is missing" + (next.map { ", but segment \($0) is there" } ?? "")
          + refused.map { "; \(JournalName.snapshot($0.number)) cannot stand for it: \($0.reason)" }.joined()
          + ". Restore it from a backup"
      case .disconnected(let path):
        "\(path) does not go on where the segment before it ends: one of the two is of another time or was cut. "
          + "Restore both from one backup"
      case .cutShort(let path, let offset):
        "\(path): at byte \(offset) there is no whole line any more, but the journal went on after this segment. "
          + "Restore it from a backup"
      case .unknown(let path):
        "\(path): its first line is not that of a journal's segment, or a later version's. Restore it from a backup, "
          + "or use the version that wrote it"
      }
    }
  }
}
