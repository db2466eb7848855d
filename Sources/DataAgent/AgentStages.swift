import Classification
import Filtering
import Redaction
import Scoring
import Settings

/// The per-document stages, made from their settings and from the bytes of rules and models handed in.
public struct AgentStages: Sendable {
  let classifier: Classifier
  let meter: SignalMeter
  let scorer: Scorer
  let filter: Filter
  let redactor: Redactor

  public init(_ settings: AgentSettings, rules: RuleSet, scoreModel: [UInt8]?) throws {
    classifier = Classifier(settings.classify)
    meter = SignalMeter()
    scorer = try Scorer(settings.score, model: scoreModel)
    filter = Filter(rules: rules)
    redactor = Redactor(settings.redact)
  }

  func pipeline(_ times: StageTimes) -> Pipeline {
    Pipeline(classify: classifier, measure: meter, score: scorer, filter: filter, redact: redactor, times: times)
  }
}
