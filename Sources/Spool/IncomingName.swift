import Posix

/// Which names under `incoming/` are files to be taken and which are still somebody's temporaries.
public enum IncomingName {
  private static let ignoredSuffixes = ["~", ".tmp", ".part", ".partial", ".filepart", ".crdownload", ".swp", ".lock"]
  /// `NAME.ok` says that NAME is whole; it is no document.
  public static let manifestSuffix = ".ok"
  /// Put there by us to say that intake is paused.
  public static let fullNotice: Path = "incoming.FULL"

  /// Why a name is left alone, or nil when it is to be taken once it is whole.
  public static func ignored(_ name: Path) -> String? {
    if name.hasPrefix(".") { return "its name begins with '.': rename it when it is complete" }
    for suffix in ignoredSuffixes where name.hasSuffix(suffix) {
      return "its name ends in '\(suffix)': rename it when it is complete"
    }
    return nil
  }

  /// The path that a manifest's path stands for.
  public static func file(ofManifest path: Path) -> Path {
    Path(Array(path.bytes.dropLast(manifestSuffix.utf8.count)))
  }

  public static func isManifest(_ name: Path) -> Bool { name.hasSuffix(manifestSuffix) && ignored(name) == nil }
}
