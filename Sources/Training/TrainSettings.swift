import Settings

/// Section `train`: how the blocks are eaten. The learning rate's course over the run belongs to the phases.
public struct TrainSettings: SettingsSection {
  public static let name = "train"
  public static let summary = "How the trainer eats blocks: windows, steps, optimizer, checkpoints."

  public var seqLen = 2048
  public var batchTokens = 262_144
  public var peakRate = 6e-4
  public var warmupSteps = 0
  public var warmupTokens = 0
  public var threads = 0
  public var seed = 0
  public var weightDecay = 0.1
  public var beta1 = 0.9
  public var beta2 = 0.95
  public var epsilon = 1e-8
  public var clipNorm = 1.0
  public var saveSeconds = 900.0
  public var keepAutomatic = 2
  public var peakGigaflops = 0.0

  public init() {}

  private static let most = 1_000_000_000_000

  public static let keys: [SettingKey<TrainSettings>] = [
    .integer("seq_len", \.seqLen, 1...1_048_576, "tokens a window predicts, unless the phase says another number"),
    .integer("batch_tokens", \.batchTokens, 1...most, "tokens of one optimizer step: batch_tokens / seq_len windows"),
    .number("peak_lr", \.peakRate, 0...10, "highest learning rate; phases move below it"),
    .integer("warmup_steps", \.warmupSteps, 0...10_000_000, "linear warmup of the whole run over so many steps"),
    .integer("warmup_tokens", \.warmupTokens, 0...most, "or over so many tokens"),
    .integer("threads", \.threads, 0...1024, "threads of the native engine; 0 = all cores"),
    .integer("seed", \.seed, 0...Int(Int32.max), "seed of the initial weights"),
    .number("weight_decay", \.weightDecay, 0...10, "decoupled decay of matrices (AdamW)"),
    .number("beta1", \.beta1, 0...0.99999, "AdamW's first moment"),
    .number("beta2", \.beta2, 0...0.999999, "AdamW's second moment"),
    .number("epsilon", \.epsilon, 1e-16...1, "AdamW's epsilon"),
    .number("clip_norm", \.clipNorm, 0...1e6, "global gradient norm above which gradients are scaled down; 0 = never"),
    .number("save_s", \.saveSeconds, 0...1e7, "seconds between checkpoints inside a block; 0 = only after blocks"),
    .integer("keep_auto", \.keepAutomatic, 1...1000, "how many of those are kept"),
    .number(
      "peak_gflops", \.peakGigaflops, 0...1e9, "the machine's peak, which MFU is a share of; 0 = measured at start"),
  ]

  public func validate() throws(SettingError) {
    if warmupSteps > 0 && warmupTokens > 0 {
      throw SettingError("train.warmup_steps and train.warmup_tokens exclude each other; give one")
    }
    if batchTokens < seqLen {
      throw SettingError(
        "train.batch_tokens (\(batchTokens)) must hold at least one window of train.seq_len (\(seqLen))")
    }
    if batchTokens % seqLen != 0 {
      let nearest = max(1, batchTokens / seqLen) * seqLen
      throw SettingError(
        "train.batch_tokens (\(batchTokens)) must be a multiple of train.seq_len (\(seqLen)), for example \(nearest)")
    }
  }

  /// Windows of one full step at a phase's window length.
  public func windowsPerStep(seqLen: Int) -> Int { max(1, batchTokens / seqLen) }

  /// The run's own warmup as a factor, for the step that begins after `step` steps and `tokens` tokens of the lineage;
  /// linear and never zero.
  public func warmupFactor(step: Int, tokens: Int) -> Double {
    if warmupSteps > 0 { return min(1, Double(step + 1) / Double(warmupSteps + 1)) }
    if warmupTokens > 0 { return min(1, max(0.001, Double(tokens) / Double(warmupTokens))) }
    return 1
  }

  public func options(learningRate: Double) -> StepOptions {
    StepOptions(
      learningRate: Float(learningRate), beta1: Float(beta1), beta2: Float(beta2), epsilon: Float(epsilon),
      weightDecay: Float(weightDecay), clipNorm: Float(clipNorm))
  }
}
