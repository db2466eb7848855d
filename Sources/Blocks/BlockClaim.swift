import Posix

/// How a trainer begins a block while the agent may withdraw it: neither waits for the other, and never do both.
///
/// Each says durably what it is about to do before it looks at what the other says:
///
///     trainer  publishes `claimed through N`, then looks for the manifest:  there: begins it, gone: takes it back
///     agent    renames the manifest away, then looks at the claim:  there: puts it back, not there: withdrawn
///
/// Both say before they look, so whoever says last sees what the other said, and steps back: never do both go on. When
/// each sees the other, both step back and the trainer tries again. Nothing of the block is removed before `withdrawn`
/// is in the journal: until then the manifest may come back, also by the next start.
public enum BlockClaim {
  /// The trainer's side. What is on the disk of the run must not speak of the block before this returns true.
  /// - Parameters:
  ///   - manifest: of the block as it was opened.
  ///   - claimed: what is claimed without this block.
  ///   - publish: makes `claimed through` durable for others to see.
  /// - Returns: false: it was withdrawn meanwhile; the claim is taken back.
  public static func begin(
    _ manifest: BlockManifest, in blocks: Directory, claimed: Int, publish: (Int) throws(SystemError) -> Void
  ) throws(SystemError) -> Bool {
    try publish(manifest.number)
    if try isPublished(manifest, in: blocks) { return true }
    try publish(claimed)
    return false
  }

  /// True while exactly this revision is published, with these files.
  public static func isPublished(_ manifest: BlockManifest, in blocks: Directory) throws(SystemError) -> Bool {
    do throws(BlockError) {
      return try BlockManifest.read(blocks, manifest.number) == manifest
    } catch {
      if let cause = error.cause, !cause.isMissing { throw cause }
      return false
    }
  }

  /// The agent's side: `hide` and `settle`.
  /// - Parameters:
  ///   - claimedThrough: the highest block that was begun or is claimed, looked up anew at each call; nil = unknown.
  ///   - note: makes it durable that the block is withdrawn.
  /// - Returns: false: it was begun, or is about to be; it stays published.
  public static func withdraw(
    _ name: BlockName, in blocks: Directory, claimedThrough: () -> Int?, note: () throws(SystemError) -> Void
  ) throws(SystemError) -> Bool {
    guard let claimed = claimedThrough(), claimed < name.number else { return false }
    try BlockRemoval.hide(name, in: blocks)
    return try settle(name, in: blocks, claimedThrough: claimedThrough, note: note)
  }

  /// What follows a manifest that was renamed away and is not noted yet, for the process that did it and for the start
  /// after its death. Who does not know what is claimed puts it back.
  /// - Returns: true: it is withdrawn, and its companions may go; false: it is published again.
  public static func settle(
    _ name: BlockName, in blocks: Directory, claimedThrough: () -> Int?, note: () throws(SystemError) -> Void
  ) throws(SystemError) -> Bool {
    guard let claimed = claimedThrough(), claimed < name.number else {
      try BlockRemoval.putBack(name, in: blocks)
      return false
    }
    try note()
    return true
  }
}
