import Settings
import Suites

/// Section `evaluate`: which checkpoints are evaluated, and with how much of the machine.
public struct EvaluateSettings: SettingsSection {
  public static let name = "evaluate"
  public static let summary = "Which checkpoints are evaluated on which suites, and with how much of the machine."

  public var every = 1
  public var checkpoints = ["part", "save"]
  public var suites = SuiteKind.allCases.map(\.rawValue)
  public var threads = 2
  public var nice = 10
  public var sequenceLength = 0
  public var maxItems = 0
  public var rescanSeconds = 2.0
  public var attempts = 3

  public init() {}

  /// Kinds of checkpoints that stay; those made by the clock go, and are never evaluated.
  static let checkpointKinds = ["init", "part", "save"]

  public static let keys: [SettingKey<EvaluateSettings>] = [
    .integer("every", \.every, 1...100_000, "checkpoints after blocks: every n-th, by the block's number"),
    .texts("checkpoints", \.checkpoints, "kinds of checkpoints: init, part (after a block), save (asked for)"),
    .texts("suites", \.suites, "kinds of suites: ppl, probe, benchmark"),
    .integer("threads", \.threads, 1...256, "threads of the evaluator"),
    .integer("nice", \.nice, 0...19, "scheduling priority: 19 yields most to the trainer"),
    .integer("seq_len", \.sequenceLength, 0...1_048_576, "tokens the model sees; 0 = as many as it was trained with"),
    .integer("max_items", \.maxItems, 0...100_000_000, "the first n items of each suite; 0 = all"),
    .number("rescan_s", \.rescanSeconds, 0.05...3600, "seconds between looks for new checkpoints and suites"),
    .integer("attempts", \.attempts, 1...100, "an evaluation that fails this often is given up until the next start"),
  ]

  public func validate() throws(SettingError) {
    try check("evaluate.checkpoints", checkpoints, EvaluateSettings.checkpointKinds)
    try check("evaluate.suites", suites, SuiteKind.allCases.map(\.rawValue))
    if sequenceLength == 1 { throw SettingError("evaluate.seq_len must be 0 or at least 2") }
  }

  private func check(_ key: String, _ values: [String], _ known: [String]) throws(SettingError) {
    for value in values where !known.contains(value) {
      let hint = Nearest.name(to: value, among: known).map { "; did you mean '\($0)'?" } ?? ""
      throw SettingError("\(key): '\(value)' is none of \(known.joined(separator: ", "))\(hint)")
    }
  }
}
