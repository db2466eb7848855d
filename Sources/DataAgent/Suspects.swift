import Bytes
import Posix

/// Records that were in hand when the agent died, and how often: `state/suspects.json`. Its death alone proves nothing
/// (somebody may have killed it), so a count only decides that a record is first run in a process of its own.
final class Suspects {
  static let name: Path = "suspects.json"
  /// From so many deaths on a record is not run in the agent before it was run alone.
  static let enough = 2
  private let folder: Directory
  private var deaths: [RecordKey: Int] = [:]
  /// The last run whose death is counted here.
  private var counted = 0

  /// Counts what the last run left behind.
  /// - Parameter claims: those that are not finished: what was committed of them is beyond suspicion.
  init(_ folder: Directory, _ claims: [Int: Claim]) {
    self.folder = folder
    read()
    let before = (deaths, counted)
    if let left = WorkingSlots.left(in: folder), left.run != counted {
      for key in left.records { deaths[key, default: 0] += 1 }
      counted = left.run
    }
    drop(committedIn: claims)
    if before != (deaths, counted) { write(durable: true) }
  }

  /// What was committed meanwhile is beyond suspicion.
  func settle(_ claims: [Int: Claim]) {
    let before = deaths.count
    drop(committedIn: claims)
    if deaths.count != before { write(durable: false) }
  }

  private func drop(committedIn claims: [Int: Claim]) {
    deaths = deaths.filter { key, _ in claims[key.claim].map { $0.progress.record <= key.record } ?? false }
  }

  func isSuspect(_ key: RecordKey) -> Bool {
    deaths.isEmpty ? false : deaths[key, default: 0] >= Suspects.enough
  }

  /// Any record of this claim was in hand at any death.
  func isSuspect(claim: Int) -> Bool { deaths.keys.contains { $0.claim == claim } }

  /// It was run alone and came through, or was found to be poison, which the journal knows.
  func forget(_ key: RecordKey) {
    deaths[key] = nil
    write(durable: false)
  }

  private func read() {
    guard let bytes = try? folder.read(Suspects.name, limit: 1 << 24), let value = try? JSONParser.parse(bytes) else {
      return
    }
    counted = value["counted"]?.integer ?? 0
    for one in value["suspects"]?.array ?? [] {
      guard let claim = one["claim"]?.integer, let record = one["record"]?.integer, let count = one["deaths"]?.integer
      else { continue }
      deaths[RecordKey(claim: claim, record: record)] = count
    }
  }

  /// On a full disk the count is not kept: then it takes a death more.
  private func write(durable: Bool) {
    let list = deaths.sorted { $0.key < $1.key }.map { key, count in
      JSONValue.object([
        "claim": .integer(key.claim), "record": .integer(key.record), "deaths": .integer(count),
      ])
    }
    let value = JSONValue.object(["counted": .integer(counted), "suspects": .array(list)])
    do throws(SystemError) {
      try folder.replaceFile(Suspects.name, with: JSONWriter.pretty(value), durable: durable)
    } catch {
      try? folder.remove(Directory.temporary(Suspects.name))
    }
  }
}
