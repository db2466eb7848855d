import Bytes
import Posix

/// What is held against a record that was in hand when an agent died.
struct Suspicion: Equatable {
  /// Agents that died with it in hand; of one that came through a trial, those that had nothing else in hand.
  var deaths = 0
  /// It was run alone, in a process of its own, and came through.
  var cameThrough = false
  /// Those of `deaths` that were crashes: a signal that the agent brought upon itself, or that the watchdog sent.
  var crashes = 0
  /// The last crash: its signal and what was done with the record.
  var signal = 0
  var stage = ""
}

/// `state/suspects.json`.
struct SuspectList: Equatable {
  static let name: Path = "suspects.json"
  var entries: [RecordKey: Suspicion] = [:]
  /// The last run whose death is counted here.
  var counted = 0

  /// nil: there is none, or none that can be read.
  static func read(in folder: Directory) -> SuspectList? {
    guard let bytes = try? folder.read(name, limit: 1 << 24), let json = try? JSONParser.parse(bytes),
      let counted = json["counted"]?.integer
    else { return nil }
    var list = SuspectList()
    list.counted = counted
    for one in json["suspects"]?.array ?? [] {
      guard let claim = one["claim"]?.integer, let record = one["record"]?.integer, let deaths = one["deaths"]?.integer
      else { continue }
      list.entries[RecordKey(claim: claim, record: record)] = Suspicion(
        deaths: deaths, cameThrough: one["came_through"]?.bool ?? false, crashes: one["crashes"]?.integer ?? 0,
        signal: one["signal"]?.integer ?? 0, stage: one["stage"]?.string ?? "")
    }
    return list
  }

  var json: JSONValue {
    let list = entries.sorted { $0.key < $1.key }.map { key, one in
      JSONValue.object([
        "claim": .integer(key.claim), "record": .integer(key.record), "deaths": .integer(one.deaths),
        "came_through": .bool(one.cameThrough), "crashes": .integer(one.crashes), "signal": .integer(one.signal),
        "stage": .string(one.stage),
      ])
    }
    return .object(["counted": .integer(counted), "suspects": .array(list)])
  }

  /// Whether a record is beyond suspicion: committed, or of a file that is finished.
  /// - Parameter claims: those that are not finished.
  static func isOver(_ key: RecordKey, _ claims: [Int: Claim]) -> Bool {
    claims[key.claim].map { $0.progress.record > key.record } ?? true
  }

  /// One death more for everything that a run had in hand.
  mutating func count(_ left: WorkingSlots.Left) {
    for (key, stage) in left.stages {
      var one = entries[key] ?? Suspicion()
      one.deaths += 1
      if one.cameThrough, left.crash != 0 {
        one.crashes += 1
        one.signal = left.crash
        one.stage = stage.name
      }
      entries[key] = one
    }
    counted = left.run
  }
}
