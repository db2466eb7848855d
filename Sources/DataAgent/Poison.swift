import Bytes
import Posix

/// A record that killed the processes that ran it alone, again and again: what the journal says of it.
struct Poison: Equatable {
  let key: RecordKey
  /// Where the record begins in the decoded stream, and lines passed.
  let offset: Int
  let line: Int
  /// What was done with it: `read` (the file itself could not be opened or cut into records), `decode`, or a stage.
  let stage: String
  /// How the last process ended.
  let end: String
  let deaths: Int
  /// They were agents: a process of its own came through, and what killed was its place among the others.
  let isAgents: Bool

  static let readStage = WorkingSlots.Stage.read.name

  /// The record can be cut out of its file without being decoded; else the file ends where it begins.
  var canBePassedOver: Bool { stage != Poison.readStage }

  var reason: String {
    isAgents
      ? "poison: it came through alone, but \(deaths) agents that had nothing else in hand crashed of it "
        + "(stage \(stage)): the last \(end)"
      : "poison: \(deaths) processes that ran it alone died of it (stage \(stage)): the last \(end)"
  }

  var journalRecord: JSONValue {
    .object([
      "ev": .string("poison"), "claim": .integer(key.claim), "record": .integer(key.record), "offset": .integer(offset),
      "line": .integer(line), "stage": .string(stage), "end": .string(end), "deaths": .integer(deaths),
      "agents": .bool(isAgents),
    ])
  }

  init(_ key: RecordKey, offset: Int, line: Int, stage: String, end: String, deaths: Int, isAgents: Bool = false) {
    self.key = key
    self.offset = offset
    self.line = line
    self.stage = stage
    self.end = end
    self.deaths = deaths
    self.isAgents = isAgents
  }

  /// Of agents that crashed of it.
  init(_ key: RecordKey, at progress: ClaimProgress, _ crashed: Suspicion) {
    self.init(
      key, offset: progress.offset, line: progress.line, stage: crashed.stage,
      end: "\(LimitedChild.End.signal(Int32(crashed.signal)))", deaths: crashed.crashes, isAgents: true)
  }

  init?(_ record: JSONValue) {
    guard let claim = record["claim"]?.integer, let number = record["record"]?.integer,
      let offset = record["offset"]?.integer, let line = record["line"]?.integer, let stage = record["stage"]?.string,
      let end = record["end"]?.string, let deaths = record["deaths"]?.integer
    else { return nil }
    self.init(
      RecordKey(claim: claim, record: number), offset: offset, line: line, stage: stage, end: end, deaths: deaths,
      isAgents: record["agents"]?.bool ?? false)
  }
}
