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
  public var curriculum = "length"
  public var blockTokens = 0
  public var maxUses = 0
  public var preferTokens = 0
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
    .text(
      "curriculum", \.curriculum,
      "what the order `curriculum` goes by, rising: score, length, or a number in the documents' metadata such as "
        + "perplexity; with a - before it falling"),
    .integer("block_tokens", \.blockTokens, 0...1_000_000_000_000, "tokens of a block; 0 = compose.block_tokens"),
    .integer(
      "max_uses", \.maxUses, 0...1000,
      "how often a document may have been drawn, this time counted; 0 = compose.max_uses"),
    .integer(
      "prefer_tokens", \.preferTokens, 0...1_000_000_000,
      "documents of so many tokens go before shorter ones, for long windows; 0 = no matter"),
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
    "mix",
    "part of each channel, or of some of it as in \"zh genre=book source=isbn score=0.7..\": weights, or \"all\" for "
      + "everything there is",
    allowed: "a table of channel: weight or \"all\""
  ) { section in
    "{"
      + section.mix.map { "\($0.condition.isNone ? $0.channel : "\"" + $0.name + "\""): \($0.share.written)" }.joined(
        separator: ", ") + "}"
  } apply: { value, section throws(SettingError) in
    section.mix = try decodeMix(value)
  }

  private static func decodeMix(_ value: SettingValue) throws(SettingError) -> [Phase.MixEntry] {
    guard let members = value.table else { throw .wrong("mix", "a table of channel: weight or \"all\"", value) }
    var mix: [Phase.MixEntry] = []
    for (name, share) in members {
      let part: Phase.Share
      if share.text == "all" {
        part = .all
      } else if let weight = share.number, weight >= 0, weight <= 1_000_000 {
        part = .weight(weight)
      } else {
        throw .wrong("mix.\(name)", "a weight in 0...1000000 or \"all\"", share)
      }
      guard let entry = Phase.MixEntry(name: name, part) else {
        throw SettingError("phases.mix: '\(name)' is not \(Phase.MixEntry.form)", at: share)
      }
      mix.append(entry)
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
    var phase = Phase(
      name: phaseName.isEmpty ? fallback : phaseName,
      end: blocks > 0 ? .blocks(blocks) : tokens > 0 ? .tokens(tokens) : .open,
      mix: mix, minimumScore: minimumScore, order: Phase.Order(rawValue: order) ?? .shuffle,
      seqLen: seqLen > 0 ? seqLen : defaults.seqLen, ropeTheta: ropeTheta > 0 ? ropeTheta : defaults.ropeTheta,
      documentMask: documentMask,
      learningRate: LearningRateShape(
        warmup: warmup, decay: LearningRateShape.Decay(rawValue: learningRate) ?? .constant, finalRatio: finalRatio))
    phase.curriculum = curriculum
    phase.blockTokens = blockTokens
    phase.maxUses = maxUses
    phase.preferTokens = preferTokens
    return phase
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
