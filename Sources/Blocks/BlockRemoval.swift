import Posix

/// How a block goes: its tokens after it was trained, or the whole of it before anybody began it.
public enum BlockRemoval {
  /// Takes the tokens, index and channels of a trained block away; the manifest stays. Fine when they are gone already.
  public static func retire(_ directory: Directory, number: Int) throws(BlockError) {
    let manifest = try BlockManifest.read(directory, number)
    try removeCompanions(directory, manifest.name)
  }

  /// Withdraws a block: its manifest is renamed away first, so that it does not exist from then on. The caller knows
  /// that no lineage has begun it. Returns the name under which it is composed anew.
  public static func withdraw(_ directory: Directory, number: Int) throws(BlockError) -> BlockName {
    let manifest = try BlockManifest.read(directory, number)
    try BlockError.system { () throws(SystemError) in
      try directory.rename(manifest.name.manifest, to: directory, withdrawnName(manifest.name))
      try directory.sync()
    }
    try removeCompanions(directory, manifest.name)
    return BlockName(number: number, revision: manifest.revision + 1)
  }

  /// The name that block `number` gets when it is composed now: above every revision that was withdrawn.
  public static func nextName(_ directory: Directory, number: Int) -> BlockName {
    var name = BlockName(number: number)
    while directory.exists(withdrawnName(name)) { name = BlockName(number: number, revision: name.revision + 1) }
    return name
  }

  /// What the manifest of a withdrawn block is called.
  public static func withdrawnName(_ name: BlockName) -> Path {
    Path(BlockName.part(name.number) + ".r\(name.revision).withdrawn")
  }

  private static func removeCompanions(_ directory: Directory, _ name: BlockName) throws(BlockError) {
    try BlockError.system { () throws(SystemError) in
      for companion in name.companions where directory.exists(companion) { try directory.remove(companion) }
      try directory.sync()
    }
  }
}
