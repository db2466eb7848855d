import Bytes
import Posix

/// Records that were in hand when the agent died, and how often: `state/suspects.json`. Its death alone proves nothing
/// (somebody may have killed it), so a count only decides that a record is first run in a process of its own.
final class Suspects {
  /// From so many deaths on a record is not run in the agent before it was run alone.
  static let enough = 2
  private let folder: Directory
  private var list: SuspectList

  /// Counts what the last run left behind.
  /// - Parameter claims: those that are not finished: what was committed of them is beyond suspicion.
  init(_ folder: Directory, _ claims: [Int: Claim]) {
    self.folder = folder
    list = SuspectList.read(in: folder) ?? SuspectList()
    let before = list
    if let left = WorkingSlots.left(in: folder), left.run != list.counted { list.count(left) }
    drop(committedIn: claims)
    if before != list { write(durable: true) }
  }

  /// What was committed meanwhile is beyond suspicion.
  func settle(_ claims: [Int: Claim]) {
    let before = list
    drop(committedIn: claims)
    if list != before { write(durable: false) }
  }

  private func drop(committedIn claims: [Int: Claim]) {
    list.entries = list.entries.filter { key, _ in !SuspectList.isOver(key, claims) }
  }

  /// To be run alone before it is run here.
  func isSuspect(_ key: RecordKey) -> Bool {
    guard let one = list.entries[key] else { return false }
    return !one.cameThrough && one.deaths >= Suspects.enough
  }

  /// It came through alone: the agent takes it with nothing else in hand, so that a death says something.
  func isLone(_ key: RecordKey) -> Bool { list.entries[key]?.cameThrough ?? false }

  /// An agent that had nothing else in hand died of it, or with it.
  func isMetAgain(_ key: RecordKey) -> Bool { list.entries[key].map { $0.cameThrough && $0.deaths > 0 } ?? false }

  /// What agents that had nothing else in hand crashed of, as often as a trial has attempts.
  func conviction(_ key: RecordKey) -> Suspicion? {
    guard let one = list.entries[key], one.cameThrough, one.crashes >= RecordTrial.attempts else { return nil }
    return one
  }

  /// Any record of this claim was in hand at any death.
  func isSuspect(claim: Int) -> Bool { list.entries.keys.contains { $0.claim == claim } }

  /// It was run alone and came through: what is counted from here on is counted anew.
  func clear(_ key: RecordKey) {
    list.entries[key] = Suspicion(cameThrough: true)
    write(durable: false)
  }

  /// It was found to be poison, which the journal knows.
  func forget(_ key: RecordKey) {
    list.entries[key] = nil
    write(durable: false)
  }

  /// On a full disk the count is not kept: then it takes a death more.
  private func write(durable: Bool) {
    do throws(SystemError) {
      try folder.replaceFile(SuspectList.name, with: JSONWriter.pretty(list.json), durable: durable)
    } catch {
      try? folder.remove(Directory.temporary(SuspectList.name))
    }
  }
}
