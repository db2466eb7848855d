import Bytes
import Posix
import Spool

/// The status files in the text exposition format of Prometheus, as node_exporter's textfile collector reads it. Names:
/// `pretraind_ROLE_WHAT_UNIT`; everything may go down, so everything is a gauge.
public struct StatusMetrics {
  private let layout: SpoolLayout
  private var lines: [String] = []

  public static func text(_ layout: SpoolLayout) -> [UInt8] {
    var metrics = StatusMetrics(layout: layout)
    metrics.addAgent()
    metrics.addTrainer()
    metrics.addEvaluator()
    return Array((metrics.lines.joined(separator: "\n") + "\n").utf8)
  }

  private init(layout: SpoolLayout) { self.layout = layout }

  private struct Sample {
    let labels: [(key: String, value: String)]
    let value: Double?

    init(_ labels: KeyValuePairs<String, String>, _ value: Double?) {
      self.labels = labels.map { $0 }
      self.value = value
    }
  }

  /// One metric with its samples; those without a value are left out, and a metric without samples too.
  private mutating func add(_ name: String, _ help: String, _ samples: [Sample]) {
    let shown = samples.filter { $0.value != nil }
    if shown.isEmpty { return }
    lines += ["# HELP pretraind_\(name) \(help)", "# TYPE pretraind_\(name) gauge"]
    for sample in shown {
      let labels = sample.labels.map { "\($0.key)=\"\(StatusMetrics.escaped($0.value))\"" }.joined(separator: ",")
      let name = "pretraind_\(name)" + (labels.isEmpty ? "" : "{\(labels)}")
      lines.append("\(name) \(StatusMetrics.number(sample.value!))")
    }
  }

  private mutating func add(_ name: String, _ help: String, _ value: Double?) { add(name, help, [Sample([:], value)]) }

  private func read(_ role: String) -> JSONValue? {
    (try? layout.status.read(Path(role + ".json"))).flatMap { try? JSONParser.parse($0) }
  }

  /// What every role says alike.
  private mutating func addCommon(_ role: String, _ json: JSONValue) {
    add("\(role)_state", "1 for what the \(role) does now", [Sample(["state": json["state"]?.string ?? "unknown"], 1)])
    add(
      "\(role)_status_time_seconds", "when the \(role) wrote its status, in Unix time",
      json["time"]?.string.flatMap(Timestamp.seconds).map(Double.init))
    add("\(role)_epoch", "how often the role was taken", json["epoch"]?.number)
  }

  private mutating func addAgent() {
    guard let json = read("agent") else { return }
    addCommon("agent", json)
    let sources = json["sources"]?.members ?? []
    add(
      "agent_source_documents", "documents of a source by what became of them",
      sources.flatMap { source in
        (source.value.members ?? []).map { Sample(["source": source.name, "state": $0.name], $0.value.number) }
      })
    add("agent_documents", "documents in the corpus", json["documents"]?.number)
    add("agent_batches", "batches in the corpus", json["batches"]?.number)
    add("agent_claims_open", "files that were taken and are not used up", json["claims_open"]?.number)
    add("agent_blocks_ready", "blocks that were published", json["blocks"]?["ready"]?.number)
    add("agent_block_next", "number of the next block", json["blocks"]?["next"]?.number)
    let supply = json["supply"]?.members ?? []
    add(
      "agent_supply_tokens", "tokens that can be drawn, by channel",
      supply.map { Sample(["channel": $0.name], $0.value["available"]?.number) })
    add(
      "agent_missing_tokens", "tokens that the next block waits for, by channel",
      supply.map { Sample(["channel": $0.name], $0.value["missing"]?.number) })
    add(
      "agent_rule_documents", "documents that a rule removed",
      (json["rules"]?.members ?? []).map { Sample(["rule": $0.name], $0.value.number) })
    add("agent_waiting_files", "files that are not whole yet", json["waiting_files"]?.number)
    add("agent_not_taken_files", "files that were not taken for a while", json["not_taken_count"]?.number)
    add(
      "agent_text_bytes", "text prepared since the start",
      json["stages"]?["text_mb"]?.number.map { ($0 * 1e6).rounded() })
    add(
      "agent_stage_seconds", "work since the start by stage, over all threads",
      (json["stages"]?["by_stage"]?.members ?? []).map { Sample(["stage": $0.name], $0.value["seconds"]?.number) })
  }

