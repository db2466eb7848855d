import Classification
import Deduplication
import Documents
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
  public let boilerplate: BoilerplateCutter?

  /// - Parameters:
  ///   - phrases: lists of phrases whose shares are signals.
  ///   - models: the bytes of the trained models.
  ///   - cutList: a file of phrases to cut (`redact.list`); nil = none.
  ///   - boilerplate: a file of pieces to cut (`dedupe.boilerplate`); nil = none.
  public init(
    _ settings: AgentSettings, rules: RuleSet, phrases: PhraseLists = .builtIn, models: StageModels,
    cutList: [UInt8]? = nil, boilerplate: [UInt8]? = nil
  ) throws {
    classifier = try Classifier(
      settings.classify, channelModel: models.channel, genreModel: models.genre, channels: settings.channels)
    meter = SignalMeter(phrases: phrases, advertisement: models.advertisement)
    let silent = rules.checkCanaries(meter)
    if !silent.isEmpty { throw SilentRules(names: silent) }
    scorer = try Scorer(settings.score, model: models.quality, channels: settings.channels)
    filter = settings.clean.enabled ? Filter(rules: try rules.without(settings.clean.off)) : nil
    redactor = Redactor(settings.redact, channels: settings.channels, list: try cutList.map { try CutList($0) })
    self.boilerplate = try boilerplate.map { BoilerplateCutter(settings.dedupe, list: try BoilerplateList($0)) }
  }

  /// What every document goes through once it was read, in order.
  public var inOrder: [any Stage] { pipeline(StageTimes()).inOrder.map(\.stage) }

  /// The same in two: up to and with the score, which a program outside may give, and what follows from it.
  public var aroundScore: (before: [any Stage], after: [any Stage]) {
    let pipeline = pipeline(StageTimes())
    return (pipeline.judging.map(\.stage), pipeline.cutting.map(\.stage))
  }

  func pipeline(_ times: StageTimes) -> Pipeline {
    Pipeline(
      classify: classifier, measure: meter, score: scorer, filter: filter, redact: redactor, boilerplate: boilerplate,
      carver: classifier,
      times: times)
  }
}

/// Bytes of the models that stages judge by; nil = plain rules, and for quality the built-in formula.
public struct StageModels: Sendable {
  public var channel: [UInt8]?
  public var genre: [UInt8]?
  public var quality: [UInt8]?
  /// Read already, because the signals' meter shares it; nil: not judged.
  public var advertisement: AdvertisementModel?

  public init(
    channel: [UInt8]?, genre: [UInt8]?, quality: [UInt8]?, advertisement: AdvertisementModel? = .builtIn
  ) {
    self.channel = channel
    self.genre = genre
    self.quality = quality
    self.advertisement = advertisement
  }
}

/// Rules whose own canary documents they do not catch: a rule that never fires is worse than none.
public struct SilentRules: Error, CustomStringConvertible {
  public let names: [String]
  public var description: String {
    "rules that do not hit their own canary: \(names.joined(separator: ", ")); mend the rule or switch it off in clean.off"
  }
}
