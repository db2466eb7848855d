import Glibc

/// How the learning rate moves inside a phase, as a factor of the run's peak.
public struct LearningRateShape: Equatable, Sendable {
  public enum Warmup: Equatable, Sendable {
    case none
    case tokens(Int)
    case steps(Int)
  }

  public enum Decay: String, CaseIterable, Sendable {
    case constant
    case cosine
    case linear
    /// 1 - sqrt(x), the cooldown of Haegele et al. 2024 (arXiv 2405.18392).
    case oneMinusSqrt = "1-sqrt"
    /// Falls at 80 % of the phase to sqrt(final ratio), at 90 % to it (DeepSeek LLM, arXiv 2401.02954).
    case step
  }

  public var warmup: Warmup
  public var decay: Decay
  /// The factor at the end of the phase, 0...1.
  public var finalRatio: Double

  public init(warmup: Warmup = .none, decay: Decay = .constant, finalRatio: Double = 0.1) {
    self.warmup = warmup
    self.decay = decay
    self.finalRatio = finalRatio
  }

  /// The factor of the peak for the step that begins after `tokens` tokens and `step` steps of the phase.
  /// - Parameter phaseTokens: the phase's length in tokens; 0 when open, which only constant allows.
  public func factor(tokens: Int, step: Int, phaseTokens: Int) -> Double {
    let warmed = warmupFactor(tokens: tokens, step: step)
    if warmed < 1 { return warmed }
    if decay == .constant || phaseTokens <= 0 { return 1 }
    let start = if case .tokens(let count) = warmup { min(count, phaseTokens) } else { 0 }
    let length = max(1, phaseTokens - start)
    let progress = min(1, max(0, Double(tokens - start) / Double(length)))
    return decayFactor(progress)
  }

  /// Linear and never zero: the first step already moves.
  private func warmupFactor(tokens: Int, step: Int) -> Double {
    switch warmup {
    case .none: 1
    case .steps(let count): step >= count ? 1 : Double(step + 1) / Double(count + 1)
    case .tokens(let count): tokens >= count ? 1 : max(0.001, Double(tokens) / Double(count))
    }
  }

  private func decayFactor(_ progress: Double) -> Double {
    switch decay {
    case .constant: 1
    case .cosine: finalRatio + (1 - finalRatio) * 0.5 * (1 + cos(.pi * progress))
    case .linear: 1 - (1 - finalRatio) * progress
    case .oneMinusSqrt: finalRatio + (1 - finalRatio) * (1 - progress.squareRoot())
    case .step: progress < 0.8 ? 1 : progress < 0.9 ? finalRatio.squareRoot() : finalRatio
    }
  }
}
