import Posix

/// A hint that something happened under `incoming/`. Only the scan decides.
public struct IncomingEvent: Sendable {
  public enum Kind: Sendable {
    /// Renamed into place.
    case moved
    /// A writer closed it.
    case closed
    /// The name appeared.
    case created
    /// Its attributes changed.
    case touched
  }

  /// Relative to `incoming/`.
  public let path: Path
  public let kind: Kind

  public init(path: Path, kind: Kind) {
    self.path = path
    self.kind = kind
  }
}
