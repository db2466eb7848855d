import Bytes
import Console
import DataAgent
import Decontamination
import Deduplication
import EvalAgent
import Posix
import Settings
import Spool
import TrainAgent

/// `pretraind check --spool`: every part of a spool looked at, nothing changed; what the next start would do about it.
struct SpoolCheck {
  private let context: Context
  private let runName: String

  init(_ context: Context, run: String) {
    self.context = context
    runName = run
  }

  private static let roles = ["agent", "trainer", "evaluator"]

  func run() throws -> Int32 {
    guard let root = try? Directory(context.spoolPath), root.exists("status") || root.exists("incoming") else {
      throw UsageError("\(context.spoolPath) is no spool; make one with: pretraind init \(context.spoolPath)")
    }
    let held = SpoolCheck.roles.filter { Lease.isHeld($0, in: root) }
    var findings = SpoolFindings()
    let settings = try context.settings()
    var agent = AgentCheck(
      root, isDeep: context.words.has("deep"),
      decontaminates: try settings.decode(DecontaminateSettings.self).enabled,
      deduplicates: try settings.decode(DedupeSettings.self).enabled)
    findings.merge(try agent.run())
    var trainer = TrainerCheck(root, run: runName)
    findings.merge(try trainer.look())
    var evaluator = EvaluatorCheck(root)
    findings.merge(try evaluator.look())
    findings.merge(try ControlCheck.look(root))
    findings.merge(try LeaseCheck(root).look())
    var strays = StrayCheck(root, after: findings)
    findings.merge(try strays.look())
    if context.words.has("json") { printJSON(findings, held) } else { printText(findings, held) }
    return findings.isDamaged ? ExitCode.data : ExitCode.done
  }

  private func verdict(_ findings: SpoolFindings) -> String {
    if findings.isDamaged { return "damaged" }
    return findings.list.isEmpty ? "clean" : "recoverable"
  }

  private func printJSON(_ findings: SpoolFindings, _ held: [String]) {
    let parts = findings.summary.map { JSONMember($0.part, .string($0.text)) }
    let value = JSONValue.object([
      "spool": .string("\(context.spoolPath)"), "verdict": .string(verdict(findings)),
      "held": .array(held.map { .string($0) }), "parts": .object(parts),
      "findings": .array(findings.list.map(\.json)),
    ])
    StandardStreams.print(String(decoding: JSONWriter.pretty(value).dropLast(), as: UTF8.self))
  }

  private func printText(_ findings: SpoolFindings, _ held: [String]) {
    for role in held { StandardStreams.print("\(role): at work now; what it has in hand shows as not at rest") }
    for (part, text) in findings.summary { StandardStreams.print(SpoolCheck.padded(part, 13) + text) }
    if !findings.list.isEmpty { StandardStreams.print("") }
    for finding in findings.list {
      let action = finding.action == .refused ? "REFUSED" : finding.action.rawValue
      let left = SpoolCheck.padded(finding.row, 5) + SpoolCheck.padded(action, 12)
      StandardStreams.print(left + "\(finding.path): \(finding.text)")
    }
    let closing =
      switch verdict(findings) {
      case "clean": "clean: everything is at rest"
      case "recoverable": "whole: the next start does what is listed (rows of docs/SPOOL.md)"
      default: "damaged: see REFUSED above"
      }
    StandardStreams.print("\n" + closing)
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }
}
