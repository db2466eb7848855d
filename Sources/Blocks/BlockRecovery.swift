import Posix

/// Puts a blocks folder in order after a crash: what has no manifest does not exist.
public enum BlockRecovery {
  public struct Removal: Equatable, Sendable {
    public let name: String
    public let reason: String
  }

  /// Removes unfinished files and companions that no manifest names; says what and why. A second call does nothing.
  /// Only for the process that holds the agent's lease.
  public static func clean(_ directory: Directory) throws(BlockError) -> [Removal] {
    let removals = try plan(directory)
    try BlockError.system { () throws(SystemError) in
      for removal in removals { try directory.remove(Path(escaped: removal.name)) }
      if !removals.isEmpty { try directory.sync() }
    }
    return removals
  }

  /// What `clean` would remove; touches nothing.
  public static func plan(_ directory: Directory) throws(BlockError) -> [Removal] {
    let names = try BlockError.system { () throws(SystemError) in try directory.names() }
    var removals: [Removal] = []
    var listed: [Int: [String]] = [:]
    for name in names {
      guard let reason = try reason(name, directory, &listed) else { continue }
      removals.append(Removal(name: name.description, reason: reason))
    }
    return removals
  }

  /// Why the file must go; nil when it stays.
  private static func reason(
    _ name: Path, _ directory: Directory, _ listed: inout [Int: [String]]
  ) throws(BlockError) -> String? {
    if name.hasPrefix(".part-") && name.hasSuffix(".tmp") { return "unfinished when the agent ended" }
    guard let block = BlockName(companion: name) else { return nil }
    let isThere = try BlockError.system { () throws(SystemError) in try directory.isThere(block.manifest) }
    if !isThere { return "no manifest: never published, or withdrawn" }
    let files: [String]
    if let known = listed[block.number] {
      files = known
    } else {
      files = try BlockManifest.read(directory, block.number).files.map(\.name)
      listed[block.number] = files
    }
    return files.contains(name.description) ? nil : "the manifest names another revision"
  }
}
