import Settings

/// Changes of a question that leave its answer right but break what was learnt by heart.
public enum TransformName: String, CaseIterable, Sendable {
  /// As it is written.
  case none
  /// The options in another order.
  case shuffle

  /// Whether it changes anything but the options, and so says something about open questions too.
  public var needsChoices: Bool { self == .shuffle }
}

/// How a benchmark is asked: the `.json5` file beside its items, a table of these keys.
public struct BenchmarkSettings: SettingsSection, Equatable {
  public static let name = "benchmark"
  public static let summary = "How one benchmark suite is asked: NAME.json5 beside NAME.jsonl."

  /// What the model is asked to write.
  public enum AnswerForm: String, CaseIterable, Sendable { case letter, text }

  public var shots = 5
  public var transformNames = ["none"]
  /// Empty: letters where there are choices, else text.
  public var answerFormName = ""
  public var maxTokens = 16
  public var questionLabel = "Question:"
  public var answerLabel = "Answer:"
  public var seed = 1

  public init() {}

  public static let keys: [SettingKey<BenchmarkSettings>] = [
    .integer("shots", \.shots, 0...64, "answered questions shown before the asked one"),
    .texts("transforms", \.transformNames, "how the questions are changed, each scored by itself: none, shuffle"),
    .text(
      "answer_form", \.answerFormName, oneOf: ["", "letter", "text"],
      "what to answer with; \"\" = letters where there are choices"),
    .integer("max_tokens", \.maxTokens, 1...4096, "tokens of an answer at most; a new line ends it earlier"),
    .text("question_label", \.questionLabel, "what stands before a question"),
    .text("answer_label", \.answerLabel, "what stands before an answer"),
    .integer("seed", \.seed, 0...Int(Int32.max), "seed of the transforms"),
  ]

  public func validate() throws(SettingError) {
    let known = TransformName.allCases.map(\.rawValue)
    for name in transformNames where !known.contains(name) {
      let hint = Nearest.name(to: name, among: known).map { "; did you mean '\($0)'?" } ?? ""
      throw SettingError("transforms: unknown transform '\(name)'\(hint) known: " + known.joined(separator: ", "))
    }
    if transformNames.isEmpty { throw SettingError("transforms must name at least one; [\"none\"] asks as written") }
    if Set(transformNames).count < transformNames.count { throw SettingError("transforms names one twice") }
  }

  public var transforms: [TransformName] { transformNames.compactMap(TransformName.init) }

  public func answerForm(of item: BenchmarkItem) -> AnswerForm {
    AnswerForm(rawValue: answerFormName) ?? (item.choices.isEmpty ? .text : .letter)
  }
}
