import Bytes
import Composition
import Decontamination
import Deduplication
import Documents
import Filtering
import Index
import Posix
import Spool

/// A file in `status/` that is made of the roles' own.
public struct StatusReport: Sendable {
  public let name: String
  public let bytes: [UInt8]

  public init(_ name: String, _ bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }
}

/// What the agent tells in `status/agent.json`: rewritten whole, at most twice a second.
struct AgentStatus {
  enum Mood: String {
    case starting, idle, working, composing, training = "training_tokenizer"
    case waitingForTrainer = "waiting_for_trainer"
    case held, paused
    case done
  }

  let epoch: Int
  let process: Int
  var mood = Mood.starting
  var message = ""
  var isDone: Bool { mood == .done }
  private let started = Clock.monotonic()
  private var lastWritten = -Double.infinity
  private var lastReported = -Double.infinity
  private let reports: @Sendable () -> [StatusReport]

  init(epoch: Int, process: Int, reports: @escaping @Sendable () -> [StatusReport]) {
    self.epoch = epoch
    self.process = process
    self.reports = reports
  }

  mutating func write(_ state: AgentState, _ intake: Intake?, _ times: StageTimes, force: Bool = false) {
    let now = Clock.monotonic()
    if !force && now - lastWritten < 0.5 { return }
    lastWritten = now
    let bytes = JSONWriter.pretty(json(state, intake, times, now))
    state.patience.attempt { () throws(SystemError) in
      try state.layout.status.replaceFile("agent.json", with: bytes, durable: false)
    }
    if force || now - lastReported >= 1 {
      lastReported = now
      report(state)
    }
  }

  /// Good to have: on a full disk the old ones stay.
  private func report(_ state: AgentState) {
    for report in reports() {
      let name = Path(report.name)
      do throws(SystemError) {
        try state.layout.status.replaceFile(name, with: report.bytes, durable: false)
      } catch {
        try? state.layout.status.remove(Directory.temporary(name))
      }
    }
  }

  private func json(_ state: AgentState, _ intake: Intake?, _ times: StageTimes, _ now: Double) -> JSONValue {
    let sources = state.counts.sorted { $0.key < $1.key }.map { JSONMember($0.key, $0.value.json) }
    var members: [JSONMember] = [
      JSONMember("state", .string(mood.rawValue)), JSONMember("message", .string(message)),
      JSONMember("done", .bool(isDone)), JSONMember("pid", .integer(process)), JSONMember("epoch", .integer(epoch)),
      JSONMember("time", .string(Clock.stamp())), JSONMember("sources", .object(sources)),
      JSONMember("blocks", .object(["ready": .integer(state.blocks.count), "next": .integer(state.nextBlock)])),
      JSONMember("documents", .integer(state.table.count)), JSONMember("batches", .integer(state.table.batches)),
      JSONMember("claims_open", .integer(state.claims.count)),
      JSONMember("tokenizer", state.tokenizer.map { .string($0.digest) } ?? .null),
      JSONMember("rules", rules(state)), JSONMember("alerts", .array(alerts(state).map { .string($0) })),
      JSONMember("suites", suites(state)), JSONMember("index", index(state)), JSONMember("supply", supply(state)),
      JSONMember("stages", stages(times, now)),
    ]
    if !state.targets.isEmpty { members.append(JSONMember("thresholds", thresholds(state))) }
    if let scorer = state.scorer { members.append(JSONMember("scorer", scorer.json)) }
    if let intake { members += intakeMembers(intake, now) }
    return .object(members)
  }

  /// Hits of every rule in force, those without any too, and of rules that once were.
  private func rules(_ state: AgentState) -> JSONValue {
    var hits = state.ruleHits
    for rule in state.alarms?.rules.rules ?? [] {
      hits[rule.name, default: 0] += (state.lineHits[rule.name] ?? 0) + (state.flagHits[rule.name] ?? 0)
    }
    return .object(hits.sorted { $0.key < $1.key }.map { JSONMember($0.key, .integer($0.value)) })
  }

