import Settings

/// One table of the list `phases` as it is written; `PhaseList` turns it into a `Phase`.
public struct PhaseSettings: SettingsSection {
  public static let name = "phases"
  public static let summary = """
    The training schedule: a list of tables, one a phase, in order. Agent and trainer read it; each block carries its \
    own phase frozen. Without the section there is one open constant phase `main`.
    """

  public var phaseName = ""
  /// 0 = not given.
  public var blocks = 0
  public var tokens = 0
  public var mix = Phase.defaultMix
  public var minimumScore = 0.0
  public var order = Phase.Order.shuffle.rawValue
  /// 0 = as in the section `train`.
  public var seqLen = 0
  public var ropeTheta = 0.0
  public var documentMask = false
  public var learningRate = LearningRateShape.Decay.constant.rawValue
  public var finalRatio = 0.1
  public var warmupTokens = 0
  public var warmupSteps = 0

  public init() {}

  private static let most = 1_000_000_000_000_000

  public static let keys: [SettingKey<PhaseSettings>] = [
    .text("name", \.phaseName, "what the phase is called; `anneal` is the one that the sentinel asks for"),
    .integer("blocks", \.blocks, 0...10_000_000, "length in blocks; 0 = not given"),
    .integer("tokens", \.tokens, 0...most, "length in tokens, rounded up to whole blocks; 0 = not given"),
    mixKey,
    .number("minimum_score", \.minimumScore, 0...1, "documents with a lower score are not drawn"),
    .text("order", \.order, oneOf: Phase.Order.allCases.map(\.rawValue), "order of the documents in a block"),
    .integer("seq_len", \.seqLen, 0...1_048_576, "tokens of a training window; 0 = train.seq_len"),
    .number("rope_theta", \.ropeTheta, 0...1e12, "base of the rotary frequencies; 0 = the model's"),
    .flag("document_mask", \.documentMask, "attention does not cross document boundaries"),
    .text(
      "lr", \.learningRate, oneOf: LearningRateShape.Decay.allCases.map(\.rawValue),
      "shape of the learning rate; a phase without an end is constant"),
    .number("lr_final", \.finalRatio, 0...1, "share of train.peak_lr at the phase's end, unless constant"),
    .integer("warmup_tokens", \.warmupTokens, 0...most, "linear warmup over so many tokens"),
    .integer("warmup_steps", \.warmupSteps, 0...10_000_000, "or over so many steps"),
  ]

  private static let mixKey = SettingKey<PhaseSettings>(
    "mix", "part of each channel: weights, or \"all\" for everything there is",
    allowed: "a table of channel: weight or \"all\""
  ) { section in
    "{" + section.mix.map { "\($0.channel): \($0.share.written)" }.joined(separator: ", ") + "}"
  } apply: { value, section throws(SettingError) in
    section.mix = try decodeMix(value)
  }

  private static func decodeMix(_ value: SettingValue) throws(SettingError) -> [Phase.MixEntry] {
    guard let members = value.table else { throw .wrong("mix", "a table of channel: weight or \"all\"", value) }
    var mix: [Phase.MixEntry] = []
    for (channel, share) in members {
      if share.text == "all" {
        mix.append(Phase.MixEntry(channel, .all))
      } else if let weight = share.number, weight >= 0, weight <= 1_000_000 {
        mix.append(Phase.MixEntry(channel, .weight(weight)))
      } else {
        throw .wrong("mix.\(channel)", "a weight in 0...1000000 or \"all\"", share)
      }
    }
    if !mix.contains(where: { $0.share != .weight(0) }) { throw SettingError("mix gives no channel a part", at: value) }
    return mix
  }

  public func validate() throws(SettingError) {
    if blocks > 0 && tokens > 0 { throw SettingError("phases.blocks and phases.tokens exclude each other; give one") }
    if warmupTokens > 0 && warmupSteps > 0 {
      throw SettingError("phases.warmup_tokens and phases.warmup_steps exclude each other; give one")
    }
    if blocks == 0 && tokens == 0 && learningRate != LearningRateShape.Decay.constant.rawValue {
      throw SettingError(
        "phases.lr '\(learningRate)' needs an end to reach: give phases.blocks or phases.tokens, or make it 'constant'")
    }
  }

  /// The phase this table describes.
  func phase(position: Int, _ defaults: PhaseDefaults) -> Phase {
    let fallback = position == 0 ? "main" : "phase-\(position)"
    let warmup: LearningRateShape.Warmup =
      warmupTokens > 0 ? .tokens(warmupTokens) : warmupSteps > 0 ? .steps(warmupSteps) : .none
    return Phase(
      name: phaseName.isEmpty ? fallback : phaseName,
      end: blocks > 0 ? .blocks(blocks) : tokens > 0 ? .tokens(tokens) : .open,
      mix: mix, minimumScore: minimumScore, order: Phase.Order(rawValue: order) ?? .shuffle,
      seqLen: seqLen > 0 ? seqLen : defaults.seqLen, ropeTheta: ropeTheta > 0 ? ropeTheta : defaults.ropeTheta,
      documentMask: documentMask,
      learningRate: LearningRateShape(
        warmup: warmup, decay: LearningRateShape.Decay(rawValue: learningRate) ?? .constant, finalRatio: finalRatio))
  }
}

extension Phase.Share {
  var written: String {
    switch self {
    case .all: "\"all\""
    case .weight(let weight): Int(exactly: weight).map(String.init) ?? String(weight)
    }
  }
}