  private mutating func addTrainer() {
    guard let json = read("trainer") else { return }
    addCommon("trainer", json)
    add("trainer_lineage", "lineage that is trained", json["lineage"]?.number)
    add("trainer_step", "optimizer steps on this lineage", json["step"]?.number)
    add("trainer_eaten_tokens", "tokens eaten on this lineage", json["tokens"]?.number)
    add("trainer_block", "block in work", json["block"]?.number)
    add("trainer_block_ratio", "how much of the block is eaten, 0 to 1", json["block_share"]?.number)
    add("trainer_claimed_block", "last block that may not be discarded; -1: none", json["claimed_through"]?.number)
    add("trainer_loss_nats", "loss of the last step", json["loss"]?.number)
    add(
      "trainer_channel_loss_nats", "loss of the last step by channel",
      (json["channel_loss"]?.members ?? []).map { Sample(["channel": $0.name], $0.value.number) })
    add("trainer_tokens_per_second", "speed, smoothed over ten seconds", json["tokens_per_s"]?.number)
    add("trainer_mfu_ratio", "share of the machine's peak, 0 to 1", json["mfu"]?.number)
    add(
      "trainer_data_wait_ratio", "share of the time spent waiting for blocks, 0 to 1", json["data_wait_share"]?.number)
    add("trainer_refused_steps", "steps that were not applied", json["refused_steps"]?.number)
  }

  private mutating func addEvaluator() {
    guard let json = read("evaluator") else { return }
    addCommon("evaluator", json)
    add("evaluator_results", "results there are", json["done"]?.number)
    add("evaluator_pending_results", "results to go", json["pending"]?.number)
    add("evaluator_checkpoints", "checkpoints that are evaluated", json["checkpoints"]?.number)
    add(
      "evaluator_broken_suites", "suites that cannot be read",
      (json["broken"]?.members?.count).map(Double.init))
    add("evaluator_failed_results", "results that could not be made", (json["failed"]?.array?.count).map(Double.init))
  }

  private static func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
    return Int(exactly: value).map(String.init) ?? "\(value)"
  }

  /// The three signs that a label's value must not hold as they are.
  private static func escaped(_ value: String) -> String {
    String(
      decoding: value.utf8.flatMap { byte -> [UInt8] in
        switch byte {
        case 0x5C: Array("\\\\".utf8)
        case 0x22: Array("\\\"".utf8)
        case 0x0A: Array("\\n".utf8)
        default: [byte]
        }
      }, as: UTF8.self)
  }
}

/// Times as `Clock.stamp` writes them.
enum Timestamp {
  /// Unix seconds of `2026-11-21T17:28:03Z`; nil for anything else.
  static func seconds(_ text: String) -> Int? {
    let parts = text.split { "-T:Z".contains($0) }.compactMap { Int($0) }
    guard parts.count == 6, text.utf8.count == 20, (1...12).contains(parts[1]) else { return nil }
    // Days since the epoch in the proleptic Gregorian calendar, years that begin in March.
    let year = parts[1] <= 2 ? parts[0] - 1 : parts[0]
    let month = (parts[1] + 9) % 12
    let era = year / 400
    let dayOfYear = (153 * month + 2) / 5 + parts[2] - 1
    let yearOfEra = year - era * 400
    let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    return ((days * 24 + parts[3]) * 60 + parts[4]) * 60 + parts[5]
  }
}
