import Bytes
import Console
import DataAgent
import Filtering
import Posix
import Scoring
import Settings
import Spool

/// Reads the configuration again when a role is asked to, and says what it is worth to it.
final class ConfigurationWatch: Sendable {
  private let context: Context
  private let role: ControlRole
  private let layout: SpoolLayout
  /// What the process obeys.
  private let known: SettingTree
  /// Files that the configuration names, as they were read.
  private let files: [String: String]

  init(_ context: Context, _ role: ControlRole, _ layout: SpoolLayout) throws {
    self.context = context
    self.role = role
    self.layout = layout
    known = try context.settings()
    files = role == .agent ? ConfigurationWatch.digests(context, try context.agentSettings(known)) : [:]
  }

  func verdict() -> ReloadVerdict {
    do {
      let tree = try context.settings()
      let settings = try context.check(tree)
      let changed = try Sections.changes(known, tree)
      if let refusal = try FixedKeys.refusal(changed, from: known, to: tree, layout) { return .refused(refusal) }
      var mine = changed.filter { ConfigurationWatch.concerns(role, $0) }
      if role == .agent, ConfigurationWatch.digests(context, settings) != files { mine.append("files it names") }
      return mine.isEmpty ? .unchanged : .changed(mine)
    } catch {
      return .refused("\(error)")
    }
  }

  /// True when SIGHUP came and the configuration is another, and right.
  func isHungUp() -> Bool {
    guard Signals.takeReload() else { return false }
    ServiceNotify.reloading()
    let verdict = verdict()
    switch verdict {
    case .changed(let keys): Context.say("\(role.rawValue): begins anew; changed: \(keys.joined(separator: ", "))")
    case .unchanged: Context.say("\(role.rawValue): nothing of the configuration is different for it")
    case .refused(let reason):
      Context.say("\(role.rawValue): the configuration was not taken, the old one stays in force: \(reason)")
    }
    if case .changed = verdict { return true }
    ServiceNotify.ready("goes on with the configuration it has")
    return false
  }

  /// What a house is left for: the end, or to begin anew in the same process.
  static func follow(_ departure: Departure) throws(SystemError) -> Int32 {
    if departure == .reload {
      ServiceNotify.reloading()
      try ProcessImage.restart()
    }
    return ExitCode.done
  }

  private static func digests(_ context: Context, _ settings: AgentSettings) -> [String: String] {
    var digests: [String: String] = [:]
    for file in [settings.clean.rules, settings.clean.keywords, settings.score.model] where !file.isEmpty {
      digests[file] = (try? context.readFile(Path(file))).map { Digest.hex(Digest.sha256($0)) } ?? "unreadable"
    }
    return digests
  }

  /// The agent's own sections, and what only intake reads in the section `spool`.
  private static let data = [
    "read.", "classify.", "clean.", "redact.", "score.", "dedupe.", "tokenize.", "compose.", "phases",
    "spool.rescan_s", "spool.quiet_ms", "spool.moved_ms", "spool.poll_settle_s", "spool.keep_dropped",
    "spool.batch_documents", "spool.batch_mb", "spool.filtered_samples", "spool.threads", "spool.channels",
  ]

  /// Whether a role obeys a key. What is not known to be another's concerns everybody.
  private static func concerns(_ role: ControlRole, _ key: String) -> Bool {
    func isOf(_ list: [String]) -> Bool { list.contains { key.hasPrefix($0) } }
    return switch role {
    case .agent: ["train.seq_len", "model.rope_theta"].contains(key) || !isOf(["train.", "model.", "evaluate."])
    case .trainer: !isOf(data) && !isOf(["evaluate."])
    case .evaluator: !isOf(data) && !isOf(["train.", "model."])
    }
  }
}
