import Posix
import Spool

/// What lets the next start read less: the table of documents and the journal's snapshot.
extension DataAgent {
  private var sealer: DocumentSealer { DocumentSealer(state: state) }

  /// Begins a new segment of the journal when the last one is full or enough documents came, between two pieces of
  /// work: then the journal says all there is to say.
  func rotateJournal() throws {
    guard journal.isFull || sealer.isDue, Clock.monotonic() >= nextSnapshot else { return }
    try snapshot()
  }

  /// At the end of an orderly run.
  func leaveSnapshot() throws { if sealer.isWorthIt { try snapshot() } }

  private func snapshot() throws {
    do throws(SystemError) {
      try takeSnapshot()
    } catch {
      // Without room the journal goes on in the same segment, for a while.
      if !error.isNoSpace { throw error }
      nextSnapshot = Clock.monotonic() + 30
    }
  }

  /// The young documents' rows, the journal's snapshot that names them; then what neither needs any more goes.
  private func takeSnapshot() throws(SystemError) {
    let old = sealer.isWorthIt ? try sealer.seal() : []
    try journal.rotate(AgentSnapshot(state: state, leftBehind: intake.leftBehind).records)
    // One that stays is removed by the next start.
    for name in old { try? layout.documents.remove(name.path) }
  }
}
