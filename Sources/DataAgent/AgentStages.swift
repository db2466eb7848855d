import Classification
import Filtering
import Redaction
import Scoring
import Settings

/// The per-document stages, made from their settings and from the bytes of rules and models handed in.
public struct AgentStages: Sendable {
  public let classifier: Classifier
  public let meter: SignalMeter
  public let scorer: Scorer
  public let filter: Filter?
  public let redactor: Redactor

  /// - Parameters:
  ///   - keywords: a file of phrases, one a line; nil = the built-in ones.
  ///   - scoreModel: a trained linear model; nil = the built-in formula.
  ///   - cutList: a file of phrases to cut (`redact.list`); nil = none.
  public init(
    _ settings: AgentSettings, rules: RuleSet, keywords: [UInt8]?, scoreModel: [UInt8]?, cutList: [UInt8]? = nil
  ) throws {
    classifier = Classifier(settings.classify)
    meter = keywords.map { SignalMeter(keywords: DefaultKeywords.phrases(of: $0)) } ?? SignalMeter()
    let silent = rules.checkCanaries(meter)
    if !silent.isEmpty { throw SilentRules(names: silent) }
    scorer = try Scorer(settings.score, model: scoreModel)
    filter = settings.clean.enabled ? Filter(rules: try rules.without(settings.clean.off)) : nil
    redactor = Redactor(settings.redact, channels: settings.channels, list: cutList.map { CutList($0) })
  }

  func pipeline(_ times: StageTimes) -> Pipeline {
    Pipeline(classify: classifier, measure: meter, score: scorer, filter: filter, redact: redactor, times: times)
  }
}

/// Rules whose own canary documents they do not catch: a rule that never fires is worse than none.
public struct SilentRules: Error, CustomStringConvertible {
  public let names: [String]
  public var description: String {
    "rules that do not hit their own canary: \(names.joined(separator: ", ")); mend the rule or switch it off in clean.off"
  }
}