  private func alerts(_ state: AgentState) -> [String] {
    (state.alarms?.messages(state.watch) ?? []) + state.dry.messages
      + state.knownBias.sorted { $0.key < $1.key }.map {
        "bias: rule and channel number/script '\($0.key)' lose \(($0.value * 1000).rounded() / 10) % of their documents"
      }
  }

  /// What is looked for, and how far the documents before it were judged.
  private func suites(_ state: AgentState) -> JSONValue {
    .object([
      "looked_for": .array(state.suites.current.map { .string($0.id) }),
      "ngrams": .integer(state.sieve?.rule.index.ngrams ?? 0), "common_ngrams": .integer(state.suites.common.count),
      "contaminated": .integer(state.contaminated),
      "batches_to_judge": .integer(max(0, state.suites.endBatch - state.suites.nextBatch)),
    ])
  }

  /// What was chosen for `dedupe.target_tokens`, and what it left when it was chosen.
  private func thresholds(_ state: AgentState) -> JSONValue {
    .object(
      state.targets.map { target in
        let choice = state.thresholds.choices.first { $0.name == target.name }
        return JSONMember(
          target.name,
          .object([
            "target_tokens": .integer(target.tokens), "threshold": .number(choice?.threshold ?? 1),
            "tokens": choice.map { .integer($0.left) } ?? .null,
            "documents": choice == nil ? .null : .integer(state.thresholds.cut),
          ]))
      })
  }

  /// Band keys of documents in memory, runs on disk and what they hold.
  private func index(_ state: AgentState) -> JSONValue {
    let figures = state.deduplicator.index.figures
    return .object([
      "keys_in_memory": .integer(figures.young), "runs": .integer(figures.runs),
      "keys_on_disk": .integer(figures.entries), "disk_bytes": .integer(figures.bytes),
    ])
  }

  /// Tokens that can be drawn and that the next block still waits for, by channel.
  private func supply(_ state: AgentState) -> JSONValue {
    guard let phase = state.nextPhase, state.tokenizer != nil else { return .object([JSONMember]()) }
    let available = state.composer.available(phase)
    let missing = state.composer.missing(phase)
    let outlook = state.composer.outlook(phase)
    return .object(
      state.settings.channels.names.enumerated().compactMap { index, name in
        if available[index] == 0 && missing[index] == 0 { return nil }
        var members = [
          JSONMember("available", .integer(available[index])), JSONMember("missing", .integer(missing[index])),
        ]
        // Of a channel in several parts the one that ends first counts.
        let parts = outlook.filter { $0.name == name || $0.name.hasPrefix(name + " ") }
        if let left = parts.map(\.blocksLeft).min() { members.append(JSONMember("blocks_left", .integer(left))) }
        return JSONMember(name, .object(members))
      })
  }

  private func stages(_ times: StageTimes, _ now: Double) -> JSONValue {
    let bytes = Double(times.textBytes)
    let list = times.all.map { stage, seconds in
      JSONMember(
        stage,
        .object([
          "seconds": .number((seconds * 1000).rounded() / 1000),
          "mb_per_s": .number(seconds > 0 ? (bytes / seconds / 1e5).rounded() / 10 : 0),
        ]))
    }
    return .object([
      JSONMember("text_mb", .number((bytes / 1e4).rounded() / 100)),
      JSONMember("seconds", .number(((now - started) * 1000).rounded() / 1000)), JSONMember("by_stage", .object(list)),
    ])
  }

  private func intakeMembers(_ intake: Intake, _ now: Double) -> [JSONMember] {
    let notTaken = intake.notTaken(now: now)
    return [
      JSONMember("watcher", .string(intake.watching)), JSONMember("waiting_files", .integer(intake.waiting)),
      JSONMember("not_taken", .array(notTaken.prefix(100).map(\.json))),
      JSONMember("not_taken_count", .integer(notTaken.count)),
    ]
  }
}
