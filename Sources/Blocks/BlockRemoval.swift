import Posix

/// How a block goes: its tokens after it was trained, or the whole of it before anybody began it (`BlockClaim`).
public enum BlockRemoval {
  /// Takes the tokens, index and channels of a trained block away; the manifest stays. Fine when they are gone already.
  public static func retire(_ directory: Directory, number: Int) throws(BlockError) {
    let manifest = try BlockManifest.read(directory, number)
    try BlockError.system { () throws(SystemError) in try removeCompanions(manifest.name, in: directory) }
  }

  /// Renames the manifest away: from then on the block does not exist. Fine when that was done already.
  public static func hide(_ name: BlockName, in directory: Directory) throws(SystemError) {
    if try isHidden(name, in: directory) { return try directory.sync() }
    try directory.rename(name.manifest, to: directory, withdrawnName(name))
    try directory.sync()
  }

  /// Gives the manifest its name back, never over another one. Fine when that was done already.
  public static func putBack(_ name: BlockName, in directory: Directory) throws(SystemError) {
    guard try isHidden(name, in: directory) else { return try directory.sync() }
    try directory.rename(withdrawnName(name), to: directory, name.manifest)
    try directory.sync()
  }

  /// True when the manifest was renamed away and no other revision has the name.
  public static func isHidden(_ name: BlockName, in directory: Directory) throws(SystemError) -> Bool {
    if try directory.isThere(name.manifest) { return false }
    return try directory.isThere(withdrawnName(name))
  }

  /// Takes what the manifest named away: only when nothing will put that back. Fine when it is gone already.
  public static func removeCompanions(_ name: BlockName, in directory: Directory) throws(SystemError) {
    for companion in name.companions where try directory.isThere(companion) { try directory.remove(companion) }
    try directory.sync()
  }

  /// What the manifest of a withdrawn block is called.
  public static func withdrawnName(_ name: BlockName) -> Path {
    Path(BlockName.part(name.number) + ".r\(name.revision).withdrawn")
  }
}
