import Bytes
import Documents
import Filtering
import Posix

/// Looks at a batch before it is committed: a rule that removes one kind of text out of proportion is told with
/// samples, and with `clean.bias: "hold"` the batch waits until a person has removed the notice.
final class BiasHold {
  private let state: AgentState
  private let folder: Directory
  private let guarding: BiasGuard
  private let settings: CleanSettings
  private let say: (String) -> Void
  /// What the batch waits for.
  private(set) var message: String?

  init(_ state: AgentState, _ folder: Directory, say: @escaping (String) -> Void) {
    self.state = state
    self.folder = folder
    self.say = say
    settings = state.settings.clean
    guarding = BiasGuard(settings: settings)
  }

  /// True when the items may be committed.
  func lets(_ items: [WorkItem]) throws -> Bool {
    message = nil
    if settings.bias == "off" { return true }
    var watch = state.watch
    for item in items {
      guard case .document(let prepared) = item.content else { continue }
      watch.note(RuleWatch.Group(prepared.document.channel, prepared.document.signals), rule: BiasHold.rule(prepared))
    }
    for alert in guarding.alerts(watch) where !isKnown(alert) {
      if try waits(alert, items) { return false }
    }
    return true
  }

  private static func rule(_ prepared: PreparedDocument) -> String? {
    if case .filtered(let hit) = prepared.document.verdict { return hit.rule }
    return nil
  }

  /// A known alert is told again when its share has grown by half.
  private func isKnown(_ alert: BiasAlert) -> Bool {
    guard let known = state.knownBias[alert.rule + " " + alert.group.key] else { return false }
    return alert.share <= known * 1.5
  }

  /// Writes the notice; with `hold` true until it was removed.
  private func waits(_ alert: BiasAlert, _ items: [WorkItem]) throws -> Bool {
    let path = Path(alert.rule) / Path("bias-\(channel(alert))-\(alert.group.script.rawValue).json")
    let isHeld = settings.bias == "hold"
    if isHeld && told.contains(path) {
      if folder.exists(path) {
        message = text(alert) + "; the batch waits: look into filtered/\(path), then change the rule, or rm the file"
        return true
      }
    } else {
      _ = try folder.make(Path(alert.rule))
      try folder.open(Path(alert.rule)).replaceFile(
        path.name, with: JSONWriter.pretty(notice(alert, items)), durable: isHeld)
      say(text(alert) + "; samples in filtered/\(path)")
      told.insert(path)
      if isHeld {
        message = text(alert)
        return true
      }
    }
    told.remove(path)
    try state.noteBias(alert)
    return false
  }

  /// Notices of this process that may still lie there.
  private var told: Set<Path> = []

  private func channel(_ alert: BiasAlert) -> String { state.settings.channels.names[Int(alert.group.channel)] }

  private func text(_ alert: BiasAlert) -> String {
    "rule \(alert.rule) removes \(percent(alert.share)) of channel \(channel(alert)) in \(alert.group.script.rawValue) "
      + "script (\(alert.removed) of \(alert.documents)), \(percent(alert.otherShare)) of all others"
  }

  private func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10) %" }

  private func notice(_ alert: BiasAlert, _ items: [WorkItem]) -> JSONValue {
    let samples = items.compactMap { item -> JSONValue? in
      guard case .document(let prepared) = item.content, BiasHold.rule(prepared) == alert.rule,
        RuleWatch.Group(prepared.document.channel, prepared.document.signals) == alert.group,
        case .filtered(let hit) = prepared.document.verdict
      else { return nil }
      return .object([
        "id": .string(prepared.document.id.description), "value": .number(Double(hit.value)),
        "threshold": .number(Double(hit.threshold)), "text": .text(Array(prepared.document.text.prefix(2000))),
      ])
    }
    return .object([
      "what": .string(text(alert)), "rule": .string(alert.rule), "channel": .string(channel(alert)),
      "script": .string(alert.group.script.rawValue), "removed": .integer(alert.removed),
      "documents": .integer(alert.documents), "share": .number(alert.share),
      "corpus_share": .number(alert.corpusShare), "other_share": .number(alert.otherShare),
      "policy": .string(settings.bias),
      "remedy": .string(
        "move the rule's threshold, limit its genres, or switch it off in clean.off; with clean.bias hold, rm this file to "
          + "let the batch through as it is"),
      "samples": .array(Array(samples.prefix(10))),
    ])
  }
}
